"""What is asked in the waiting room: an arrival, a verb of the desk, how a queue is."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ventanilla.access.models import Desk, Site, Unit
from ventanilla.core.forms import Picks, RunInput, Seg
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.waiting.states import Priority

VERBS = ("call", "recall", "attend", "no_show", "hand_over", "finish", "back", "leave")


class QueueChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.site})" if self.says_site else str(obj)

    says_site = False


class ArrivalForm(forms.Form):
    """A number for somebody: the queue is enough."""

    queue = QueueChoice(queryset=Queue.objects.none(), label="Fila", empty_label=None, widget=Seg)
    who = forms.CharField(
        required=False,
        max_length=120,
        label="RUN o nombre",
        widget=RunInput({"autofocus": True, "class": "w-m", "maxlength": 120}),
        help_text="Puede quedar en blanco. Con el nombre, elige de las coincidencias.",
    )
    priority = forms.ChoiceField(
        required=False,
        choices=[("", "Sin preferencia"), *Priority.choices],
        label="Preferencia",
        widget=Seg,
        help_text="Las personas con discapacidad y quienes las cuidan la tienen por la Ley 21.768.",
    )
    evidence = forms.CharField(
        required=False,
        max_length=120,
        label="Cómo se acredita, o por qué es urgente",
        help_text="Por ejemplo: credencial de discapacidad. No anote diagnósticos.",
    )
    person = forms.UUIDField(widget=forms.HiddenInput, required=False)
    nameless = forms.BooleanField(widget=forms.HiddenInput, required=False)
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, queues: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["queue"]
        field.queryset = queues
        found: Sequence[Queue] = list(queues)
        field.says_site = len({queue.site_id for queue in found}) > 1
        if found:
            self.fields["queue"].initial = found[0].pk


class PreferenceForm(forms.Form):
    """Why somebody who already has a number goes first."""

    priority = forms.ChoiceField(choices=Priority.choices, label="Preferencia", widget=Seg)
    evidence = forms.CharField(
        required=False,
        max_length=120,
        label="Cómo se acredita",
        help_text="Credencial o certificado. Sin diagnósticos.",
    )


class VerbForm(forms.Form):
    """What a desk does with the room; ``ticket`` and ``queue`` only where the verb needs them."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    ticket = forms.ModelChoiceField(queryset=Ticket.objects.none(), required=False)
    queue = forms.ModelChoiceField(queryset=Queue.objects.none(), required=False)
    reason = forms.CharField(required=False, max_length=200)


class QueueForm(forms.Form):
    """How a queue is: whose, where, with which letter, when, called by which desks."""

    name = forms.CharField(max_length=60, label="Nombre", help_text="Por ejemplo: Subsidios")
    letter = forms.CharField(max_length=2, label="Letra", widget=forms.TextInput(attrs={"class": "w-s"}))
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label="Unidad que atiende", empty_label=None)
    site = forms.ModelChoiceField(queryset=Site.objects.none(), label="Dependencia", empty_label=None)
    opens_at = forms.TimeField(
        required=False,
        label="Da números desde",
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "w-s"}),
        help_text="Ejemplo: 08:30. En blanco, a toda hora.",
    )
    closes_at = forms.TimeField(
        required=False, label="Da números hasta", widget=forms.TimeInput(format="%H:%M", attrs={"class": "w-s"})
    )
    desks = forms.ModelMultipleChoiceField(
        queryset=Desk.objects.none(), required=False, label="Módulos que la llaman", widget=Picks
    )

    def __init__(self, *args: Any, units: Any, sites: Any, desks: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("unit", units), ("site", sites), ("desks", desks)):
            field: Any = self.fields[name]
            field.queryset = rows
