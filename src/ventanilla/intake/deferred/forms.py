"""What is asked of a sheet of paper, and how many are printed."""

from typing import Any

from django import forms

from ventanilla.access.models import Account
from ventanilla.core.forms import DayField, RunField, Seg
from ventanilla.intake.contacts.forms import HourField
from ventanilla.intake.deferred.actions import MOST_SHEETS
from ventanilla.intake.states import Channel
from ventanilla.registry.models import Person

CHANNELS = (Channel.IN_PERSON, Channel.FIELD, Channel.HOME_VISIT, Channel.PHONE)


class PaperForm(forms.Form):
    """The head of a sheet; its reasons and outcomes come on the next page, as in any consultation."""

    sheet = forms.CharField(
        label="Número de la hoja",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "w-m", "autofocus": True, "autocomplete": "off"}),
        help_text="Está arriba, a la derecha. Si era otro papel, un número que no repita ese día.",
        error_messages={"required": "Escriba el número de la hoja."},
    )
    day = DayField(label="Día", help_text="Día, mes y año")
    hour = HourField(label="Hora en que comenzó", help_text="Como 14:32")
    attended_by = forms.ModelChoiceField(
        queryset=Account.objects.none(), label="Quién atendió", required=False, empty_label="Yo"
    )
    channel = forms.ChoiceField(
        label="Cómo", choices=[(c.value, c.label) for c in CHANNELS], initial=Channel.IN_PERSON, widget=Seg
    )
    run = RunField(required=False, help_text="De la persona atendida.")
    name = forms.CharField(
        label="Nombre", required=False, max_length=120, help_text="Si la hoja no trae RUN, se busca por el nombre."
    )
    person = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, widget=forms.HiddenInput)
    anonymous = forms.BooleanField(label="No se identificó", required=False)
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, accounts: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("attended_by", accounts), ("person", people)):
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("run", "name", "person", "anonymous")) and "run" not in self.errors:
            self.add_error("run", "Escriba el RUN o el nombre; si no los dio, marque «No se identificó».")
        return given


class SheetsForm(forms.Form):
    count = forms.IntegerField(
        label="Cuántas consultas",
        min_value=1,
        max_value=MOST_SHEETS,
        initial=20,
        widget=forms.NumberInput(attrs={"class": "w-s", "autofocus": True}),
        help_text=f"Dos por hoja de papel carta, hasta {MOST_SHEETS} por vez.",
        error_messages={
            "required": "Escriba cuántas.",
            "min_value": f"Se imprimen de 1 a {MOST_SHEETS} por vez.",
            "max_value": f"Se imprimen de 1 a {MOST_SHEETS} por vez.",
        },
    )
