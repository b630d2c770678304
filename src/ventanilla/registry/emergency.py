"""Seeing what is restricted of one person in an emergency: with a reason, for an hour, and others are told at once."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.tenancy import state_purpose
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models import Flag, FlagStep, Notice, Person, ReadPurpose
from ventanilla.registry.models.people import refuse_blocked
from ventanilla.registry.watch.states import FlagKind, FlagState

LASTS = timedelta(hours=1)
FEWEST_WORDS = 5
TOLD = (Role.UAS_HEAD, Role.DATA_OFFICER)


@transaction.atomic
def break_glass(person: Person, *, by: Actor, reason: str) -> ReadPurpose:
    """Open to the actor, for an hour and in this posting, what is restricted of a person; asked again, the same hour.

    It answers alike whether or not anything is: what is above one's level is not hinted at. The heads of the UAS, data
    protection and whoever wrote what is restricted are told, and it waits to be reviewed as any flagged reading.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)  # a form sent twice opens one
    require(by, Permission.SECRECY_BREAK, person)
    if by.account_id is None or by.posting_id is None:
        raise NotAllowed("Una urgencia la abre una persona con desempeño vigente.")
    refuse_blocked(person)
    if already := open_emergency(person, by=by):
        return already
    reason = " ".join(reason.split())
    if len(reason.split()) < FEWEST_WORDS:
        raise RuleBroken(
            f"Escriba cuál es la urgencia y para qué necesita verlo, en {FEWEST_WORDS} palabras o más.", field="reason"
        )
    now = clock.now()
    purpose = ReadPurpose.objects.create(
        person=person,
        account_id=by.account_id,
        posting_id=by.posting_id,
        ground=ReadPurpose.Ground.BREAK_GLASS,
        reason=reason,
        starts_at=now,
        ends_at=now + LASTS,
    )
    state_purpose(purpose.pk)
    _raise_flag(purpose, by=by)
    told = _accounts_to_tell(person) - {by.account_id}
    Notice.objects.bulk_create(Notice(purpose=purpose, account_id=account, sent_at=now) for account in sorted(told))
    return purpose


def open_emergency(person: Person, *, by: Actor) -> ReadPurpose | None:
    """The hour that the actor has open for this person, if she has one."""
    if by.posting_id is None:
        return None
    mine = ReadPurpose.objects.visible_to(by).of_emergencies().open_at(clock.now())
    return mine.filter(person=person, posting_id=by.posting_id).order_by("-ends_at").first()


def _raise_flag(purpose: ReadPurpose, *, by: Actor) -> None:
    flag = Flag.objects.create(
        kind=FlagKind.BREAK_GLASS,
        account_id=purpose.account_id,
        posting_id=purpose.posting_id,
        unit_id=by.unit_id,
        person=purpose.person,
        purpose=purpose,
        day=clock.today(),
        entries=1,
        first_at=purpose.starts_at,
        last_at=purpose.starts_at + LASTS,
    )
    FlagStep.objects.create(flag=flag, after=FlagState.OPEN, at=purpose.starts_at, reason=purpose.reason)


def _accounts_to_tell(person: Person) -> set[UUID]:
    """Of those who work here today: the heads of the UAS, data protection, and whoever wrote what is restricted."""
    today = clock.today(person.institution.time_zone)
    here = Posting.objects.in_force_on(today).filter(institution=person.institution)
    told = here.filter(Q(role__in=TOLD) | Q(account__in=set(_authors_of_restricted(person))))
    return set(told.values_list("account_id", flat=True))


def _authors_of_restricted(person: Person) -> Iterator[UUID]:
    """Later steps write restricted records of people too; they are found by the keys that point to the person."""
    for relation in Person._meta.related_objects:
        model = relation.related_model
        columns = {field.attname for field in model._meta.local_fields}
        if relation.field.name == "person" and {"secrecy", "recorded_by_id"} <= columns:
            restricted = model._default_manager.filter(person=person, secrecy=Secrecy.RESTRICTED)
            yield from restricted.exclude(recorded_by_id=None).values_list("recorded_by_id", flat=True)
