"""What the counterpart writes of a reason."""

from typing import Any

from django import forms

from ventanilla.access.models import Function
from ventanilla.catalogue.models import Reason
from ventanilla.catalogue.reasons.actions import LONGEST_TERM, ReasonDetails
from ventanilla.catalogue.reasons.rules import LONGEST_LIST
from ventanilla.core.forms import DayField, Seg
from ventanilla.core.secrecy import Secrecy

INHERITED = "inherited"


class ParentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class ReasonForm(forms.Form):
    """How a reason is said, found, attended and documented. A new one says its parent; a national one has its name."""

    parent = ParentChoice(
        queryset=Reason.objects.none(),
        label="Motivo nacional al que pertenece",
        empty_label="Elija uno",
        help_text="De él hereda el grupo con que se cuenta en los índices, que no se cambia.",
    )
    name = forms.CharField(max_length=80, label="Nombre", help_text="Como lo verá quien atiende. Ejemplo: Vale de gas")
    words = forms.CharField(
        required=False,
        max_length=300,
        label="Cómo lo pide la gente",
        help_text="Palabras separadas por espacios, con las que el mesón lo encuentra. Ejemplo: balón gas cocina",
    )
    function = forms.ModelChoiceField(
        queryset=Function.objects.all(), required=False, label="Quién lo atiende", empty_label="Nadie en particular"
    )
    documents = forms.CharField(
        required=False,
        max_length=LONGEST_LIST,
        label="Documentos que se suelen pedir",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Uno por línea. Quien atiende los marca cuando faltan, y salen en el comprobante.",
    )
    documents_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_TERM,
        label="Días para traerlos",
        widget=forms.NumberInput(attrs={"class": "w-s"}),
        help_text="Días corridos. El mesón propone la fecha; si cae en fin de semana, el lunes.",
    )
    secrecy = forms.ChoiceField(
        choices=Secrecy.choices,
        label="Reserva",
        widget=Seg,
        help_text="Quién ve la consulta: todos con derecho y finalidad, la unidad y Asistencia Social, o solo los"
        " nombrados. Nunca menos que la de su motivo nacional.",
    )
    reason_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parents: Any = None, reason: Reason | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if reason is None:
            parent: Any = self.fields["parent"]
            parent.queryset = parents
            secrecy: Any = self.fields["secrecy"]
            secrecy.choices = [(INHERITED, "La de su motivo nacional"), *Secrecy.choices[1:]]
            return
        del self.fields["parent"]
        if not reason.is_local:
            del self.fields["name"]

    def details(self) -> ReasonDetails:
        cleaned = self.cleaned_data
        return ReasonDetails(
            name=cleaned.get("name", ""),
            words=cleaned["words"],
            function_id=cleaned["function"].pk if cleaned["function"] else None,
            secrecy="" if cleaned["secrecy"] == INHERITED else cleaned["secrecy"],
            documents=cleaned["documents"],
            documents_days=cleaned["documents_days"],
        )


def said_in_form(reason: Reason) -> dict[str, Any]:
    """What the form shows of a reason."""
    return {
        "name": reason.name,
        "words": reason.local_words,
        "function": reason.function_id,
        "documents": reason.documents,
        "documents_days": reason.documents_days,
        "secrecy": reason.secrecy,
        "version": reason.version,
    }


class RetireForm(forms.Form):
    on = DayField(label="Desde qué día")
