"""Compiling the screening of a home: a constant number of queries, whatever the size of the home."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import TONES, ConsultationState
from ventanilla.registry.homes import current_memberships
from ventanilla.registry.models import ContactPoint, Dwelling, Fact, Home, Membership, Person, ReadEntry, Residence
from ventanilla.registry.reading import log_reading, require_purpose
from ventanilla.registry.vocabulary import FactKind, MembershipSource, Source, Subsidy
from ventanilla.screening.profiles import BLOCKS, Block, Profile
from ventanilla.screening.rules import CARE_KINDS, alerts, is_priority, notes_of
from ventanilla.screening.shapes import Benefit, Bracket, Member, OpenItem, Screening, SourceDate

ENDS_SOON = timedelta(days=90)
RECENT_DELIVERIES = 50
RECENT_CONSULTATIONS = 20

OPEN = (ConsultationState.WAITING, ConsultationState.IN_ATTENTION, ConsultationState.ATTENDED)
ENDED = (ConsultationState.ATTENDED, ConsultationState.RESOLVED)


def open_screening(person: Person, *, by: Actor, profile: Profile) -> Screening:
    """Compile the screening for somebody who has a ground to read it, and log that she did."""
    require(by, Permission.SCREENING_FULL if profile is Profile.FULL else Permission.SCREENING_SUMMARY, person)
    purpose = require_purpose(person, by=by)
    screening = compile_screening(person, by=by, profile=profile, on=clock.today())
    kind = ReadEntry.Kind.FULL if profile is Profile.FULL else ReadEntry.Kind.SUMMARY
    log_reading(kind, of=person, shown=[member.person.pk for member in screening.members], purpose=purpose)
    return screening


def compile_screening(person: Person, *, by: Actor, profile: Profile, on: date) -> Screening:
    """What is known of the person and her home on a day, in the blocks of the profile. Reads only."""
    memberships = current_memberships(person, by=by)
    home = memberships[0].home if memberships else None
    members = [other.person for other in memberships] or [person]
    facts = _facts(person, home.pk if home else None, [member.pk for member in members], by)
    current = newest_by_statement(facts)
    dwelling = _address(person, home, by)
    benefits = _benefits(current, {member.pk: member for member in members}, on)
    consultations = _consultations(members, by)
    is_full = profile is Profile.FULL
    priority = is_priority(fact for fact in current if fact.person_id == person.pk)
    bracket = _bracket(facts)

    return Screening(
        person=person,
        profile=profile,
        compiled_at=clock.now(),
        on=on,
        age=person.age_on(on),
        blocks=BLOCKS[profile],
        home=home,
        dwelling=dwelling,
        contacts=_contacts(person, by),
        has_priority=priority,
        alerts=alerts(person, bracket=bracket, benefits=benefits, has_home=home is not None, on=on),
        bracket=bracket,
        declared_bracket=next(
            (f for f in current if f.kind == FactKind.RSH_BRACKET and f.source == Source.DECLARED), None
        ),
        members=[
            Member(
                person=other.person,
                kinship=other.get_kinship_display(),
                is_head=other.is_head,
                age=other.person.age_on(on),
                notes=notes_of([f for f in current if f.person_id == other.person_id]) if is_full else (),
            )
            for other in memberships
        ],
        members_source=_members_source(memberships),
        benefits=benefits,
        open_items=_open_items(consultations, by=by, is_full=is_full),
        incomes=_of(current, FactKind.HOME_INCOME, FactKind.INCOME) if is_full else (),
        dwelling_facts=_of(current, FactKind.DWELLING) if is_full else (),
        care=_of(current, *CARE_KINDS) if is_full else (),
        familias=_of(current, FactKind.FAMILIAS_STAGE, FactKind.FAMILIAS_INDICATOR) if is_full else (),
        deliveries=_deliveries(home.pk if home else None, members, by) if is_full else (),
        consultations=[c for c in consultations if c.state in ENDED] if is_full else (),
        sources=_sources(current),
    )


def _facts(person: Person, home_id: UUID | None, person_ids: Sequence[UUID], by: Actor) -> list[Fact]:
    about = Q(person_id__in=person_ids)
    if home_id:
        about |= Q(home_id=home_id)
    return list(Fact.objects.visible_to(by).filter(about).select_related("person").newest_first())


def newest_by_statement(facts: Iterable[Fact]) -> list[Fact]:
    """Of each subject, kind, value that can coexist, and source: the newest. ``facts`` come newest first.

    Several subsidies or unmet indicators hold at once; of brackets, incomes and the like only the newest does. What
    the person declares and what a registry says stand side by side.
    """
    coexist = {FactKind.SUBSIDY, FactKind.FAMILIAS_INDICATOR, FactKind.DWELLING, FactKind.INCOME}
    seen: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        value = fact.value if fact.kind in coexist else ""
        seen.setdefault((fact.person_id, fact.home_id, fact.kind, fact.source, value), fact)
    return list(seen.values())


def _address(person: Person, home: Home | None, by: Actor) -> Dwelling | None:
    """Where she lives: her own residence if she has one, else her home's. None of it if one is above the actor."""
    residences = Residence.objects.filter(person=person, ends_on__isnull=True).select_related("dwelling")
    mine = list(residences.order_by("-starts_on", "-id"))
    if not mine:
        return home.dwelling if home else None
    visible = set(
        Residence.objects.visible_to(by).filter(pk__in=[residence.pk for residence in mine]).values_list("pk")
    )
    return mine[0].dwelling if all((residence.pk,) in visible for residence in mine) else None


