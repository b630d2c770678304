"""All that the rules may ask of a home, read once: a constant number of queries, whatever the home and the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from ventanilla.access.actors import Actor
from ventanilla.access.written import written_once
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.rule.kinds import Kind
from ventanilla.core.statements import planned_once
from ventanilla.eligibility.institution import Here, what_is_here
from ventanilla.registry.homes import address_of, current_memberships
from ventanilla.registry.models import Dwelling, Fact, Home, Membership, Person, Relation
from ventanilla.registry.profiles import FACTS, Profile
from ventanilla.registry.vocabulary import FactKind, RelationKind, Source

FACTS_ASKED: Mapping[Kind, FactKind] = {
    Kind.BRACKET: FactKind.RSH_BRACKET,
    Kind.INCOME: FactKind.HOME_INCOME,
    Kind.PREGNANCY: FactKind.PREGNANCY,
    Kind.DISABILITY: FactKind.DISABILITY,
    Kind.DEPENDENCE: FactKind.DEPENDENCE,
    Kind.CARER: FactKind.CARER,
    Kind.ENROLMENT: FactKind.ENROLMENT,
    Kind.HEALTH_CHECK: FactKind.HEALTH_CHECK,
    Kind.FAMILIAS: FactKind.FAMILIAS_STAGE,
    Kind.RECEIVES: FactKind.SUBSIDY,
    Kind.NOT_RECEIVES: FactKind.SUBSIDY,
    Kind.OWN: FactKind.OWN,
}
"""The registries' statement that a kind of condition reads; others read the person, her home or what she got."""

_Belongs = tuple[UUID, UUID, date | None, bool, str, bool]

_OF_THE_FULL_PROFILE = frozenset({Kind.INDIGENOUS, Kind.FREQUENCY})
"""Nor does the summary tell a people, or what the municipality gave."""


def hidden_from(profile: Profile) -> frozenset[Kind]:
    """The kinds of condition whose answer would tell more than the profile is told."""
    if profile is Profile.FULL:
        return frozenset()
    told = FACTS[profile]
    return _OF_THE_FULL_PROFILE | {kind for kind, asked in FACTS_ASKED.items() if asked not in told}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the home. ``is_open`` when the others may know of her; ``is_here`` when no other home is hers."""

    person: Person
    kinship: str = ""
    is_head: bool = False
    is_open: bool = True
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """Something delivered of an entry: to a person, or to the home as such."""

    entry_id: UUID
    on: date
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of a home on a day. Of a kind of fact, the newest come first."""

    on: date
    members: Sequence[Member]
    has_home: bool = True
    commune: str | None = None
    rurality: str = ""
    facts: Mapping[tuple[UUID | None, str], Sequence[Fact]] = field(default_factory=dict)
    """By person (None: of the home) and kind."""
    children_of: Mapping[UUID, Sequence[date | None]] = field(default_factory=dict)
    """Birth dates of those whose mother or father somebody is, by an official source."""
    cares_by: Mapping[UUID, bool] = field(default_factory=dict)
    """Who cares for somebody, and whether an official source says so."""
    given: Sequence[Given] = ()
    here: Here = field(default_factory=Here)
    hidden: frozenset[Kind] = frozenset()

    def of(self, person_id: UUID | None, kind: FactKind) -> Sequence[Fact]:
        return self.facts.get((person_id, str(kind)), ())


@planned_once()
def read_household(person: Person, *, by: Actor, on: date, profile: Profile) -> Household:
    """The home of somebody whose file the actor may read. Who reads it has logged that she did."""
    memberships = current_memberships(person, by=by)
    home = memberships[0].home if memberships else None
    hidden = hidden_from(profile)
    dwelling, is_guarded = address_of(person, home, by=by)
    if is_guarded and dwelling is None:
        hidden |= {Kind.AREA, Kind.RESIDENCE}
    people = [membership.person for membership in memberships] or [person]
    ids = [one.pk for one in people]
    facts = _facts(people, home, by=by, hidden=hidden)
    relations = _relations_of(by, ids)
    in_force = [relation for relation in relations if relation.ends_on is None or relation.ends_on >= on]
    place: Dwelling | None = home.dwelling if home else None
    return Household(
        on=on,
        members=_members(memberships, person, by=by),
        has_home=home is not None,
        commune=place.commune_id if place else None,
        rurality=place.rurality if place else "",
        facts=facts,
        children_of=_children(in_force),
        cares_by=_carers(in_force),
        given=_given(ids, home, by=by) if Kind.FREQUENCY not in hidden else (),
        here=what_is_here(by),
        hidden=hidden,
    )


