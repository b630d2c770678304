"""Addresses of consultations."""

from django.urls import path

from ventanilla.intake import views
from ventanilla.intake.pending import views as pending
from ventanilla.intake.waiting import views as waiting

app_name = "intake"
urlpatterns = [
    path("", views.consultations, name="consultations"),
    path("iniciar/", views.start_anonymous, name="start_anonymous"),
    path("iniciar/<uuid:person_id>/", views.start, name="start"),
    path("<uuid:consultation_id>/", views.consultation, name="consultation"),
    path("<uuid:consultation_id>/responder/<uuid:line_id>/", views.answer, name="answer"),
    path("<uuid:consultation_id>/borrador/", views.draft, name="draft"),
    path("<uuid:consultation_id>/comprobante/", views.receipt, name="receipt"),
    path("<uuid:consultation_id>/anular/", views.void, name="void"),
    path("pendientes/", pending.pending, name="pending"),
    path("pendientes/asignar/", pending.assign, name="assign"),
    path("llegadas/", waiting.arrivals, name="arrivals"),
    path("sala/", waiting.room, name="room"),
    path("sala/lista/", waiting.room_list, name="room_list"),
    path("sala/dia/", waiting.room_day, name="room_day"),
    path("sala/filas/", waiting.queues, name="queues"),
    path("sala/filas/<uuid:queue_id>/", waiting.queue, name="queue"),
    path("pantalla/<int:institution_id>/<str:token>/", waiting.wall, name="wall"),
]
