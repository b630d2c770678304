"""Addresses of the systems that are told what happens."""

from django.urls import path

from ventanilla.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.systems, name="systems"),
    path("<uuid:subscription_id>/", views.system, name="system"),
    path("<uuid:subscription_id>/avisos/<uuid:delivery_id>/", views.send_again, name="send_again"),
    path("<uuid:subscription_id>/<slug:order>/", views.act, name="act"),
]
