"""Addresses of protocols."""

from django.urls import path

from ventanilla.referrals.protocols import views

app_name = "protocols"
urlpatterns = [
    path("", views.protocols, name="protocols"),
    path("nuevo/", views.new, name="new"),
    path("verificar/<int:institution_id>/<str:token>/", views.verify, name="verify"),
    path("<uuid:protocol_id>/", views.protocol, name="protocol"),
    path("<uuid:protocol_id>/escribir/", views.write, name="write"),
    path("<uuid:protocol_id>/renovar/", views.renew, name="renew"),
    path("<uuid:protocol_id>/<int:number>/", views.protocol, name="version"),
    path("<uuid:protocol_id>/<int:number>/pdf/", views.as_pdf, name="pdf"),
    path("<uuid:protocol_id>/<int:number>/<slug:verb>/", views.step, name="step"),
]
