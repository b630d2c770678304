"""What is asked of a referral: what travels where, and what each step of it must say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from ventanilla.core.forms import DayField, Picks, Seg
from ventanilla.referrals.outside.states import Consent
from ventanilla.referrals.receivers import Receiver, receiver_in
from ventanilla.referrals.states import AnswerOutcome, NextStep
from ventanilla.registry.models import ContactPoint

NOBODY = "nadie"


class SendForm(forms.Form):
    """``to`` cleans to a ``Receiver``. What goes outside says how the person allowed it, or on which legal ground."""

    lines = forms.MultipleChoiceField(
        label="Qué se deriva", widget=Picks({"data-keys": ""}), error_messages={"required": "Marque qué se deriva."}
    )
    to = forms.ChoiceField(
        label="A quién",
        widget=forms.Select({"class": "select"}),
        error_messages={
            "required": "Elija a quién se deriva.",
            "invalid_choice": "Ahí no se puede derivar: elija otra.",
        },
    )
    asked = forms.CharField(
        label="Qué se pide",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="En una o dos frases, para que nadie tenga que contarlo de nuevo.",
        error_messages={"required": "Escriba qué se pide: es lo primero que leerá quien la reciba."},
    )
    papers = forms.MultipleChoiceField(
        label="Antecedentes que van",
        required=False,
        widget=Picks,
        help_text="El protocolo los pide todos, salvo que sea urgente.",
    )
    consent = forms.ChoiceField(
        label="Autorización de la persona",
        required=False,
        choices=[("", "No se pidió"), *Consent.choices],
        widget=forms.Select({"class": "select"}),
    )
    legal_ground = forms.CharField(
        label="Fundamento legal",
        required=False,
        max_length=300,
        widget=forms.TextInput(),
        help_text="Qué función de ese organismo permite entregarle los datos. Con autorización no hace falta.",
    )
    walks = forms.BooleanField(label="Pasa ahora", required=False)
    is_urgent = forms.BooleanField(label="Es urgente", required=False)
    urgency = forms.CharField(label="Por qué es urgente", required=False, max_length=300, widget=forms.TextInput())
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        lines: Sequence[tuple[str, str]],
        receivers: Sequence[tuple[str, Any]],
        papers: Sequence[str],
        why_consent: str | None = None,
        walk: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices: Mapping[str, Any] = {
            "lines": lines,
            "to": [("", "Elija una unidad o una persona"), *receivers],
            "papers": [(paper, paper) for paper in papers],
        }
        for name, found in choices.items():
            field: Any = self.fields[name]
            field.choices = found
        if not papers:
            del self.fields["papers"]
        if walk:
            self.fields["walks"].help_text = f"El número {walk}."
        else:
            del self.fields["walks"]
        if why_consent is None:
            del self.fields["consent"], self.fields["legal_ground"]
        elif why_consent:
            consent = self.fields["consent"]
            consent.help_text, consent.required = why_consent, True
            consent.error_messages["required"] = "Pregúntele, y marque cómo lo autorizó."
            del self.fields["legal_ground"]
        else:
            self.fields["consent"].help_text = "Hace falta esta o el fundamento legal: una de las dos."

    def clean_to(self) -> Receiver:
        return receiver_in(self.cleaned_data["to"])

    def clean_lines(self) -> list[UUID]:
        return [UUID(line) for line in self.cleaned_data["lines"]]


class AnswerForm(forms.Form):
    """The counter-referral. ``needs`` is what the protocol asks it to contain."""

    outcome = forms.ChoiceField(
        label="Resultado", choices=AnswerOutcome.choices, widget=Seg, error_messages={"required": "Elija el resultado."}
    )
    done = forms.CharField(
        label="Qué se hizo",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Escriba qué se hizo: es lo que leerá la unidad que la envió."},
    )
    next_step = forms.ChoiceField(
        label="Próximo paso", choices=NextStep.choices, initial=NextStep.NONE, widget=forms.Select({"class": "select"})
    )
    next_on = DayField(label="Qué día o desde cuándo", required=False)

    def __init__(self, *args: Any, needs: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if needs:
            self.fields["done"].help_text = f"El protocolo pide: {'; '.join(needs)}."


class NothingForm(forms.Form):
    """Of a step that asks nothing."""


def told_by_field() -> forms.CharField:
    """Who outside said what a desk writes down in their name."""
    return forms.CharField(
        label="Quién lo dijo, y su cargo",
        max_length=160,
        help_text="Por ejemplo: asistente social del Cesfam, por teléfono.",
        error_messages={"required": "Escriba quién lo dijo, y su cargo."},
    )


class HourForm(forms.Form):
    day = DayField(label="Día")
    hour = forms.TimeField(
        label="Hora",
        widget=forms.TimeInput({"class": "w-s", "inputmode": "numeric", "autocomplete": "off"}, format="%H:%M"),
        help_text="Como 09:30",
        error_messages={"invalid": "La hora no existe. Escríbala como 09:30.", "required": "Escriba la hora."},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "day" in said and "hour" in said:
            said["at"] = timezone.make_aware(datetime.combine(said["day"], said["hour"]))
        return said


class ReasonForm(forms.Form):
    """One sentence: why, what is wanting, what goes now."""

    said = forms.CharField(max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, label: str, hint: str = "", is_required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        said = self.fields["said"]
        said.label, said.help_text, said.required = label, hint, is_required
        said.error_messages["required"] = f"{label}: escríbalo en una frase."


class ToldForm(forms.Form):
    """How she was told: by a mail that leaves now, or in the words of the desk."""

    contact = forms.ChoiceField(
        label="Escribirle un correo",
        required=False,
        widget=Seg,
        help_text="Dice que hay novedades y el folio de su atención, nada más.",
    )
    said = forms.CharField(label="Cómo se le avisó", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, addresses: Sequence[ContactPoint], **options: Any) -> None:
        super().__init__(*args, **options)
        self.addresses = {str(one.pk): one for one in addresses}
        if addresses:
            contact: Any = self.fields["contact"]
            contact.choices = [("", "No"), *((key, one.value) for key, one in self.addresses.items())]
        else:
            del self.fields["contact"]

    def clean_contact(self) -> ContactPoint | None:
        return self.addresses.get(self.cleaned_data["contact"])


class RejectForm(forms.Form):
    """By a ground that was agreed or, where no protocol says which, by one written here."""

    ground = forms.ChoiceField(
        label="Por qué se rechaza", widget=Seg, error_messages={"required": "Elija por qué se rechaza."}
    )
    note = forms.CharField(
        label="Qué debe saber la unidad que la envió",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, grounds: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if grounds:
            ground: Any = self.fields["ground"]
            ground.choices = [(one, one) for one in grounds]
        else:
            self.fields["ground"] = forms.CharField(
                label="Por qué se rechaza",
                max_length=200,
                error_messages={"required": "Escriba por qué se rechaza."},
            )


class ForwardForm(forms.Form):
    """``to`` cleans to a ``Receiver``."""

    to = forms.ChoiceField(
        label="A quién",
        widget=forms.Select({"class": "select"}),
        error_messages={"required": "Elija a quién se reenvía."},
    )
    reason = forms.CharField(
        label="Por qué",
        max_length=300,
        widget=forms.TextInput(),
        help_text="Lo leen las tres unidades.",
        error_messages={"required": "Escriba por qué se reenvía."},
    )

    def __init__(self, *args: Any, receivers: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        to: Any = self.fields["to"]
        to.choices = [("", "Elija una unidad o una persona"), *receivers]

    def clean_to(self) -> Receiver:
        return receiver_in(self.cleaned_data["to"])


class AssignForm(forms.Form):
    """``to`` cleans to an account, or to None for nobody."""

    to = forms.TypedChoiceField(
        label="A cargo de",
        coerce=lambda text: None if text == NOBODY else UUID(text),
        empty_value=None,
        widget=forms.Select({"class": "select"}),
    )
    reason = forms.CharField(label="Por qué", required=False, max_length=300, widget=forms.TextInput())

    def __init__(self, *args: Any, receivers: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        to: Any = self.fields["to"]
        to.choices = [*receivers, (NOBODY, "Nadie: queda sin asignar")]
