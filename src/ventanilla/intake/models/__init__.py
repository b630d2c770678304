"""Consultations and the reasons they carry."""

from ventanilla.intake.models.consultations import Consultation, ConsultationReader, Transition
from ventanilla.intake.models.drafts import Draft
from ventanilla.intake.models.folios import FolioCounter
from ventanilla.intake.models.lines import LineSubject, ReasonLine

__all__ = ["Consultation", "ConsultationReader", "Draft", "FolioCounter", "LineSubject", "ReasonLine", "Transition"]
