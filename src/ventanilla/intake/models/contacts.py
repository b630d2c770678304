"""What does not walk in: calls, messages and letters, until they become a consultation or are answered."""

from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.rules import Urgency, urgency
from ventanilla.intake.contacts.states import CLOSED, CONTACT_TONES, ICONS, OPEN, ContactState, DiscardGround
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.states import Channel, Requester
from ventanilla.registry.models import Person
from ventanilla.registry.models.people import within_secrecy


class ContactQuerySet(TenantQuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of her unit, and those that passed through it: whoever calls again is told where it is now."""
        if actor.unit_id is None:
            return self.none()
        passed = Exists(ContactStep.objects.filter(contact=OuterRef("pk"), unit=actor.unit_id))
        return super().visible_to(actor).filter(Q(unit=actor.unit_id) | Q(passed), within_secrecy(actor))

    def of_unit(self, unit_id: UUID | None) -> Self:
        return self.filter(unit_id=unit_id)

    def passed_on_by(self, unit_id: UUID | None) -> Self:
        """Those that the unit passed to another, where they still are."""
        passed = ContactStep.objects.filter(unit=unit_id, passed_to__isnull=False)
        return self.filter(pk__in=passed.values("contact_id")).exclude(unit_id=unit_id)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED)

    def due_first(self) -> Self:
        return self.order_by("awaited_on", "id")


class Contact(TenantModel):
    """A call, a message or a letter: from whom, about whom, what it asks, by when, and what became of it."""

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person"),)

    folio = models.CharField("folio", max_length=16)
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.PHONE)
    requester = models.CharField("quién escribe", max_length=12, choices=Requester, default=Requester.SELF)
    sender = models.CharField("quién es", max_length=120, blank=True)
    """Somebody for her, or the institution; empty when it is herself."""
    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="contacts_received", verbose_name="persona"
    )
    about_name = models.CharField("nombre que se dio", max_length=120, blank=True)
    about_run = models.CharField("RUN que se dio", max_length=10, blank=True)
    subject = models.CharField("de qué se trata", max_length=120)
    text = models.TextField("lo que dice", max_length=4000, blank=True)
    answer_to = models.CharField("dónde responder", max_length=120, blank=True)
    document_number = models.CharField("número del documento", max_length=60, blank=True)
    document_on = models.DateField("fecha del documento", null=True, blank=True)
    due_on = models.DateField("responder hasta", null=True, blank=True)
    awaited_on = models.DateField("debiera responderse")
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad")
    state = models.CharField("estado", max_length=10, choices=ContactState, default=ContactState.RECEIVED)
    taken_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="quién lo tomó"
    )
    answer = models.CharField("qué se respondió", max_length=1000, blank=True)
    discard_ground = models.CharField("por qué se descartó", max_length=12, choices=DiscardGround, blank=True)
    consultation = TenantForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="consulta"
    )
    received_at = models.DateTimeField("llegó")
    recorded_at = models.DateTimeField("se registró")
    closed_at = models.DateTimeField("se cerró", null=True, blank=True)
    recorded_by = models.ForeignKey(
        Account, models.PROTECT, db_index=False, related_name="+", verbose_name="quién lo anotó"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, related_name="+", verbose_name="desempeño")
    submission_id = models.UUIDField("envío", null=True)
    version = models.PositiveIntegerField("versión", default=1)

    objects = ContactQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "contacto recibido"
        verbose_name_plural = "contactos recibidos"
        constraints = [
            models.UniqueConstraint(fields=["institution", "folio"], name="one_contact_per_folio"),
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_contact_per_submission"),
            models.CheckConstraint(
                name="contact_closed_iff_closed_at",
                condition=Q(state__in=["received", "taken"], closed_at__isnull=True)
                | Q(state__in=["consulted", "answered", "discarded"], closed_at__isnull=False),
                violation_error_message="Un contacto cerrado lleva su hora.",
            ),
            models.CheckConstraint(
                name="contact_taken_by_somebody",
                condition=Q(state="received", taken_by__isnull=True) | ~Q(state="received") & Q(taken_by__isnull=False),
                violation_error_message="Un contacto tomado lleva quién lo tomó.",
            ),
            models.CheckConstraint(
                name="contact_consulted_iff_consultation",
                condition=Q(state="consulted", consultation__isnull=False)
                | ~Q(state="consulted") & Q(consultation__isnull=True),
                violation_error_message="Un contacto que pasó a consulta lleva cuál.",
            ),
            models.CheckConstraint(
                name="contact_answered_iff_answer",
                condition=Q(state="answered") & ~Q(answer="") | ~Q(state="answered") & Q(answer=""),
                violation_error_message="Un contacto respondido lleva qué se respondió.",
            ),
            models.CheckConstraint(
                name="contact_discarded_iff_ground",
                condition=Q(state="discarded") & ~Q(discard_ground="") | ~Q(state="discarded") & Q(discard_ground=""),
                violation_error_message="Un contacto descartado lleva por qué.",
            ),
        ]
        indexes = [
            # In the whole order of the inbox: a page reads what it shows, and nothing of what was closed in years.
            models.Index(
                fields=["institution", "unit", "awaited_on", "id"],
                name="contact_open_by_unit",
                condition=Q(state__in=["received", "taken"]),
            ),
            models.Index(fields=["institution", "unit", "awaited_on", "id"], name="contact_by_unit"),
        ]

    def __str__(self) -> str:
        return f"Contacto {self.folio}"

    def get_absolute_url(self) -> str:
        return reverse("intake:contact", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tone(self) -> str:
        return CONTACT_TONES[ContactState(self.state)]

    @property
    def icon(self) -> str:
        return ICONS[Channel(self.channel)]

    @property
    def about(self) -> str:
        """Whom it is about, as far as it is known; empty when nobody said."""
        return self.person.full_name if self.person else self.about_name

    @property
    def received_on(self) -> date:
        return timezone.localtime(self.received_at).date()

    def urgency_on(self, today: date) -> Urgency:
        return urgency(self.due_on, self.received_on, today)


class ContactStep(TenantModel):
    """One step of a contact's life: from, to, when, by whom, in which unit; and to whom it went, if it did."""

    append_only: ClassVar[bool] = True

    contact = TenantForeignKey(Contact, models.PROTECT, related_name="steps", verbose_name="contacto")
    before = models.CharField("desde", max_length=10, choices=ContactState, blank=True)
    after = models.CharField("hacia", max_length=10, choices=ContactState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad que lo tenía")
    passed_to = TenantForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad a la que pasó"
    )
    assigned_to = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="a quién se asignó"
    )
    reason = models.CharField("motivo", max_length=300, blank=True)

    objects = TenantQuerySet["ContactStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso del contacto"
        verbose_name_plural = "pasos del contacto"
        ordering = ["at", "id"]