@written_once
def _relations_of(by: Actor, people: list[UUID]) -> QuerySet[Relation]:
    theirs = Relation.objects.visible_to(by).filter(person__in=people)
    return theirs.filter(kind__in=(RelationKind.PARENT, RelationKind.CARER)).select_related("other")


@written_once
def _memberships_of(by: Actor, people: list[UUID]) -> QuerySet[Membership, _Belongs]:
    theirs = Membership.objects.visible_to(by).filter(person__in=people).order_by("source", "starts_on", "id")
    return theirs.values_list("person_id", "home_id", "ends_on", "is_shielded", "kinship", "is_head")


@written_once
def _facts_of(by: Actor, kinds: frozenset[str], people: list[UUID], homes: list[UUID]) -> QuerySet[Fact]:
    theirs = Q(person__in=people) | Q(home__in=homes)
    return Fact.objects.visible_to(by).filter(theirs, kind__in=sorted(kinds)).newest_first()


@written_once
def _given_to(by: Actor, homes: list[UUID], people: list[UUID]) -> QuerySet[Delivery, tuple[UUID, date, UUID | None]]:
    theirs = Delivery.objects.visible_to(by).to_home(homes, people).filter(version__isnull=False)
    return theirs.values_list("version__entry_id", "delivered_on", "person_id")


def _members(memberships: Sequence[Membership], person: Person, *, by: Actor) -> list[Member]:
    """The living; with who is shielded from the others, and whose home, by the source that counts, is another."""
    if not memberships:
        return [Member(person)]
    home_id = memberships[0].home_id
    ids = [one.person_id for one in memberships]
    rows = _memberships_of(by, ids)
    shielded = {whose for whose, where, _, is_shielded, _, _ in rows if is_shielded and where == home_id}
    newest = {
        whose: (where, kinship, is_head) for whose, where, ends_on, _, kinship, is_head in rows if ends_on is None
    }
    found = []
    for one in memberships:
        where, kinship, is_head = newest[one.person_id]
        if one.person.died_on is None or one.person_id == person.pk:
            found.append(
                Member(
                    one.person,
                    kinship=kinship if where == home_id else one.kinship,
                    is_head=is_head if where == home_id else one.is_head,
                    is_open=one.person_id not in shielded,
                    is_here=where == home_id,
                )
            )
    return found


def _facts(
    people: Sequence[Person], home: Home | None, *, by: Actor, hidden: frozenset[Kind]
) -> dict[tuple[UUID | None, str], list[Fact]]:
    asked = {str(fact) for kind, fact in FACTS_ASKED.items() if kind not in hidden}
    if FactKind.OWN in asked:
        asked.add(str(FactKind.HOME_OWN))
    rows = _facts_of(by, frozenset(asked), [one.pk for one in people], [home.pk] if home else [])
    found: dict[tuple[UUID | None, str], list[Fact]] = {}
    for fact in rows:
        found.setdefault((fact.person_id, fact.kind), []).append(fact)
    return found


def _children(relations: Iterable[Relation]) -> dict[UUID, list[date | None]]:
    found: dict[UUID, list[date | None]] = {}
    for relation in relations:
        is_living = relation.other.died_on is None and not relation.other.processing_blocked
        if relation.kind == RelationKind.PARENT and relation.source != Source.DECLARED and is_living:
            found.setdefault(relation.person_id, []).append(relation.other.birth_on)
    return found


def _carers(relations: Iterable[Relation]) -> dict[UUID, bool]:
    found: dict[UUID, bool] = {}
    for relation in relations:
        if relation.kind == RelationKind.CARER:
            found[relation.person_id] = found.get(relation.person_id, False) or relation.source != Source.DECLARED
    return found


def _given(ids: Sequence[UUID], home: Home | None, *, by: Actor) -> list[Given]:
    homes = [home.pk] if home else []
    return [Given(entry_id, on, person_id) for entry_id, on, person_id in _given_to(by, homes, list(ids))]
