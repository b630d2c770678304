"""What is asked of an appointment: who wants it, which hour, why it ends; and how an agenda is."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ventanilla.access.models import Desk, Site, Unit
from ventanilla.catalogue.models import Reason
from ventanilla.core.forms import DayField, Picks, Seg
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.appointments.actions import Request
from ventanilla.intake.appointments.rules import LONGEST, MOST_PEOPLE, SHORTEST, WEEKDAYS
from ventanilla.intake.appointments.slots import Slot
from ventanilla.intake.appointments.states import CancelledBy, Reminder
from ventanilla.intake.models import Appointment, Queue
from ventanilla.intake.states import Channel
from ventanilla.registry.models import Person

SAFE_WORDS = "Lo lee quien la recibe: no anote nada reservado."
TIME = {"class": "w-s", "inputmode": "numeric", "autocomplete": "off"}


class SlotForm(forms.Form):
    """Which hour; the first free one is chosen already, so that Enter is enough.

    ``slots`` are those offered now. One that was free when the page was shown is sent all the same: whether it still
    is, the action says.
    """

    slot = forms.CharField(
        label="Hora", error_messages={"required": "Elija una hora de la lista, o busque desde otro día."}
    )
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, slots: Sequence[Slot], **options: Any) -> None:
        super().__init__(*args, **options)
        self.slots = slots

    def clean_slot(self) -> datetime:
        try:
            moment = parse_datetime(self.cleaned_data["slot"].replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is None or timezone.is_naive(moment):
            raise forms.ValidationError("Esa hora no se entiende. Elija una de la lista.")
        return moment

    def by_day(self) -> Iterator[tuple[date, list[tuple[Slot, bool]]]]:
        """The hours offered, day by day, each with whether it is the one chosen."""
        sent = self["slot"].value()
        chosen = sent if sent in {slot.key for slot in self.slots} else self.slots[0].key if self.slots else ""
        for day, slots in groupby(self.slots, key=lambda slot: slot.day):
            yield day, [(slot, slot.key == chosen) for slot in slots]


class BookingForm(SlotForm):
    """For what she comes, and how she asked for it; all of it may wait."""

    about = forms.CharField(required=False, max_length=120, label="Para qué", help_text=SAFE_WORDS)
    reason = forms.ModelChoiceField(
        queryset=Reason.objects.none(),
        required=False,
        label="Motivo",
        empty_label="Sin motivo",
        help_text="Los reservados no se anotan aquí.",
    )
    channel = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Channel.IN_PERSON, Channel.PHONE, Channel.WHATSAPP, Channel.WEB)],
        initial=Channel.IN_PERSON,
        label="Cómo la pidió",
        widget=Seg,
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        label="Teléfono para avisarle",
        help_text="Si es otro que el de su ficha.",
        widget=forms.TextInput(attrs={"class": "w-m", "inputmode": "tel", "autocomplete": "off"}),
    )
    notes = forms.CharField(required=False, max_length=300, label="Notas", help_text="Por ejemplo: viene con su hija.")

    field_order = ("slot", "name", "phone", "about", "reason", "channel", "notes")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reason: Any = self.fields["reason"]
        reason.queryset = Reason.objects.in_use().filter(secrecy=Secrecy.ORDINARY).in_order()

    def request_for(self, person: Person | None) -> Request:
        given = self.cleaned_data
        return Request(
            person=person,
            name=given.get("name", ""),
            phone=given["phone"],
            reason=given["reason"],
            about=given["about"],
            channel=Channel(given["channel"]),
            notes=given["notes"],
        )


class NamelessBookingForm(BookingForm):
    """For somebody who is not in the registry yet."""

    name = forms.CharField(max_length=120, label="Nombre", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].required = True
        self.fields["phone"].help_text = "Es la única manera de avisarle mientras no tenga ficha."


class MoveForm(SlotForm):
    reason = forms.CharField(required=False, max_length=200, label="Por qué se cambia")


class CancelForm(forms.Form):
    cancelled_by = forms.ChoiceField(
        choices=CancelledBy.choices, initial=CancelledBy.PERSON, label="Quién cancela", widget=Seg
    )
    reason = forms.CharField(required=False, max_length=200, label="Por qué", help_text="La oficina siempre lo dice.")


class CallForm(forms.Form):
    """What came of a call; ``cancel`` is that she will not come."""

    appointment = forms.ModelChoiceField(queryset=Appointment.objects.none())
    outcome = forms.ChoiceField(choices=[*Reminder.choices, ("cancel", "Cancela")])


class AgendaForm(forms.Form):
    """Whose agenda it is, where, and what happens on arrival."""

    name = forms.CharField(max_length=60, label="Nombre", help_text="Por ejemplo: Informe social")
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label="Unidad que atiende", empty_label=None)
    site = forms.ModelChoiceField(queryset=Site.objects.none(), label="Dependencia", empty_label=None)
    queue = forms.ModelChoiceField(
        queryset=Queue.objects.none(),
        required=False,
        label="Al llegar, número de la fila",
        empty_label="Sin fila: la atienden por su nombre",
    )
    is_reserved = forms.BooleanField(
        required=False,
        label="Reservada: quién tiene hora lo ven solo su unidad y Asistencia Social",
    )

    def __init__(self, *args: Any, units: Any, sites: Any, queues: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("unit", units), ("site", sites), ("queue", queues)):
            field: Any = self.fields[name]
            field.queryset = rows


class HoursForm(forms.Form):
    """Hours of every week: days, from, until, how long each, for how many."""

    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=[(number, name.capitalize()) for number, name in enumerate(WEEKDAYS)],
        initial=[0, 1, 2, 3, 4],
        label="Días",
        widget=Picks,
        error_messages={"required": "Elija al menos un día de la semana."},
    )
    starts_at = forms.TimeField(label="Desde", initial="09:00", widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    ends_at = forms.TimeField(label="Hasta", initial="13:00", widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    minutes = forms.IntegerField(
        min_value=SHORTEST, max_value=LONGEST, initial=30, label="Minutos de cada hora", widget=forms.NumberInput(TIME)
    )
    capacity = forms.IntegerField(
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        label="Personas por hora",
        widget=forms.NumberInput(TIME),
    )
    desk = forms.ModelChoiceField(
        queryset=Desk.objects.none(), required=False, label="Módulo", empty_label="Cualquiera de la dependencia"
    )
    from_on = DayField(label="Primer día", help_text="")
    until_on = DayField(label="Último día", required=False, help_text="")

    def __init__(self, *args: Any, desks: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["desk"]
        field.queryset = desks


class LastDayForm(forms.Form):
    """When hours cease to be offered."""

    hours = forms.UUIDField(widget=forms.HiddenInput)
    until_on = DayField(label="Último día", help_text="")
