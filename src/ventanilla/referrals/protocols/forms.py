"""What is written of a protocol, and what each step of it must say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, Unit
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.forms import DayField, Picks, Seg
from ventanilla.referrals.models import ProtocolVersion
from ventanilla.referrals.protocols.details import LONGEST_TERM, TERMS, TEXTS, ProtocolDetails, details_of
from ventanilla.referrals.protocols.parties import Bound
from ventanilla.referrals.protocols.states import PacketField

_ONE_A_LINE = "Uno por línea."


def _lines(label: str, hint: str, longest: int = 1000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=longest, required=False, widget=widget)


def _days(label: str, initial: int, hint: str = "") -> forms.IntegerField:
    widget = forms.NumberInput({"class": "w-s"})
    return forms.IntegerField(
        label=label, initial=initial, min_value=0, max_value=LONGEST_TERM, widget=widget, help_text=hint
    )


class ProtocolForm(forms.Form):
    name = forms.CharField(
        label="Nombre", max_length=120, help_text="Como lo llaman las unidades. Ejemplo: Ingreso y modificación RSH"
    )
    senders = forms.MultipleChoiceField(label="Unidades que derivan", widget=Picks)
    receiver = forms.ChoiceField(label="Quién recibe", widget=forms.Select({"class": "select"}))
    reasons = forms.MultipleChoiceField(label="Motivos que cubre", widget=Picks, required=False)
    entries = forms.MultipleChoiceField(
        label="Prestaciones de que trata", required=False, widget=forms.SelectMultiple({"class": "select", "size": 6})
    )
    purpose = _lines("Para qué", "Qué gana la persona con este acuerdo.", rows=2)
    criteria = _lines("Criterios de ingreso", f"Cuándo corresponde derivar. {_ONE_A_LINE}", 2000)
    documents = _lines("Antecedentes mínimos", f"Sin ellos no se envía, salvo lo urgente. {_ONE_A_LINE}")
    fields_carried = forms.MultipleChoiceField(
        label="Datos que viajan",
        choices=PacketField.choices,
        required=False,
        widget=Picks,
        help_text="Siempre van el nombre, el RUN y qué se pide. Marque solo lo que quien recibe necesita.",
    )
    legal_ground = forms.CharField(
        label="Fundamento para compartirlos", max_length=300, required=False, help_text="Obligatorio con prestadores."
    )
    accept_days = _days("Aceptar, en días hábiles", 1)
    answer_days = _days("Responder, en días hábiles", 5, "Desde que se acepta.")
    urgent_days = _days("Responder lo urgente", 1)
    expire_days = _days("Caduca tras", 10, "Días hábiles de atraso sin respuesta.")
    urgent_how = forms.CharField(
        label="Cómo se avisa una urgencia", max_length=300, required=False, help_text="A quién llamar y a qué anexo."
    )
    rejection_grounds = _lines("Causas de rechazo", f"Las únicas que se podrán elegir. {_ONE_A_LINE}")
    answer_needs = _lines("Qué trae la respuesta", f"Se le recuerda a quien responde. {_ONE_A_LINE}")
    contacts = _lines("Contactos y suplentes", f"Nombre, cargo y anexo. {_ONE_A_LINE}")
    note = forms.CharField(label="Qué cambió", max_length=300, required=False)
    protocol_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [(str(one.pk), one.name) for one in _units(by)]
        providers = Provider.objects.filter(institution_id=by.institution, ended_on__isnull=True)
        outside = [(f"p_{one.pk}", one.name) for one in providers]
        choices: dict[str, Any] = {
            "senders": units,
            "receiver": [("", "Elija"), ("Unidades", units), *([("Prestadores", outside)] if outside else [])],
            "reasons": [(str(one.pk), one.name) for one in Reason.objects.in_use().in_order()],
            "entries": [(str(one.entry_id), one.name) for one in versions_told(by, on=clock.today(), at_length=False)],
        }
        for name, found in choices.items():
            field: Any = self.fields[name]
            field.choices = found
        for name in ("name", "senders", "receiver"):
            self.fields[name].error_messages["required"] = _REQUIRED[name]

    def details(self) -> ProtocolDetails:
        said = self.cleaned_data
        receiver: str = said["receiver"]
        provider = receiver.removeprefix("p_") if receiver.startswith("p_") else None
        return ProtocolDetails(
            name=said["name"],
            senders=[UUID(one) for one in said["senders"]],
            reasons=[UUID(one) for one in said["reasons"]],
            entries=[UUID(one) for one in said["entries"]],
            to_unit=None if provider else UUID(receiver),
            to_provider=UUID(provider) if provider else None,
            fields=said["fields_carried"],
            **{name: said[name] for name in (*TEXTS, *TERMS)},
        )


_REQUIRED = {
    "name": "Escriba el nombre del protocolo.",
    "senders": "Marque al menos una unidad que derive.",
    "receiver": "Elija quién recibe: una unidad o un prestador.",
}

GROUPS = (
    ("Entre quiénes", ("name", "senders", "receiver")),
    ("Qué cubre", ("reasons", "entries", "purpose", "criteria")),
    ("Qué viaja", ("documents", "fields_carried", "legal_ground")),
    ("Plazos", ("accept_days", "answer_days", "urgent_days", "expire_days", "urgent_how")),
    ("Cómo termina", ("rejection_grounds", "answer_needs", "contacts", "note")),
)


def _units(by: Actor) -> Sequence[Unit]:
    return list(Unit.objects.filter(institution_id=by.institution).connected_on(clock.today()))


def initial_of(version: ProtocolVersion) -> dict[str, Any]:
    kept = details_of(version)
    receiver = f"p_{kept.to_provider}" if kept.to_provider else str(kept.to_unit)
    lists = {name: [str(one) for one in getattr(kept, name)] for name in ("senders", "reasons", "entries")}
    said = {name: getattr(kept, name) for name in ("name", *TEXTS, *TERMS)}
    return said | lists | {"receiver": receiver, "fields_carried": list(kept.fields), "version": version.version}


class SureForm(forms.Form):
    """Nothing is asked: only that it is meant."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Qué hay que cambiar",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Escriba qué hay que cambiar."},
    )


class ApproveForm(forms.Form):
    starts_on = DayField(label="Rige desde", help_text="Hoy o un día posterior. Ejemplo: 01-12-2026")


class EndForm(forms.Form):
    on = DayField(label="Último día en que rige", help_text="Ejemplo: 31-12-2026")
    reason = forms.CharField(label="Por qué termina", max_length=500, widget=forms.Textarea({"rows": 2}))


class PaperForm(forms.Form):
    bound = forms.ChoiceField(label="Por quién firmó", widget=Seg)
    name = forms.CharField(label="Nombre de quien firmó", max_length=160)
    title = forms.CharField(label="Cargo", max_length=160)
    signed_on = DayField(label="Día de la firma", help_text="Como dice el papel. Ejemplo: 26-11-2026")

    def __init__(self, *args: Any, bound: Sequence[Bound], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["bound"]
        field.choices = [(one.key, one.name) for one in bound]
        field.initial = bound[0].key if bound else ""
