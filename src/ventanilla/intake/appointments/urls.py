"""Addresses of appointments, under those of consultations."""

from django.urls import path

from ventanilla.intake.appointments import agendas, booking, views

urlpatterns = [
    path("", views.appointments, name="appointments"),
    path("nueva/", booking.find, name="appointment_find"),
    path("nueva/sin-ficha/", booking.book_nameless, name="appointment_book_nameless"),
    path("nueva/<uuid:person_id>/", booking.book, name="appointment_book"),
    path("recordar/", views.reminders, name="reminders"),
    path("por-reprogramar/", views.to_move, name="appointments_to_move"),
    path("agendas/", agendas.agendas, name="agendas"),
    path("agendas/<uuid:agenda_id>/", agendas.agenda, name="agenda"),
    path("<uuid:appointment_id>/", views.appointment, name="appointment"),
    path("<uuid:appointment_id>/hora.ics", views.calendar_file, name="appointment_file"),
    path("<uuid:appointment_id>/llego/", views.arrive, name="appointment_arrive"),
    path("<uuid:appointment_id>/atender/", views.attend, name="appointment_attend"),
    path("<uuid:appointment_id>/cambiar/", booking.move, name="appointment_move"),
    path("<uuid:appointment_id>/cancelar/", views.cancel, name="appointment_cancel"),
    path("<uuid:appointment_id>/persona/", views.link, name="appointment_link"),
]
