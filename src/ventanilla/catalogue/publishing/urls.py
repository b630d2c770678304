"""Addresses by which an operator prints the catalogue and takes it out."""

from django.urls import path

from ventanilla.catalogue.publishing import views

app_name = "publishing"
urlpatterns = [
    path("<uuid:entry_id>/hoja/", views.sheet, name="sheet"),
    path("hojas/", views.sheets, name="sheets"),
    path("hojas/pdf/", views.sheets_pdf, name="sheets_pdf"),
    path("imprimir/", views.printed, name="printed"),
    path("exportar/transparencia.xlsx", views.transparency, name="transparency"),
]
