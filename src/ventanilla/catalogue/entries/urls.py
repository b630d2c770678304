"""Addresses of the catalogue."""

from django.urls import path

from ventanilla.catalogue.entries import rule_views, step_views, views, writing_views

app_name = "entries"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("nueva/", writing_views.new_entry, name="new_entry"),
    path("datos-propios/", views.own_facts, name="own_facts"),
    path("prestadores/<uuid:provider_id>/termino/", views.end_provider, name="end_provider"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
    path("<uuid:entry_id>/version/<int:number>/", views.version, name="version"),
    path("<uuid:entry_id>/borrador/", views.draft, name="draft"),
    path("<uuid:entry_id>/escribir/", writing_views.write, name="write"),
    path("<uuid:entry_id>/regla/", rule_views.rule, name="rule"),
    path("<uuid:entry_id>/enviar/", step_views.submit, name="submit"),
    path("<uuid:entry_id>/descartar/", step_views.discard, name="discard"),
    path("<uuid:entry_id>/copiar/", step_views.copy, name="copy"),
    path("<uuid:entry_id>/publicar/", step_views.publish, name="publish"),
    path("<uuid:entry_id>/devolver/", step_views.give_back, name="give_back"),
    path("<uuid:entry_id>/suspender/", step_views.suspend, name="suspend"),
    path("<uuid:entry_id>/reanudar/", step_views.resume, name="resume"),
    path("<uuid:entry_id>/cerrar/", step_views.close, name="close"),
    path("<uuid:entry_id>/revalidar/", step_views.revalidate, name="revalidate"),
]
