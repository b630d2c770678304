"""What is written of an entry: its texts, its dated amounts, where it is asked for and what suggests it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, Site, Unit
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.details import MOST_AMOUNTS, MOST_PESOS, Amount, EntryDetails, Place
from ventanilla.catalogue.entries.reach import is_of_all
from ventanilla.catalogue.models import EntryDraft, Reason
from ventanilla.catalogue.models.content import Audience, CompletedHere, Modality, SaidOfEntry
from ventanilla.core import clock
from ventanilla.core.forms import DayField, Picks, Seg
from ventanilla.core.secrecy import Secrecy

FREE_ROWS = 3
"""Empty rows of amounts beside those it has; saving gives as many more."""

MOST_POSTED = 2 * MOST_AMOUNTS

_LONGEST = {field.name: field.max_length for field in (*SaidOfEntry._meta.fields, *CompletedHere._meta.fields)}


def _line(name: str, label: str, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=_LONGEST[name], required=options.pop("required", False), **options)


def _prose(name: str, label: str, rows: int = 3, **options: Any) -> forms.CharField:
    return _line(name, label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def _days(label: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "w-s"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=999, widget=widget)


class CompletedForm(forms.Form):
    """What the institution says of an entry, its own or national."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Unidad que responde", required=False, empty_label="Ninguna: la entrega un prestador"
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(), label="Prestador externo", required=False, empty_label="Ninguno: la entrega la unidad"
    )
    opens_on = DayField(label="Se postula desde", required=False, help_text="En blanco si es todo el año")
    closes_on = DayField(label="Se postula hasta", required=False, help_text="Ejemplo: 30-04-2027")
    places_count = forms.IntegerField(
        label="Cupos",
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "w-s"}),
    )
    budget = forms.IntegerField(
        label="Monto global en pesos", required=False, min_value=0, widget=forms.NumberInput(attrs={"class": "w-m"})
    )
    budget_line = _line("budget_line", "Cuenta del presupuesto", help_text="Ejemplo: 24.01.007")
    local_documents = _prose("local_documents", "Documentos que además se piden aquí", help_text="Uno por línea")
    local_words = _line(
        "local_words",
        "Cómo lo pide la gente aquí",
        help_text="Palabras con que el mesón lo encuentra, además del nombre",
    )
    local_note = _prose("local_note", "Lo que conviene saber aquí")
    contact = _line("contact", "Teléfono o correo para preguntar")
    reasons = forms.MultipleChoiceField(
        label="Motivos que la sugieren",
        required=False,
        widget=Picks,
        help_text="En la consulta, al marcar uno de ellos se ofrece esta prestación",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    entry_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Actor, draft: EntryDraft | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        units, providers = units_for(by, draft), providers_for(by, draft)
        unit: Any = self.fields["unit"]
        unit.queryset = units
        if not is_of_all(by, Permission.CATALOGUE_WRITE):
            unit.required, unit.empty_label = True, None
            unit.help_text = "La suya: de las demás escribe su jefatura o la contraparte"
        provider: Any = self.fields["provider"]
        provider.queryset = providers
        reasons: Any = self.fields["reasons"]
        reasons.choices = [(str(one.pk), one.name) for one in Reason.objects.visible_to(by).in_use().in_order()]

    def said(self) -> dict[str, Any]:
        """As ``EntryDetails`` takes it."""
        names = {*self.fields} - {"version", "number", "entry_id"}
        said = {name: self.cleaned_data[name] for name in names}
        return said | {"reasons": [UUID(one) for one in said["reasons"]]}


class EntryForm(CompletedForm):
    """All that a local entry says."""

    name = _line("name", "Nombre", required=True, help_text="Como lo dirá el mesón. Ejemplo: Vale de gas")
    plain = _prose("plain", "Qué es", help_text="En palabras simples, como se lo contaría a una vecina")
    modality = forms.ChoiceField(choices=Modality.choices, label="Modalidad", widget=Seg, required=False)
    audience = forms.MultipleChoiceField(
        choices=Audience.choices,
        label="Para quién",
        required=False,
        widget=Picks,
        help_text="Ninguno si es para todas las personas",
    )
    words = _line("words", "Cómo lo pide la gente", help_text="Ejemplo: balón licuado cocina")
    who = _prose(
        "who", "Quién puede recibirla", help_text="En palabras. Lo que se puede comprobar va además en la regla"
    )
    documents = _prose("documents", "Qué hay que llevar", help_text="Un documento por línea")
    steps = _prose("steps", "Cómo se pide", help_text="Un paso por línea")
    cost = _line("cost", "Costo para la persona", help_text="En blanco si es gratis")
    objective = _prose("objective", "Objetivo", 2)
    criterion = _prose("criterion", "Criterio de evaluación y asignación", 2)
    evaluation_days = _days("Días hábiles para evaluar")
    allocation_days = _days("Días hábiles para asignar")
    needs_report = forms.BooleanField(label="Necesita informe social", required=False)
    needs_decree = forms.BooleanField(label="Necesita decreto", required=False)
    act_kind = _line("act_kind", "Tipo de acto", help_text="Ejemplo: Decreto alcaldicio")
    act_name = _line("act_name", "Denominación del acto")
    act_number = _line("act_number", "Número del acto", widget=forms.TextInput(attrs={"class": "w-m"}))
    act_on = DayField(label="Fecha del acto", required=False)
    act_url = _line("act_url", "Enlace al acto", help_text="Comienza con https://")
    more_url = _line("more_url", "Enlace a más información", help_text="Comienza con https://")
    exclusion_ground = _line(
        "exclusion_ground", "Por qué no se publica la nómina", help_text="Solo si la ley permite reservarla"
    )
    secrecy = forms.ChoiceField(
        choices=Secrecy.choices, label="Reserva", widget=Seg, help_text="Quién ve que esta prestación existe"
    )


class AmountForm(forms.Form):
    """One row: what it is, how much, between which days. Emptied, it is taken out."""

    label = forms.CharField(label="Qué monto es", max_length=120, required=False)
    pesos = forms.IntegerField(label="Pesos", required=False, min_value=1, max_value=MOST_PESOS)
    starts_on = DayField(label="Desde", required=False, help_text="")
    ends_on = DayField(label="Hasta", required=False, help_text="")

    @property
    def amount(self) -> Amount | None:
        said = self.cleaned_data
        return Amount(**said) if any(said.values()) else None


class PlaceForm(forms.Form):
    """One site: whether it is asked for there, and when."""

    here = forms.BooleanField(required=False)
    hours = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, site: Site, **options: Any) -> None:
        options["prefix"] = f"site-{site.pk}"
        super().__init__(*args, **options)
        self.site = site
        self.fields["here"].label = site.name
        self.fields["hours"].label = f"Horario en {site.name}"
        self.fields["hours"].widget.attrs["placeholder"] = "Lunes a viernes, 9:00 a 13:30"


