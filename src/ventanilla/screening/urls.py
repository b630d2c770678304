"""Addresses of the screening."""

from django.urls import path

from ventanilla.screening import views

app_name = "screening"
urlpatterns = [
    path("<uuid:person_id>/ficha/", views.file, name="file"),
    path("<uuid:person_id>/ficha/resumen/", views.aside, name="aside"),
]
