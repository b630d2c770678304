"""Addresses of people."""

from django.urls import path

from ventanilla.registry import views

app_name = "registry"
urlpatterns = [
    path("nueva/", views.register, name="register"),
    path("lecturas/", views.readings, name="readings"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/urgencia/", views.emergency, name="emergency"),
    path("<uuid:person_id>/lecturas/", views.readings_of_person, name="readings_of_person"),
]