@dataclass(slots=True)
class Writing:
    """The whole page of writing: the texts, the amounts and the places."""

    form: CompletedForm
    amounts: Sequence[AmountForm]
    places: Sequence[PlaceForm]
    legal: Sequence[Amount]
    """By the law's table: kept as they are."""

    def is_valid(self) -> bool:
        wrong = [part for part in (self.form, *self.amounts, *self.places) if not part.is_valid()]  # each is looked at
        for place, row in enumerate(self.amounts, start=1):
            for messages in row.errors.values():
                self.form.add_error(None, f"Monto {place}: {' '.join(map(str, messages))}")
        return not wrong

    def details(self) -> EntryDetails:
        said = self.form.said()
        if isinstance(self.form, EntryForm):
            rows = (row.amount for row in self.amounts)
            said["amounts"] = [*self.legal, *filter(None, rows)]
        places = [Place(row.site, row.cleaned_data["hours"]) for row in self.places if row.cleaned_data["here"]]
        return EntryDetails(**said, places=places)


def writing_of(draft: EntryDraft, *, by: Actor, posted: QueryDict | None, is_local: bool) -> Writing:
    """The forms of an entry as its draft says it, or as they were posted."""
    kind = EntryForm if is_local else CompletedForm
    form = kind(posted, by=by, draft=draft, initial=said_in_form(draft, kind))
    own = [one for one in draft.amounts if "pesos" in one] if is_local else []
    legal = [Amount(one["label"], legal=one["legal"], times=one["times"]) for one in draft.amounts if "legal" in one]
    rows = min(len(own) + FREE_ROWS, MOST_AMOUNTS) if is_local else 0
    while posted and is_local and rows < MOST_POSTED and f"amount-{rows}-label" in posted:
        rows += 1  # somebody else took rows out meanwhile: what was typed in them stays
    initial = [*map(_amount_in_form, own), *[{}] * max(rows - len(own), 0)]
    amounts = [AmountForm(posted, prefix=f"amount-{n}", initial=one) for n, one in enumerate(initial)]
    kept = {place["site"]: place["hours"] for place in draft.places}
    places = [
        PlaceForm(posted, site=site, initial={"here": str(site.pk) in kept, "hours": kept.get(str(site.pk), "")})
        for site in Site.objects.filter(institution_id=by.institution, closed_on__isnull=True)
    ]
    return Writing(form, amounts, places, legal if is_local else [])


