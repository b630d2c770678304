"""Addresses of the systems that are told what happens, and of the mail that has not left."""

from django.urls import path

from ventanilla.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.systems, name="systems"),
    path("correo/", views.letters, name="letters"),
    path("correo/enviar/", views.send_letters, name="send_letters"),
    path("correo/<uuid:mail_id>/", views.send_letter, name="send_letter"),
    path("<uuid:subscription_id>/", views.system, name="system"),
    path("<uuid:subscription_id>/avisos/<uuid:delivery_id>/", views.send_again, name="send_again"),
    path("<uuid:subscription_id>/<slug:order>/", views.act, name="act"),
]
