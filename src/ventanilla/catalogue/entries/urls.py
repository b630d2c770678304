"""Addresses of the catalogue."""

from django.urls import path

from ventanilla.catalogue.entries import views
from ventanilla.catalogue.entries.ruling import views as ruling
from ventanilla.catalogue.entries.steps import views as steps
from ventanilla.catalogue.entries.writing import views as writing

app_name = "entries"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("nueva/", writing.new_entry, name="new_entry"),
    path("datos-propios/", views.own_facts, name="own_facts"),
    path("prestadores/<uuid:provider_id>/termino/", views.end_provider, name="end_provider"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
    path("<uuid:entry_id>/version/<int:number>/", views.version, name="version"),
    path("<uuid:entry_id>/borrador/", views.draft, name="draft"),
    path("<uuid:entry_id>/escribir/", writing.write, name="write"),
    path("<uuid:entry_id>/regla/", ruling.rule, name="rule"),
    path("<uuid:entry_id>/enviar/", steps.submit, name="submit"),
    path("<uuid:entry_id>/descartar/", steps.discard, name="discard"),
    path("<uuid:entry_id>/copiar/", steps.copy, name="copy"),
    path("<uuid:entry_id>/publicar/", steps.publish, name="publish"),
    path("<uuid:entry_id>/devolver/", steps.give_back, name="give_back"),
    path("<uuid:entry_id>/suspender/", steps.suspend, name="suspend"),
    path("<uuid:entry_id>/reanudar/", steps.resume, name="resume"),
    path("<uuid:entry_id>/cerrar/", steps.close, name="close"),
    path("<uuid:entry_id>/revalidar/", steps.revalidate, name="revalidate"),
]
