"""What is asked to take each step of an entry's life."""

from typing import Any

from django import forms

from ventanilla.access.actors import Actor
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.core import clock
from ventanilla.core.forms import DayField, Seg


def _why(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=400, required=required, widget=widget, help_text=help_text)


class ReadForm(forms.Form):
    """Of what she read: the version of the draft and the newest published, or the change of the entry."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = forms.IntegerField(widget=forms.HiddenInput)


class SeenForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class SureForm(forms.Form):
    """Nothing is asked but the button."""

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)


class PublishForm(ReadForm):
    starts_on = DayField(label="Vale desde", help_text="Hoy, o un día que viene. Hasta entonces sigue lo de ahora")
    note = forms.CharField(
        label="Qué cambió", max_length=300, required=False, help_text="Lo leerá quien compare las versiones"
    )


class ReturnForm(forms.Form):
    reason = _why("Qué hay que corregir", help_text="Lo leerá quien lo escribió, en su bandeja")


class SuspendForm(forms.Form):
    ground = forms.ChoiceField(label="Por qué", choices=SuspensionGround.choices, widget=Seg)
    until = DayField(label="Hasta", required=False, help_text="En blanco si no se sabe cuándo vuelve")
    reason = _why("Qué se le dice a quien pregunta", required=False)


class EntryChoice(forms.ChoiceField):
    """Another that is told to neighbours, by its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def offer(self, actor: Actor, but: Entry) -> None:
        told = versions_told(actor, on=clock.today())
        self.choices = [("", "Ninguna")] + [(str(v.entry_id), v.name) for v in told if v.entry_id != but.pk]


class CloseForm(forms.Form):
    reason = _why("Por qué se cierra")
    replaced_by = EntryChoice(label="La reemplaza", help_text="Quien llegue a la cerrada verá cuál la reemplaza")

    def __init__(self, *args: Any, by: Actor, entry: Entry, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["replaced_by"]
        choice.offer(by, entry)


class CopyForm(forms.Form):
    name = forms.CharField(label="Nombre de la nueva", max_length=120)
    entry_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class OwnFactForm(forms.Form):
    name = forms.CharField(
        label="Qué se sabe", max_length=120, help_text="Ejemplo: Damnificada por el temporal de 2026"
    )
    about = forms.TypedChoiceField(
        label="De quién", choices=Subject.choices, coerce=Subject, widget=Seg, initial=Subject.PERSON
    )
    fact_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class RetireForm(forms.Form):
    """Which own fact; the button says it."""

    retire = forms.UUIDField(widget=forms.HiddenInput)
