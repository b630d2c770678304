"""Consultations and the reasons they carry."""

from ventanilla.intake.models.consultations import Consultation, ConsultationReader, Transition
from ventanilla.intake.models.drafts import Draft
from ventanilla.intake.models.folios import FolioCounter
from ventanilla.intake.models.lines import LineAssignment, LineSubject, ReasonLine
from ventanilla.intake.models.waiting import DeskQueue, Queue, Ticket, TicketCounter, TicketStep, WallDisplay

__all__ = [
    "Consultation",
    "ConsultationReader",
    "DeskQueue",
    "Draft",
    "FolioCounter",
    "LineAssignment",
    "LineSubject",
    "Queue",
    "ReasonLine",
    "Ticket",
    "TicketCounter",
    "TicketStep",
    "Transition",
    "WallDisplay",
]
