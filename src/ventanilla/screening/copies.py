"""What a person takes home of her own record: the right of access of Ley 21.719, in one paper.

She has the right to know all that is kept of her, where it comes from and who looked (art. 5); the paper may be read
at home by anybody, the one she is protected from included. So it holds her own data only: what registries and she
herself say of her, what she receives, what she was given, the attentions she came to; the bracket of her home, which
is also hers. Not in it: any other member's data, a child's neither (each asks for her own, or whoever represents her
shows that she does); what is said of the home as such, which adds up others; what is reserved, whoever prints; working
notes and alerts, which are the desk's; the reason for which it was opened. Every copy says so in the same words, so
that the words tell nothing. Who has the summary profile prints what it shows; the copy says where the rest is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Posting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import ENDED
from ventanilla.registry.homes import home_of
from ventanilla.registry.models import (
    ContactPoint,
    Dwelling,
    Fact,
    Membership,
    Person,
    ReadEntry,
    ReadPurpose,
    Residence,
)
from ventanilla.registry.profiles import Profile, needed_for
from ventanilla.registry.reading import log_reading, require_purpose
from ventanilla.registry.vocabulary import FactKind
from ventanilla.screening.compile import benefits_in_force, bracket_of, logged_as, newest_by_statement
from ventanilla.screening.rows import consultations_of, deliveries_of, facts_of, within
from ventanilla.screening.shapes import Benefit, Bracket

MONTHS_OF_READINGS = 12
NOTE = "copia para la persona"


@dataclass(frozen=True, slots=True)
class Looks:
    """How many times her record was looked at from a unit in a month."""

    month: date
    unit: str
    times: int


@dataclass(frozen=True, slots=True)
class HerCopy:
    """Her own data, as the paper tells them."""

    person: Person
    profile: Profile
    on: date
    age: int | None
    purpose: ReadPurpose
    contacts: Sequence[ContactPoint]
    dwelling: Dwelling | None
    membership: Membership | None
    bracket: Bracket | None
    benefits: Sequence[Benefit]
    facts: Sequence[Fact]
    deliveries: Sequence[Delivery]
    consultations: Sequence[Consultation]
    looks: Sequence[Looks] | None = None


def open_her_copy(person: Person, *, by: Actor, profile: Profile, with_looks: bool) -> HerCopy:
    """The copy, for somebody who has a ground to read the record; that it was printed is logged."""
    require(by, needed_for(profile), person)
    purpose = require_purpose(person, by=by)
    copy = _copy(person, by=by, profile=profile, purpose=purpose, with_looks=with_looks)
    log_reading(logged_as(profile), of=person, purpose=purpose, note=NOTE)
    return copy


def _copy(person: Person, *, by: Actor, profile: Profile, purpose: ReadPurpose, with_looks: bool) -> HerCopy:
    on, is_full = clock.today(), profile is Profile.FULL
    home = home_of(person, by=by)
    told = within(profile, list(facts_of([person], home, by=by)))
    hers = [fact for fact in newest_by_statement(told) if fact.person_id == person.pk and not fact.is_gone]
    consultations = consultations_of([person], profile=profile, by=by).filter(secrecy=Secrecy.ORDINARY, state__in=ENDED)
    mine = Membership.objects.visible_to(by).filter(person=person, home=home, ends_on__isnull=True)
    return HerCopy(
        person=person,
        profile=profile,
        on=on,
        age=person.age_on(on),
        purpose=purpose,
        contacts=list(
            ContactPoint.objects.visible_to(by)
            .filter(person=person, ended_on__isnull=True, secrecy=Secrecy.ORDINARY)
            .order_by("kind", "-as_of")
        ),
        dwelling=_open_address(person, home.dwelling if home else None),
        membership=mine.order_by("-source").first() if home else None,
        bracket=bracket_of(told),
        benefits=benefits_in_force([f for f in told if f.person_id == person.pk], {person.pk: person}, on),
        facts=[fact for fact in hers if fact.kind != FactKind.SUBSIDY],
        deliveries=list(deliveries_of([person], home, by=by)) if is_full else [],
        consultations=list(consultations.with_lines().newest_first()),
        looks=looks_at(person, by=by, since=clock.months_before(on.replace(day=1), MONTHS_OF_READINGS - 1))
        if with_looks
        else None,
    )


def _open_address(person: Person, of_home: Dwelling | None) -> Dwelling | None:
    """Where she lives, unless any address of hers is guarded: then nothing, and nothing that says so."""
    residences = Residence.objects.filter(person=person, ends_on__isnull=True).select_related("dwelling")
    mine = list(residences.order_by("-starts_on", "-id"))
    if any(residence.secrecy != Secrecy.ORDINARY for residence in mine):
        return None
    return mine[0].dwelling if mine else of_home


def looks_at(person: Person, *, by: Actor, since: date) -> list[Looks]:
    """Her record's openings since a day, by unit and month, the newest first; one request counts once.

    Those founded on a consultation above ordinary, and readings of one, are left out: the unit alone would tell of it.
    """
    kinds = (ReadEntry.Kind.SUMMARY, ReadEntry.Kind.FULL, ReadEntry.Kind.CONSULTATION)
    rows = list(
        ReadEntry.objects.filter(institution_id=by.institution, person_id=person.pk, kind__in=kinds)
        .filter(at__gte=timezone.make_aware(datetime.combine(since, time.min)), purpose_id__isnull=False)
        .exclude(kind=ReadEntry.Kind.CONSULTATION, note="")
        .annotate(month=TruncMonth("at"))
        .values("month", "posting_id", "purpose_id")
        .annotate(times=Count("request_id", distinct=True))
    )
    founded = dict(
        ReadPurpose.objects.filter(pk__in={row["purpose_id"] for row in rows}, reference_id__isnull=False).values_list(
            "pk", "reference_id"
        )
    )
    ordinary = set(
        Consultation.objects.filter(pk__in=set(founded.values()), secrecy=Secrecy.ORDINARY).values_list("pk", flat=True)
    )
    postings = Posting.objects.filter(pk__in={row["posting_id"] for row in rows})
    units: dict[UUID | None, str | None] = dict(postings.values_list("pk", "unit__name"))
    counted: dict[tuple[date, str], int] = {}
    for row in rows:
        if row["purpose_id"] in founded and founded[row["purpose_id"]] not in ordinary:
            continue
        where = (row["month"].date(), units.get(row["posting_id"]) or "Otra unidad de la municipalidad")
        counted[where] = counted.get(where, 0) + row["times"]
    newest_first = sorted(counted.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return [Looks(month, unit, times) for (month, unit), times in newest_first]
