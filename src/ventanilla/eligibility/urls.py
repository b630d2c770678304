"""Addresses of what a home could receive."""

from django.urls import path

from ventanilla.eligibility import views

app_name = "eligibility"
urlpatterns = [
    path("personas/<uuid:person_id>/podria-recibir/", views.could_receive, name="could_receive"),
    path("personas/<uuid:person_id>/podria-recibir/panel/", views.beside_file, name="beside_file"),
    path("personas/<uuid:person_id>/podria-recibir/<uuid:entry_id>/", views.explain, name="explain"),
    path("consultas/<uuid:consultation_id>/podria-recibir/", views.in_consultation, name="in_consultation"),
    path("catalogo/<uuid:entry_id>/probar/", views.try_rule, name="try_rule"),
]
