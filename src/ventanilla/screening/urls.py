"""Addresses of the screening."""

from django.urls import path

from ventanilla.screening import views

app_name = "screening"
urlpatterns = [
    path("<uuid:person_id>/ficha/", views.file, name="file"),
    path("<uuid:person_id>/ficha/resumen/", views.aside, name="aside"),
    path("<uuid:person_id>/ficha/historia/", views.history, name="history"),
    path("<uuid:person_id>/ficha/copia/", views.copy_for_her, name="copy_for_her"),
    path("<uuid:person_id>/ficha/expediente/", views.copy_for_the_file, name="copy_for_the_file"),
]
