"""Addresses of one's postings and of accounts that were locked."""

from django.urls import path

from ventanilla.access import views

app_name = "access"
urlpatterns = [
    path("desempenos/", views.postings, name="postings"),
    path("cuentas-bloqueadas/", views.locked_accounts, name="locked_accounts"),
    path("cuentas-bloqueadas/<uuid:account_id>/abrir/", views.unlock, name="unlock"),
]
