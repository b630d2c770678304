"""Forms of the search in the logs and of answering; the fields of a search are named as its address says them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core.forms import DayField, Seg
from ventanilla.registry.logs import Wanted
from ventanilla.registry.watch.states import ANSWERS


class LogForm(forms.Form):
    """Which entries of a log to show, within the operators that ``right`` reaches."""

    operador = forms.ChoiceField(label="Operador/a", required=False)
    unidad = forms.ChoiceField(label="Unidad", required=False)
    clase = forms.ChoiceField(label="Tipo", required=False)
    desde = DayField(label="Desde", required=False, help_text="")
    hasta = DayField(label="Hasta", required=False, help_text="")
    persona = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, actor: Actor, right: Permission, kinds: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._postings = Posting.objects.filter(within_reach(actor, right))
        accounts = Account.objects.filter(pk__in=self._postings.values("account_id"))
        operators = accounts.order_by("surnames", "given_names").values_list("pk", "surnames", "given_names")
        self._offer(
            "operador", "Cualquier operador/a", [(str(pk), f"{last}, {first}") for pk, last, first in operators]
        )
        units = Unit.objects.filter(within_reach(actor, right, unit="pk")).order_by("name").values_list("pk", "name")
        self._offer("unidad", "Toda unidad", [(str(pk), name) for pk, name in units])
        self._offer("clase", "Todo tipo", kinds)

    def _offer(self, name: str, nothing: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("desde"), cleaned.get("hasta")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("hasta", "El último día es anterior al primero. Corrija uno de los dos.")
        return cleaned

    @property
    def person_id(self) -> UUID | None:
        found: UUID | None = self.cleaned_data.get("persona")
        return found

    def wanted(self) -> Wanted:
        asked = self.cleaned_data
        postings = None
        if asked["operador"] or asked["unidad"]:
            found = self._postings
            found = found.filter(account_id=asked["operador"]) if asked["operador"] else found
            found = found.filter(unit_id=asked["unidad"]) if asked["unidad"] else found
            postings = list(found.values_list("pk", flat=True))
        return Wanted(postings=postings, kind=asked["clase"], since=asked["desde"], until=asked["hasta"])


class FindForm(forms.Form):
    """Of whom one wants to know who looked or wrote."""

    text = forms.CharField(
        label="RUN o nombre",
        max_length=120,
        help_text="Esta búsqueda queda registrada, como cualquier otra.",
        error_messages={"required": "Escriba un RUN o un nombre."},
        widget=forms.TextInput(attrs={"class": "w-m", "autocomplete": "off", "spellcheck": "false"}),
    )


class AnswerFlagForm(forms.Form):
    """What became of a flagged reading."""

    state = forms.ChoiceField(
        label="Qué fue",
        choices=[(state.value, str(state.label)) for state in ANSWERS],
        widget=Seg,
        error_messages={"required": "Elija si está explicada o si fue indebida."},
    )
    reason = forms.CharField(
        label="Por qué",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Una frase. Queda con su nombre; no escriba datos de la persona.",
        error_messages={"required": "Escriba por qué, en una frase."},
    )


class EmergencyForm(forms.Form):
    """Why what is restricted of one person must be seen now."""

    reason = forms.CharField(
        label="Cuál es la urgencia",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cinco palabras o más: qué pasa y para qué necesita verlo. Queda con su nombre.",
        error_messages={"required": "Escriba cuál es la urgencia."},
    )
