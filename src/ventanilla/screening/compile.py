"""Compiling the screening of a home: a constant number of queries, whatever the size of the home."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.benefits.models import Delivery
from ventanilla.benefits.reading import has_deliveries
from ventanilla.core import clock
from ventanilla.intake.models import Consultation
from ventanilla.intake.reading import reads_content_of
from ventanilla.intake.states import ENDED, OPEN, TONES, ConsultationState
from ventanilla.registry.freshness import reach_of
from ventanilla.registry.homes import address_of, current_memberships
from ventanilla.registry.models import ContactPoint, Dwelling, Fact, Home, Membership, Person, ReadEntry
from ventanilla.registry.profiles import Profile, needed_for
from ventanilla.registry.reading import log_reading, require_purpose
from ventanilla.registry.vocabulary import HELD_AT_ONCE, FactKind, MembershipSource, Source
from ventanilla.screening import events, rules
from ventanilla.screening.addresses import given_to_others_at
from ventanilla.screening.deliveries import by_year, given_again
from ventanilla.screening.profiles import BLOCKS, REGISTRIES, Block
from ventanilla.screening.rows import consultations_of, deliveries_of, facts_of, referrals_of, within
from ventanilla.screening.rules import CARE_KINDS
from ventanilla.screening.shapes import Benefit, Bracket, Given, Member, OpenItem, Registry, Screening, SourceDate
from ventanilla.screening.statements import Statement, statements

ENDS_SOON = timedelta(days=90)
MOST_DELIVERIES = 500
OTHER_AID = "Otra ayuda municipal"
"""Of a home; the years beyond are left to the history."""
GONE_TOLD = timedelta(days=365)
RECENT_CONSULTATIONS = 20
RECENT_EVENTS = 10
OUR_REGISTER = "Registro municipal de ayudas"


def open_screening(person: Person, *, by: Actor, profile: Profile, note: str = "") -> Screening:
    """Compile the screening for somebody who has a ground to read it, and log that she did; ``note`` says for what."""
    require(by, needed_for(profile), person)
    purpose = require_purpose(person, by=by)
    screening = compile_screening(person, by=by, profile=profile, on=clock.today())
    shown = [member.person.pk for member in screening.members]
    log_reading(logged_as(profile), of=person, shown=shown, purpose=purpose, note=note)
    return replace(screening, purpose=purpose)


def logged_as(profile: Profile) -> ReadEntry.Kind:
    return ReadEntry.Kind.FULL if profile is Profile.FULL else ReadEntry.Kind.SUMMARY


def compile_screening(person: Person, *, by: Actor, profile: Profile, on: date) -> Screening:
    """What is known of the person and her home on a day, in the blocks of the profile. Reads only."""
    is_full = profile is Profile.FULL
    memberships = current_memberships(person, by=by)
    home = memberships[0].home if memberships else None
    members = [other.person for other in memberships] or [person]
    by_id = {member.pk: member for member in members}
    facts = list(facts_of(members, home, by=by))
    for fact in facts:
        fact.person = by_id[fact.person_id] if fact.person_id else None
    told = within(profile, facts)
    newest = newest_by_statement(facts)
    current = [fact for fact in newest if not fact.is_gone]
    dwelling, is_guarded = address_of(person, home, by=by)
    benefits = benefits_in_force(facts, by_id, on)
    no_longer = benefits_gone(facts, by_id, on)
    consultations = _consultations(by_id, profile, by)
    deliveries = _deliveries(by_id, home, by) if is_full else []
    again = given_again(deliveries)
    place = None if is_guarded else dwelling
    lately = _lately(person, home, deliveries, profile=profile, by=by, on=on)
    repeated = _repeated(person, home, place, members, lately, profile=profile, by=by, on=on)
    registries = _registries(told, home, members, deliveries, profile=profile, by=by)
    grounds = rules.grounds_of_priority((fact for fact in current if fact.person_id == person.pk), on=on)
    bracket = bracket_of(facts)

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
        has_priority=bool(grounds),
        alerts=rules.alerts(
            person,
            bracket=bracket,
            benefits=benefits,
            has_home=home is not None,
            on=on,
            registries=registries,
            repeated=repeated,
            again=again,
            no_longer=no_longer,
            grounds=grounds if is_full else (),
        ),
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
                notes=rules.notes_of([f for f in current if f.person_id == other.person_id]) if is_full else (),
            )
            for other in memberships
        ],
        members_source=_members_source(memberships),
        benefits=benefits,
        no_longer=no_longer,
        given=[_told_of(one) for one in lately],
        open_items=[
            *_open_items(consultations, by=by, is_full=is_full),
            *_open_referrals(list(by_id.values()), by=by, profile=profile),
        ],
        incomes=_of(current, FactKind.HOME_INCOME, FactKind.INCOME) if is_full else (),
        dwelling_facts=_of(current, FactKind.DWELLING) if is_full else (),
        care=_of(current, *CARE_KINDS) if is_full else (),
        familias=_of(current, FactKind.FAMILIAS_STAGE, FactKind.FAMILIAS_INDICATOR) if is_full else (),
        requests=[one for one in statements(told, FactKind.RSH_REQUEST) if _is_news(one.fact, on)],
        deliveries=deliveries,
        years=by_year(deliveries, again, is_cut=len(deliveries) == MOST_DELIVERIES),
        consultations=[c for c in consultations if c.state in ENDED] if is_full else (),
        registries=registries,
        history=events.newest(
            [
                *events.of_consultations(
                    consultations, is_full=is_full, opens=lambda one: reads_content_of(one, by=by)
                ),
                *events.of_deliveries(deliveries),
                *events.of_facts(told, on=on),
                *events.of_home(memberships),
                events.of_registration(person),
            ],
            RECENT_EVENTS,
        ),
        sources=_sources(newest),
        statements={block: statements(told, *kinds) for block, kinds in _KINDS_OF_BLOCK.items()} if is_full else {},
    )


def _is_news(request: Fact, on: date) -> bool:
    return request.valid_until is None or on - request.valid_until <= rules.NEWS


def newest_by_statement(facts: Iterable[Fact]) -> list[Fact]:
    """Of each subject, kind, value that can coexist, and source: the newest. ``facts`` come newest first.

    Several subsidies or unmet indicators hold at once; of brackets, incomes and the like only the newest does. What
    the person declares and what a registry says stand side by side.
    """
    seen: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        value = fact.value if fact.kind in HELD_AT_ONCE else ""
        seen.setdefault((fact.person_id, fact.home_id, fact.kind, fact.source, value), fact)
    return list(seen.values())


def _contacts(person: Person, by: Actor) -> list[ContactPoint]:
    contacts = ContactPoint.objects.visible_to(by).filter(person=person, ended_on__isnull=True)
    return list(contacts.order_by("kind", "-as_of")[:6])


def bracket_of(facts: Sequence[Fact]) -> Bracket | None:
    official = [f for f in facts if f.kind == FactKind.RSH_BRACKET and f.source == Source.RSH]
    if not official:
        return None
    newest = official[0]
    return Bracket(int(newest.value), SourceDate(Source.RSH, newest.as_of), official[1:4])


def benefits_in_force(facts: Sequence[Fact], people: dict[UUID, Person], on: date) -> list[Benefit]:
    """What they receive, the first to end first; of what only the person declares too. ``facts`` come newest first."""
    held = (_in_force(one, on) for one in statements(facts, FactKind.SUBSIDY))
    benefits = [_benefit(one, people, on) for one in held if one]
    return sorted(benefits, key=lambda benefit: (benefit.until or date.max, benefit.name))


def _in_force(one: Statement, on: date) -> Statement | None:
    """What the registry says, or else what the person declares though the registry says that it is over."""
    if one.gone_on is None and one.fact.is_in_force_on(on):
        return one
    if one.declared and one.declared.is_in_force_on(on):
        return Statement(one.declared, before=one.before)
    return None


def benefits_gone(facts: Sequence[Fact], people: dict[UUID, Person], on: date) -> list[Benefit]:
    """What extracts of the last year no longer bring, the newest first."""
    gone = [one for one in statements(facts, FactKind.SUBSIDY) if one.gone_on and on - one.gone_on <= GONE_TOLD]
    benefits = [_benefit(one, people, on) for one in gone]
    return sorted(benefits, key=lambda benefit: benefit.gone_on or on, reverse=True)


def _benefit(one: Statement, people: dict[UUID, Person], on: date) -> Benefit:
    fact = one.fact
    return Benefit(
        name=fact.label,
        person=people.get(fact.person_id) if fact.person_id else None,
        amount=fact.amount,
        until=fact.valid_until,
        ends_soon=fact.valid_until is not None and fact.valid_until - on <= ENDS_SOON,
        source=SourceDate(Source(fact.source), fact.as_of),
        since=fact.valid_from,
        left=rules.time_left(fact.valid_until, on=on) if fact.valid_until and fact.is_in_force_on(on) else "",
        holder=people.get(fact.holder_id) if fact.holder_id else None,
        detail=fact.detail,
        statement=one,
    )


def _consultations(people: dict[UUID, Person], profile: Profile, by: Actor) -> list[Consultation]:
    """All that is open, however old, and the newest of the rest."""
    theirs = consultations_of(list(people.values()), profile=profile, by=by)
    newest = theirs.filter(state__in=ENDED).newest_first().values("pk")[:RECENT_CONSULTATIONS]
    found = theirs.filter(Q(state__in=OPEN) | Q(pk__in=newest)).with_lines()
    if profile is Profile.FULL:
        found = found.select_related("recorded_by")
    consultations = list(found.newest_first())
    for one in consultations:
        one.person = people[one.person_id] if one.person_id else None
    return consultations


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


def _open_referrals(people: Sequence[Person], *, by: Actor, profile: Profile) -> list[OpenItem]:
    """Whom another unit has still to answer, of these people: the late first."""
    waiting = (
        referrals_of(people, profile=profile, by=by).open().select_related("to_unit", "to_provider").soonest_first()
    )
    is_full = profile is Profile.FULL
    return [
        OpenItem(
            kind="Derivación",
            unit=one.receiver.name,
            state=one.get_state_display(),
            tone=one.tone,
            since=one.sent_at,
            due=one.due_on,
            folio=one.folio if is_full else "",
            reasons=one.title if is_full else "",
            url=one.get_absolute_url() if by.unit_id in (one.to_unit_id, one.from_unit_id) else "",
        )
        for one in waiting
    ]


def _deliveries(people: dict[UUID, Person], home: Home | None, by: Actor) -> list[Delivery]:
    found = list(deliveries_of(list(people.values()), home, by=by)[:MOST_DELIVERIES])
    for delivery in found:
        delivery.person = people[delivery.person_id] if delivery.person_id else None
    return found


def _lately(
    person: Person, home: Home | None, deliveries: Sequence[Delivery], *, profile: Profile, by: Actor, on: date
) -> list[Delivery]:
    """What she or her home was given in the last months, the newest first."""
    since = clock.months_before(on, settings.SAME_BENEFIT_MONTHS)
    if profile is Profile.SUMMARY:
        return list(deliveries_of([person], home, by=by).filter(delivered_on__gte=since)[:MOST_DELIVERIES])
    return [one for one in deliveries if one.delivered_on >= since and one.person_id in (None, person.pk)]


def _told_of(delivery: Delivery) -> Given:
    """By the name that the municipality publishes; what somebody typed may tell of an illness."""
    return Given(delivery.label if delivery.version_id else OTHER_AID, delivery.delivered_on)


def _repeated(
    person: Person,
    home: Home | None,
    dwelling: Dwelling | None,
    members: Sequence[Person],
    lately: Sequence[Delivery],
    *,
    profile: Profile,
    by: Actor,
    on: date,
) -> list[tuple[Given, bool]]:
    """What others were given lately at her address; the summary is told only of what she or her home had too."""
    is_full = profile is Profile.FULL
    if dwelling is None:
        return []
    since = clock.months_before(on, settings.SAME_BENEFIT_MONTHS)
    hers = [Given(one.label, one.delivered_on) for one in lately]
    if not (hers or is_full):
        return []
    housemates = [member for member in members if member != person] if hers else []
    others = given_to_others_at(dwelling, home=home, housemates=housemates, by=by, since=since)
    return rules.repeated_here(hers, others, tells_all=is_full)


def _registries(
    told: Iterable[Fact],
    home: Home | None,
    members: Sequence[Person],
    deliveries: Sequence[Delivery],
    *,
    profile: Profile,
    by: Actor,
) -> list[Registry]:
    """How fresh each registry is that the profile is told of, by what it says of this home."""
    dates = [(fact.source, fact.as_of) for fact in told if fact.kind != FactKind.RSH_REQUEST]
    dates += [(row.source, row.as_of) for row in (*members, *([home] if home else ())) if row.as_of]
    newest = {Source(source): as_of for source, as_of in sorted(dates, key=lambda pair: pair[1])}
    asked = REGISTRIES[profile]
    found = rules.registries(asked, of_home=newest, reach=reach_of([one for one in asked if one not in newest]))
    if profile is Profile.FULL:
        last = deliveries[0].delivered_on if deliveries else None
        is_loaded = bool(deliveries) or has_deliveries()
        found.append(Registry(OUR_REGISTER, last, is_loaded, ages=False))
    return found


def _of(facts: Iterable[Fact], *kinds: FactKind) -> list[Fact]:
    return [fact for fact in facts if fact.kind in kinds]


def _members_source(memberships: Sequence[Membership]) -> SourceDate | None:
    """The newest day on which the source said who lives there: somebody came, or the home itself was said again."""
    if not memberships:
        return None
    source = Source.RSH if memberships[0].source == MembershipSource.RSH else Source.DECLARED
    days = [membership.starts_on for membership in memberships]
    home = memberships[0].home
    if home.as_of and home.source == source:
        days.append(home.as_of)
    return SourceDate(source, max(days))


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