def _contacts(person: Person, by: Actor) -> list[ContactPoint]:
    contacts = ContactPoint.objects.visible_to(by).filter(person=person, ended_on__isnull=True)
    return list(contacts.order_by("kind", "-as_of")[:6])


def _bracket(facts: Sequence[Fact]) -> Bracket | None:
    official = [f for f in facts if f.kind == FactKind.RSH_BRACKET and f.source == Source.RSH]
    if not official:
        return None
    newest = official[0]
    return Bracket(int(newest.value), SourceDate(Source.RSH, newest.as_of), official[1:4])


def _benefits(current: Sequence[Fact], people: dict[UUID, Person], on: date) -> list[Benefit]:
    in_force = [
        fact
        for fact in current
        if fact.kind == FactKind.SUBSIDY and (fact.valid_until is None or fact.valid_until >= on)
    ]
    benefits = [
        Benefit(
            name=Subsidy(fact.value).label if fact.value in Subsidy.values else fact.value,
            person=people.get(fact.person_id) if fact.person_id else None,
            amount=fact.amount,
            until=fact.valid_until,
            ends_soon=fact.valid_until is not None and fact.valid_until - on <= ENDS_SOON,
            source=SourceDate(Source(fact.source), fact.as_of),
        )
        for fact in in_force
    ]
    return sorted(benefits, key=lambda benefit: (benefit.until or date.max, benefit.name))


def _consultations(members: Sequence[Person], by: Actor) -> list[Consultation]:
    """All that is open, however old, and the newest of the rest."""
    theirs = Consultation.objects.visible_to(by).filter(person__in=members)
    newest = theirs.filter(state__in=ENDED).newest_first().values("pk")[:RECENT_CONSULTATIONS]
    return list(theirs.filter(Q(state__in=OPEN) | Q(pk__in=newest)).with_lines().newest_first())


def _open_items(consultations: Sequence[Consultation], *, by: Actor, is_full: bool) -> list[OpenItem]:
    """What waits for an answer somewhere; the consultation that the actor has in her hands is not news to her."""
    items = []
    for consultation in consultations:
        in_her_hands = consultation.is_in_attention and consultation.recorded_by_id == by.account_id
        if consultation.state not in OPEN or in_her_hands:
            continue
        lines = [line for line in consultation.lines.all() if not line.is_answered]
        due = min((line.awaited_until for line in lines if line.awaited_until), default=None)
        items.append(
            OpenItem(
                kind="Consulta",
                unit=consultation.unit.name,
                state=consultation.get_state_display(),
                tone=TONES[ConsultationState(consultation.state)],
                since=consultation.occurred_at,
                due=due,
                folio=consultation.folio if is_full else "",
                reasons=", ".join(line.name for line in lines) if is_full else "",
            )
        )
    return items


def _deliveries(home_id: UUID | None, members: Sequence[Person], by: Actor) -> list[Delivery]:
    homes = [home_id] if home_id else []
    deliveries = Delivery.objects.visible_to(by).to_home(homes, [member.pk for member in members])
    return list(deliveries.select_related("person", "unit").newest_first()[:RECENT_DELIVERIES])


def _of(facts: Iterable[Fact], *kinds: FactKind) -> list[Fact]:
    return [fact for fact in facts if fact.kind in kinds]


def _members_source(memberships: Sequence[Membership]) -> SourceDate | None:
    if not memberships:
        return None
    source = Source.RSH if memberships[0].source == MembershipSource.RSH else Source.DECLARED
    return SourceDate(source, max(membership.starts_on for membership in memberships))


_KINDS_OF_BLOCK = {
    Block.BENEFITS: (FactKind.SUBSIDY,),
    Block.INCOMES: (FactKind.HOME_INCOME, FactKind.INCOME),
    Block.DWELLING: (FactKind.DWELLING,),
    Block.CARE: CARE_KINDS,
    Block.FAMILIAS: (FactKind.FAMILIAS_STAGE, FactKind.FAMILIAS_INDICATOR),
}


def _sources(current: Sequence[Fact]) -> dict[Block, Sequence[SourceDate]]:
    """For the foot of each block: its sources, each with its newest date."""
    feet: dict[Block, Sequence[SourceDate]] = {}
    for block, kinds in _KINDS_OF_BLOCK.items():
        newest: dict[str, date] = {}
        for fact in current:
            if fact.kind in kinds:
                newest[fact.source] = max(newest.get(fact.source, fact.as_of), fact.as_of)
        feet[block] = [SourceDate(Source(source), as_of) for source, as_of in sorted(newest.items())]
    return feet