def said_in_form(draft: EntryDraft, kind: type[CompletedForm]) -> dict[str, Any]:
    """What the form shows of a draft."""
    its_own = {"unit": draft.unit_id, "provider": draft.provider_id, "reasons": [str(one) for one in draft.reasons]}
    apart = {*its_own, "version", "number", "entry_id"}
    said = {name: getattr(draft, name) for name in kind.base_fields if name not in apart}
    return said | its_own | {"version": draft.version, "number": draft.entry.number}


def _amount_in_form(kept: dict[str, Any]) -> dict[str, Any]:
    ends = kept.get("until")
    return {
        "label": kept["label"],
        "pesos": kept["pesos"],
        "starts_on": date.fromisoformat(kept["from"]),
        "ends_on": date.fromisoformat(ends) if ends else None,
    }


def units_for(by: Actor, draft: EntryDraft | None) -> QuerySet[Unit]:
    """Those connected, and the one it has; for whoever writes for her unit, only her own."""
    here = Unit.objects.filter(institution_id=by.institution)
    if not is_of_all(by, Permission.CATALOGUE_WRITE):
        return here.filter(pk__in=[by.unit_id])
    connected = Unit.objects.filter(institution_id=by.institution).connected_on(clock.today())
    return here.filter(Q(pk__in=connected) | Q(pk=draft.unit_id if draft else None))


def providers_for(by: Actor, draft: EntryDraft | None) -> QuerySet[Provider]:
    here = Provider.objects.filter(institution_id=by.institution)
    return here.filter(Q(ended_on__isnull=True) | Q(pk=draft.provider_id if draft else None))


def sections(form: CompletedForm) -> Iterator[tuple[str, list[Any]]]:
    """The fields of the page, in the order in which somebody would tell them."""
    for title, names in _SECTIONS:
        if fields := [form[name] for name in names if name in form.fields]:
            yield title, fields


_SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("La prestación", ("name", "plain", "modality", "audience", "words", "local_words")),
    ("Quién la entrega", ("unit", "provider", "contact")),
    ("Quién puede recibirla y qué lleva", ("who", "documents", "local_documents", "steps", "cost", "local_note")),
    ("Cuándo y cuánto hay", ("opens_on", "closes_on", "places_count", "budget", "budget_line")),
    (
        "Evaluación y transparencia",
        (
            *("objective", "criterion", "evaluation_days", "allocation_days", "needs_report", "needs_decree"),
            *("act_kind", "act_name", "act_number", "act_on", "act_url", "more_url", "exclusion_ground", "secrecy"),
        ),
    ),
    ("Con qué se sugiere", ("reasons",)),
)
