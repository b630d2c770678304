"""Addresses of consultations."""

from django.urls import include, path

from ventanilla.intake import views
from ventanilla.intake.contacts import views as contacts
from ventanilla.intake.deferred import views as deferred
from ventanilla.intake.pending import views as pending
from ventanilla.intake.receipts import views as receipts
from ventanilla.intake.waiting import arrivals, overseeing
from ventanilla.intake.waiting import views as waiting

app_name = "intake"
urlpatterns = [
    path("", views.consultations, name="consultations"),
    path("iniciar/", views.start_anonymous, name="start_anonymous"),
    path("iniciar/<uuid:person_id>/", views.start, name="start"),
    path("<uuid:consultation_id>/", views.consultation, name="consultation"),
    path("<uuid:consultation_id>/responder/<uuid:line_id>/", views.answer, name="answer"),
    path("<uuid:consultation_id>/borrador/", views.draft, name="draft"),
    path("<uuid:consultation_id>/sobre/", views.find_subject, name="find_subject"),
    path("<uuid:consultation_id>/identificar/", views.identify, name="identify"),
    path("<uuid:consultation_id>/comprobante/", receipts.receipt, name="receipt"),
    path("<uuid:consultation_id>/comprobante/pdf/", receipts.print_receipt, name="print_receipt"),
    path("<uuid:consultation_id>/comprobante/correo/", receipts.send_receipt, name="send_receipt"),
    path("comprobante/<int:institution_id>/<str:token>/", receipts.verify_receipt, name="verify_receipt"),
    path("<uuid:consultation_id>/anular/", views.void, name="void"),
    path("pendientes/", pending.pending, name="pending"),
    path("pendientes/asignar/", pending.assign, name="assign"),
    path("contactos/", contacts.contacts, name="contacts"),
    path("contactos/nuevo/", contacts.note_contact, name="note_contact"),
    path("contactos/<uuid:contact_id>/", contacts.contact, name="contact"),
    path("contactos/<uuid:contact_id>/registrar/", contacts.register_from_contact, name="register_from_contact"),
    path("diferidas/", deferred.record, name="deferred"),
    path("diferidas/hojas/", deferred.sheets, name="sheets"),
    path("citas/", include("ventanilla.intake.appointments.urls")),
    path("llegadas/", arrivals.arrivals, name="arrivals"),
    path("llegadas/<uuid:ticket_id>/preferencia/", arrivals.prefer, name="prefer"),
    path("sala/", waiting.room, name="room"),
    path("sala/lista/", waiting.room_list, name="room_list"),
    path("sala/dia/", overseeing.room_day, name="room_day"),
    path("sala/filas/", overseeing.queues, name="queues"),
    path("sala/filas/<uuid:queue_id>/", overseeing.queue, name="queue"),
    path("pantalla/<int:institution_id>/<str:token>/", waiting.wall, name="wall"),
]
