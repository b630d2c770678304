"""Addresses of what an institution publishes of its catalogue, open to all."""

from django.urls import path

from ventanilla.catalogue.publishing import hsds_views, public_views

app_name = "public"
urlpatterns = [
    path("<int:institution_id>/catalogo/", public_views.catalogue, name="catalogue"),
    path("<int:institution_id>/catalogo/<slug:code>/", public_views.entry, name="entry"),
    path("<int:institution_id>/hsds/", hsds_views.about, name="hsds"),
    path("<int:institution_id>/hsds/services", hsds_views.services, name="hsds_services"),
    path("<int:institution_id>/hsds/services/<uuid:entry_id>", hsds_views.service, name="hsds_service"),
]
