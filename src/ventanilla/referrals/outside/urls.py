"""Addresses by which somebody outside reads and answers one referral."""

from django.urls import path

from ventanilla.referrals.outside import public_views

app_name = "outside"
urlpatterns = [
    path("<int:institution_id>/<slug:token>/", public_views.referral, name="referral"),
    path("<int:institution_id>/<slug:token>/archivos/", public_views.attach, name="attach"),
    path("<int:institution_id>/<slug:token>/archivos/<uuid:attachment_id>/", public_views.download, name="download"),
    path("<int:institution_id>/<slug:token>/<slug:code>/", public_views.act, name="act"),
]
