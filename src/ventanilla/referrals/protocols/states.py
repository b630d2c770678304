"""The life of a version of a protocol, and the words in which one speaks of it."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class ProtocolState(models.TextChoices):
    DRAFT = "draft", "Borrador"
    IN_SIGNATURE = "in_signature", "En firma"
    SIGNED = "signed", "Firmado, por aprobar"
    APPROVED = "approved", "Aprobado"
    DISCARDED = "discarded", "Descartado"


PROTOCOL_LIFECYCLE = Lifecycle(
    {
        ProtocolState.DRAFT: {ProtocolState.IN_SIGNATURE, ProtocolState.DISCARDED},
        ProtocolState.IN_SIGNATURE: {ProtocolState.SIGNED, ProtocolState.DRAFT},
        ProtocolState.SIGNED: {ProtocolState.APPROVED, ProtocolState.DRAFT},
        ProtocolState.APPROVED: set(),
        ProtocolState.DISCARDED: set(),
    }
)
"""What is approved is in force between two days and never changes: another version takes its place (gsl.md §4)."""


class Party(models.TextChoices):
    """As what somebody signs."""

    SENDER = "sender", "Unidad que deriva"
    RECEIVER = "receiver", "Quien recibe"
    APPROVAL = "approval", "Aprobación"


class PacketField(models.TextChoices):
    """What a referral may carry of a person beside her name, her RUN and what is asked for her."""

    BIRTH = "birth", "Fecha de nacimiento"
    CONTACT = "contact", "Teléfono y correo"
    ADDRESS = "address", "Domicilio"
    HOME = "home", "Con quiénes vive"
    BRACKET = "bracket", "Tramo del RSH y su fecha"
    BENEFITS = "benefits", "Subsidios y pensiones que recibe"
    CARE = "care", "Discapacidad, dependencia y cuidados"
    CHILDREN = "children", "Embarazo, matrícula y controles de salud"
