"""Addresses of loads."""

from django.urls import path

from ventanilla.datasets import views

app_name = "datasets"
urlpatterns = [
    path("", views.loads, name="loads"),
    path("nueva/", views.begin, name="begin"),
    path("plantillas/<slug:name>.xlsx", views.template, name="template"),
    path("<uuid:load_id>/", views.load, name="load"),
    path("<uuid:load_id>/trozo/", views.piece, name="piece"),
    path("<uuid:load_id>/avance/", views.progress, name="progress"),
    path("<uuid:load_id>/columnas/", views.columns, name="columns"),
    path("<uuid:load_id>/archivo/", views.look_again, name="look_again"),
    path("<uuid:load_id>/rechazadas/", views.rejected, name="rejected"),
    path("<uuid:load_id>/<slug:step>/", views.act, name="act"),
]
