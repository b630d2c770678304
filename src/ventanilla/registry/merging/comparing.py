"""Two records side by side, with what a clerk needs to say whether they are of one person."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Model, Q, QuerySet, Value
from django.http import Http404
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.written import written_once
from ventanilla.core import clock
from ventanilla.core.clock import age_on
from ventanilla.core.run import parse
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.homes import two_homes
from ventanilla.registry.merging.likeness import Reason, likelihood, reasons
from ventanilla.registry.merging.moving import hanging, refusals
from ventanilla.registry.models import (
    ContactPoint,
    Identifier,
    Membership,
    Person,
    PossibleDuplicate,
    ReadEntry,
    ReadPurpose,
    Relation,
    Residence,
)
from ventanilla.registry.reading import log_reading, open_purpose, open_purpose_of
from ventanilla.registry.vocabulary import IdentifierKind, IndigenousPeople, Sex, Source

WRITTEN = "posible duplicado"
"""What the log of readings says of the look."""

_SHOWN_ABOVE = (Identifier, ContactPoint, Membership, Residence, ReadPurpose)
"""What hangs from a person and is not counted: it is shown itself, or is nothing that a clerk would miss."""

_TELL_NOTHING = (IdentifierKind.REFERENCE, IdentifierKind.NO_DOCUMENT)
"""Kinds of documents by which nobody is known."""

_WORDS: Mapping[type[Model], tuple[str, str]] = {
    Person: ("ficha que ya se le unió", "fichas que ya se le unieron"),
    Membership: ("lugar en un hogar", "lugares en un hogar"),
    Identifier: ("documento", "documentos"),
    ContactPoint: ("teléfono o correo", "teléfonos y correos"),
}
"""What a clerk calls one row and several, where the name of the model says something else to her."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of both, as texts. ``choice`` is its name in ``Joining.taken`` when they differ and one of both stays;
    all of what has none stays."""

    label: str
    kept: Sequence[str]
    absorbed: Sequence[str]
    choice: str = ""
    takes_absorbed: bool = False

    @property
    def mark(self) -> str:
        """How both compare, in a word: «Igual», «Distinto», «Solo en una», or nothing when neither has it."""
        if list(self.kept) == list(self.absorbed) and not self.choice:
            return "Igual" if self.kept else ""
        return "Distinto" if self.kept and self.absorbed else "Solo en una"

    @property
    def tone(self) -> str:
        return "warn" if self.is_chosen else ""

    @property
    def is_chosen(self) -> bool:
        """Whether somebody has to say which of both stays; of what only one has, that stays."""
        return bool(self.choice and self.kept and self.absorbed)

    @property
    def kept_marked(self) -> Sequence[str]:
        """With the words that the other has not marked, where one has to be chosen."""
        return marked(self.kept, self.absorbed) if self.is_chosen else self.kept

    @property
    def absorbed_marked(self) -> Sequence[str]:
        return marked(self.absorbed, self.kept) if self.is_chosen else self.absorbed


@dataclass(frozen=True, slots=True)
class Comparison:
    """``why`` says why the one is kept; ``obstacles``, what must be settled before they can be joined."""

    pair: PossibleDuplicate
    kept: Person
    absorbed: Person
    why: str
    lines: Sequence[Line]
    """What has to be chosen first, then what only one has or both have of their own, then what is the same."""

    hanging: Sequence[Line]
    """Whence each came, and how much of each kind of record follows."""

    reasons: Sequence[Reason]
    obstacles: Sequence[str] = field(default_factory=tuple)
    needs_reason: bool = False
    """Whether joining them asks how it was known."""

    @property
    def likelihood(self) -> str:
        return likelihood(self.pair.score)

    @property
    def defaults(self) -> Mapping[str, bool]:
        """Of each choice, whether that of the absorbed is proposed."""
        return {line.choice: line.takes_absorbed for line in self.lines if line.choice}


def pair_or_404(pair_id: UUID, *, by: Actor) -> PossibleDuplicate:
    """One of those the actor may know of; nothing is said of any other."""
    require(by, Permission.REGISTRY_MERGE)
    found = _visible(by, pair_id)
    if not found:
        raise Http404
    return found[0]


@written_once
def _visible(by: Actor, pair: UUID) -> QuerySet[PossibleDuplicate]:
    return PossibleDuplicate.objects.visible_to(by).select_related("first__commune", "second__commune").filter(pk=pair)


def compare_pair(pair: PossibleDuplicate, *, by: Actor) -> Comparison:
    """Both records, read for a purpose of their own that ends with the decision; each look is logged."""
    require(by, Permission.REGISTRY_MERGE, pair)
    kept, absorbed = rules.which_is_kept(pair.first, pair.second)
    for person in (kept, absorbed):
        purpose = open_purpose_of(person, by=by, reference_id=pair.pk) or open_purpose(
            person, by=by, ground=ReadPurpose.Ground.DUPLICATE, reference_id=pair.pk
        )
        log_reading(ReadEntry.Kind.COMPARISON, of=person, purpose=purpose, note=WRITTEN)
    related = Relation.objects.filter(Q(person=kept, other=absorbed) | Q(person=absorbed, other=kept)).exists()
    asked = list(rules.objections(kept, absorbed, are_related=related, reason=""))
    obstacles = list(rules.objections(kept, absorbed, are_related=related, reason="dicho"))
    now = clock.now()
    return Comparison(
        pair,
        kept,
        absorbed,
        why=_why(kept, absorbed),
        lines=_most_telling_first([*_chosen(kept, absorbed, on=clock.today()), *_gathered(kept, absorbed, by=by)]),
        hanging=[Line("Fuente", [_source(kept)], [_source(absorbed)]), *_hanging(kept, absorbed, by=by)],
        reasons=list(reasons(pair.evidence)),
        obstacles=[*obstacles, *refusals(kept, absorbed, at=now)],
        needs_reason=len(asked) > len(obstacles),
    )


def _most_telling_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.mark == "Igual", not line.is_chosen))


def _why(kept: Person, absorbed: Person) -> str:
    if kept.run and not absorbed.run:
        return "tiene RUN"
    if kept.source != Source.DECLARED and absorbed.source == Source.DECLARED:
        return "viene de un registro"
    return "es la más antigua"


# What one of both says


def _chosen(kept: Person, absorbed: Person, *, on: date) -> list[Line]:
    """Each field of which one stays."""
    return [
        Line(
            _label(choice.name),
            _texts(kept, choice.name, on),
            _texts(absorbed, choice.name, on),
            choice.name if choice.differs else "",
            choice.takes_absorbed,
        )
        for choice in rules.choices(kept, absorbed)
        if choice.kept or choice.absorbed
    ]


def _label(column: str) -> str:
    label = next(str(field.verbose_name) for field in Person._meta.local_fields if field.attname == column)
    return label[:1].upper() + label[1:]


def _texts(person: Person, name: str, on: date) -> list[str]:
    value = getattr(person, name)
    return [_IN_WORDS.get(name, _as_it_is)(person, value, on)] if value else []


def _as_it_is(_: Person, value: Any, __: date) -> str:
    return str(value)


def _born(person: Person, value: date, on: date) -> str:
    age = age_on(value, min(on, person.died_on or on))
    return f"{value:%d-%m-%Y}, {age} {'año' if age == 1 else 'años'}"


_IN_WORDS: Mapping[str, Callable[[Person, Any, date], str]] = {
    "run": lambda _, value, __: str(parse(value)),
    "sex": lambda _, value, __: Sex(value).label,
    "birth_on": _born,
    "died_on": lambda person, value, _: f"{value:%d-%m-%Y}, {Source(person.death_source).label}",
    "indigenous_people": lambda _, value, __: IndigenousPeople(value).label,
    "commune_id": lambda person, _, __: person.commune.name if person.commune else "",
}


# What is gathered of both


def _gathered(kept: Person, absorbed: Person, *, by: Actor) -> list[Line]:
    both = [kept, absorbed]
    contacts = ContactPoint.objects.visible_to(by).filter(person__in=both, ended_on__isnull=True)
    documents = Identifier.objects.visible_to(by).filter(person__in=both).exclude(kind__in=_TELL_NOTHING)
    residences = Residence.objects.visible_to(by).filter(person__in=both, ends_on__isnull=True)
    memberships = Membership.objects.visible_to(by).filter(person__in=both, ends_on__isnull=True)
    told = {
        "Documentos": ((one.person_id, _document(one)) for one in documents.order_by("kind", "value")),
        "Teléfonos y correos": ((one.person_id, one.value) for one in contacts.order_by("kind", "value")),
        "Dirección propia": (
            (one.person_id, str(one.dwelling)) for one in residences.select_related("dwelling").order_by("id")
        ),
    }
    lines = [_both(label, kept, absorbed, texts) for label, texts in told.items()]
    homes = list(memberships.select_related("home__dwelling").order_by("source", "id"))
    sizes = _sizes({one.home_id for one in homes})
    is_asked = any(mine.home_id != theirs.home_id for mine, theirs in two_homes(kept, absorbed))
    home = _both("Hogar", kept, absorbed, ((one.person_id, _home(one, sizes[one.home_id])) for one in homes))
    lines.append(Line(home.label, home.kept, home.absorbed, rules.HOME if is_asked else ""))
    return [line for line in lines if line.mark]


def _both(label: str, kept: Person, absorbed: Person, texts: Iterable[tuple[UUID, str]]) -> Line:
    of: dict[UUID, list[str]] = {kept.pk: [], absorbed.pk: []}
    for person, text in texts:
        if text not in of[person]:
            of[person].append(text)
    return Line(label, of[kept.pk], of[absorbed.pk])


def _document(one: Identifier) -> str:
    return " ".join(part for part in (one.get_kind_display(), one.country, one.value) if part)


def _sizes(homes: set[UUID]) -> Counter[UUID]:
    """How many belong to each home now, but those shielded from it: whoever looks at it does not count them."""
    here = Membership.objects.filter(home__in=homes, ends_on__isnull=True, is_shielded=False)
    return Counter(dict(here.order_by().values_list("home_id").annotate(Count("person", distinct=True))))


def _home(one: Membership, size: int) -> str:
    place = str(one.home.dwelling) if one.home.dwelling else "Dirección sin registrar"
    people = "1 integrante" if size == 1 else f"{size} integrantes"
    return f"{place} · {one.get_kinship_display()}, {people}, {one.get_source_display()}"


def _source(person: Person) -> str:
    source = Source(person.source).label
    return f"{source} al {person.as_of:%d-%m-%Y}" if person.as_of else source


# What hangs from both


def _hanging(kept: Person, absorbed: Person, *, by: Actor) -> list[Line]:
    """How many rows of each kind, of those the actor may see, in one question."""
    counts: Counter[tuple[int, UUID]] = Counter()
    for kind, person, number in _counts(by, kept.pk, absorbed.pk):
        counts[kind, person] += number
    lines = []
    for place, model in enumerate(_kinds()):
        mine, theirs = counts[place, kept.pk], counts[place, absorbed.pk]
        if mine or theirs:
            lines.append(Line(_plural(model), [_number(model, mine)], [_number(model, theirs)]))
    return lines


def _kinds() -> list[type[Model]]:
    """What is counted, in the order of the journey."""
    return list({model: None for model, declared in hanging() if declared.follows and model not in _SHOWN_ABOVE})


@written_once
def _counts(by: Actor, one: UUID, other: UUID) -> QuerySet[Any, tuple[int, UUID, int]]:
    """The place of a kind, whose, and how many."""
    kinds = _kinds()
    asked = [
        _count(kinds.index(model), model, declared.field, [one, other], by)
        for model, declared in hanging()
        if model in kinds and declared.follows
    ]
    return reduce(lambda so_far, more: so_far.union(more, all=True), asked)


def _count(place: int, model: type[Model], field: str, people: list[UUID], by: Actor) -> QuerySet[Any, Any]:
    """Those joined before are of nobody else: they are not looked for among the people whom one may see."""
    found: Any = model._default_manager.all() if model is Person else visible_rows(model, by)
    of = found.filter(**{f"{field}__in": people}).order_by()
    return of.values_list(Value(place), F(f"{field}_id")).annotate(number=Count("pk"))  # type: ignore[no-any-return]  # of any model


def visible_rows(model: type[Model], by: Actor) -> QuerySet[Any]:
    """Of a table of an institution, what the actor may see."""
    found: Any = model._default_manager
    return found.visible_to(by)  # type: ignore[no-any-return]  # of any model


def named_rows(model: type[Model], number: int) -> str:
    """«1 consulta», «3 consultas»."""
    one, more = _words_for(model)
    return f"1 {one}" if number == 1 else f"{number} {more}"


def _words_for(model: type[Model]) -> tuple[str, str]:
    return _WORDS.get(model) or (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))


def _number(model: type[Model], number: int) -> str:
    return named_rows(model, number) if number else "Nada"


def _plural(model: type[Model]) -> str:
    _, name = _words_for(model)
    return name[:1].upper() + name[1:]


def marked(texts: Sequence[str], others: Sequence[str]) -> list[SafeString]:
    """Texts with the words that the others have not inside ``<mark>``; as they are when there is nothing to compare."""
    known = {word.strip(",") for text in others for word in text.split()}
    if not known:
        return [conditional_escape(text) for text in texts]
    return [format_html_join(" ", "{}", ((_word(word, known),) for word in text.split())) for text in texts]


def _word(word: str, known: set[str]) -> SafeString:
    if word.strip(",") in known:
        return conditional_escape(word)
    if word[0].isdigit():  # a day or a RUN does not break at its hyphens
        return format_html('<mark class="nowrap">{}</mark>', word)
    return format_html("<mark>{}</mark>", word)
