"""What is asked of a contact: what came in, and what is done with it."""

from datetime import time
from typing import Any

from django import forms
from django.utils import timezone

from ventanilla.access.models import Account, Unit
from ventanilla.core import clock
from ventanilla.core.forms import DayField, RunField, Seg
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.actions import ContactDetails
from ventanilla.intake.contacts.rules import moment_of
from ventanilla.intake.contacts.states import DiscardGround
from ventanilla.intake.states import Channel, Requester
from ventanilla.registry.models import Person

CHANNELS = (
    *(Channel.PHONE, Channel.WHATSAPP, Channel.EMAIL, Channel.WEB, Channel.LETTER, Channel.OFFICIAL, Channel.MAYOR),
    Channel.FIELD,
)
"""Those by which somebody is heard without being there."""
VERBS = ("take", "assign", "pass", "answer", "discard", "reopen", "search", "attend", "attend_nobody")


class HourField(forms.TimeField):
    """An hour as 14:32."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.TimeInput(
                format="%H:%M", attrs={"class": "w-s", "inputmode": "numeric", "maxlength": 5, "autocomplete": "off"}
            ),
        )
        options.setdefault("error_messages", {"invalid": "La hora no existe. Escríbala como 14:32."})
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H%M"], **options)


class ContactForm(forms.Form):
    """A contact while one is on the telephone: what it is about is enough."""

    channel = forms.ChoiceField(
        label="Por dónde llegó", choices=[(c.value, c.label) for c in CHANNELS], initial=Channel.PHONE, widget=Seg
    )
    run = RunField(required=False, attrs={"autofocus": True}, help_text="De la persona que necesita algo, si lo da.")
    name = forms.CharField(label="Nombre", required=False, max_length=120)
    answer_to = forms.CharField(
        label="Dónde responder",
        required=False,
        max_length=120,
        help_text="Teléfono o correo; y cuándo, si lo dice.",
    )
    subject = forms.CharField(
        label="De qué se trata",
        max_length=120,
        help_text="En pocas palabras: es lo que se ve en la lista.",
        error_messages={"required": "Escriba en pocas palabras de qué se trata."},
    )
    text = forms.CharField(
        label="Lo que dice", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    requester = forms.ChoiceField(
        label="Quién llama o escribe", choices=Requester.choices, initial=Requester.SELF, widget=Seg
    )
    sender = forms.CharField(
        label="Quién es",
        required=False,
        max_length=120,
        help_text="Si es otra persona o una institución: «Ana Tapia, su hija», «Juzgado de Familia de Ovalle».",
    )
    document_number = forms.CharField(
        label="Número del documento", required=False, max_length=60, help_text="Del oficio, o el folio de la carta."
    )
    document_on = DayField(label="Fecha del documento", required=False, help_text="Día, mes y año")
    due_on = DayField(label="Responder hasta", required=False, help_text="Si trae plazo")
    received_on = DayField(label="Día en que llegó", required=False, help_text="En blanco, hoy")
    received_time = HourField(label="Hora", required=False, help_text="En blanco, ahora")
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(), label="Es para otra unidad", required=False, empty_label="No, es para la mía"
    )
    is_reserved = forms.BooleanField(label="Reservado: solo su unidad y Asistencia Social", required=False)
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    FOLDED = ("document_number", "document_on", "due_on", "received_on", "received_time", "unit", "is_reserved")

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["unit"]
        field.queryset = units

    @property
    def unfolds(self) -> bool:
        """Whether something was written, or is wrong, in what is folded."""
        return any(self[name].value() or self[name].errors for name in self.FOLDED)

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED]

    def details(self) -> ContactDetails:
        given = self.cleaned_data
        day, hour = given["received_on"], given["received_time"]
        received_at = moment_of(day, hour, timezone.localtime(clock.now())) if day or isinstance(hour, time) else None
        return ContactDetails(
            channel=Channel(given["channel"]),
            requester=Requester(given["requester"]),
            received_at=received_at,
            secrecy=Secrecy.RESERVED if given["is_reserved"] else Secrecy.ORDINARY,
            run=given["run"],
            **{name: " ".join(given[name].split()) for name in ("subject", "sender", "name", "answer_to")},
            text=given["text"].strip(),
            document_number=given["document_number"].strip(),
            document_on=given["document_on"],
            due_on=given["due_on"],
        )


class VerbForm(forms.Form):
    """What is done with a contact; each verb uses the fields that it needs."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    version = forms.IntegerField(required=False)
    account = forms.ModelChoiceField(queryset=Account.objects.none(), required=False)
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False)
    person = forms.ModelChoiceField(queryset=Person.objects.none(), required=False)
    answer = forms.CharField(required=False, max_length=1000)
    ground = forms.ChoiceField(required=False, choices=DiscardGround.choices)
    note = forms.CharField(required=False, max_length=300)
    q = forms.CharField(required=False, max_length=120)

    def __init__(self, *args: Any, accounts: Any, units: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("account", accounts), ("unit", units), ("person", people)):
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        asked = {
            "assign": ("account", "Elija a quién se asigna."),
            "pass": ("unit", "Elija a qué unidad pasa."),
            "discard": ("ground", "Elija por qué se descarta."),
        }
        name, sentence = asked.get(given.get("verb", ""), ("", ""))
        if name and not given.get(name) and name not in self.errors:
            self.add_error(name, sentence)
        return given
