"""Consultations and the reasons they carry."""

from ventanilla.intake.models.appointments import Agenda, AgendaHours, Appointment, AppointmentStep
from ventanilla.intake.models.consultations import Consultation, ConsultationReader, Transition
from ventanilla.intake.models.contacts import Contact, ContactStep
from ventanilla.intake.models.drafts import Draft
from ventanilla.intake.models.folios import FolioCounter
from ventanilla.intake.models.lines import LineAssignment, LineSubject, ReasonLine, ToldEntry
from ventanilla.intake.models.receipts import Receipt, ReceiptMail
from ventanilla.intake.models.waiting import DeskQueue, Queue, Ticket, TicketCounter, TicketStep, WallDisplay

__all__ = [
    "Agenda",
    "AgendaHours",
    "Appointment",
    "AppointmentStep",
    "Consultation",
    "ConsultationReader",
    "Contact",
    "ContactStep",
    "DeskQueue",
    "Draft",
    "FolioCounter",
    "LineAssignment",
    "LineSubject",
    "Queue",
    "ReasonLine",
    "Receipt",
    "ReceiptMail",
    "Ticket",
    "TicketCounter",
    "TicketStep",
    "ToldEntry",
    "Transition",
    "WallDisplay",
]
