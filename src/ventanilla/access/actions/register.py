"""The register of operators: accounts made, postings given, suspended, ended and confirmed, each leaving its row."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from ventanilla.access import open_sessions
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, FulfilledRequirement, OpenSession, Posting, RegisterEntry, Unit
from ventanilla.access.operators import registered_accounts, registered_postings
from ventanilla.access.permissions import (
    MAY_BE_NAMED,
    NAMED,
    NAMED_IN_WORDS,
    Permission,
    Role,
    Scope,
    gives,
)
from ventanilla.access.register_rules import objections_to_role
from ventanilla.access.requirements import SECOND_FACTOR
from ventanilla.access.second_factor import remove_factor
from ventanilla.access.usernames import propose_username
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.run import Run

Change = RegisterEntry.Change

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is taken for something else when read from paper."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    run: Run
    given_names: str = ""
    surnames: str = ""
    email: str = ""
    profession: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A posting to give."""

    role: Role
    unit: Unit | None
    starts_on: date
    ends_on: date | None = None
    nature: str = Posting.Nature.TITULAR
    act: str = ""


def write_entry(
    change: RegisterEntry.Change,
    account: Account,
    *,
    by: Actor,
    posting: Posting | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> None:
    RegisterEntry.objects.create(
        account=account,
        posting=posting,
        change=change,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        at=clock.now(),
        by_id=by.account_id,
        by_posting_id=by.posting_id,
    )


def one_time_password() -> str:
    """Twelve letters and digits, to be said once and changed at first entry."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))


@transaction.atomic
def register_operator(person: PersonDetails, *, by: Actor) -> tuple[Account, str | None]:
    """Her account by RUN, and the one-time password if it was made now; one of another institution stays as it is."""
    require(by, Permission.OPERATOR_REGISTER)
    found = Account.objects.filter(run=person.run.canonical).first()
    if found is not None:
        return found, None
    if not person.given_names.strip() or not person.surnames.strip():
        raise RuleBroken("No hay una cuenta con ese RUN. Escriba sus nombres y apellidos.", field="given_names")
    account = Account(
        username=propose_username(person.given_names, person.surnames),
        given_names=person.given_names,
        surnames=person.surnames,
        run=person.run.canonical,
        email=person.email,
        profession=person.profession,
        must_change_password=True,
    )
    password = one_time_password()
    account.set_password(password)
    account.save()
    write_entry(Change.REGISTERED, account, by=by)
    return account, password


@transaction.atomic
def give_posting(account: Account, given: Given, *, by: Actor) -> Posting:
    """A role in the giver's own reach, never to herself."""
    require(by, Permission.OPERATOR_REGISTER)
    _not_oneself(account, by)
    unit = given.unit
    if unit is not None and unit.institution_id != by.institution_id:
        raise NotAllowed("Esa unidad no es de su institución.")
    if by.scope(Permission.OPERATOR_REGISTER) is Scope.UNIT and (unit is None or unit.pk != by.unit_id):
        raise RuleBroken("Usted asigna desempeños en su unidad.", field="unit")
    functions = None if unit is None else frozenset(unit.functions.values_list("function_id", flat=True))
    for objection in objections_to_role(by.role, given.role, functions):
        raise RuleBroken(objection, field="role")
    if given.nature != Posting.Nature.TITULAR and not given.act.strip():
        raise RuleBroken("Una subrogancia o suplencia lleva el acto que la dispone.", field="act")
    if given.ends_on is not None and given.ends_on < given.starts_on:
        raise RuleBroken("El término no puede ser anterior al inicio.", field="ends_on")
    Account.objects.select_for_update().get(pk=account.pk)  # of two at once the second sees the first
    same = Posting.objects.filter(account=account, role=given.role, institution_id=by.institution, unit=unit)
    until = Q() if given.ends_on is None else Q(starts_on__lte=given.ends_on)
    if same.filter(until, Q(ends_on__isnull=True) | Q(ends_on__gte=given.starts_on)).exists():
        raise RuleBroken("Ya tiene ese desempeño en esas fechas.", field="starts_on")
    posting = Posting.objects.create(
        account=account,
        role=given.role,
        institution_id=by.institution,
        unit=unit,
        nature=given.nature,
        act=given.act,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    write_entry(
        Change.GIVEN,
        account,
        by=by,
        posting=posting,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        reason=given.act,
    )
    return posting


@transaction.atomic
def suspend_posting(posting: Posting, *, by: Actor, starts_on: date, ends_on: date | None, reason: str) -> None:
    """Leave, or a substitution given back: she does not act in it between two days. One leave at a time."""
    _lock(posting, by)
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("La suspensión no puede terminar antes de empezar.", field="ends_on")
    last = posting.away_until
    if posting.away_from is not None and (last is None or last >= clock.today()):
        raise RuleBroken("Ya tiene una suspensión anotada. Retómelo antes de anotar otra.", field="starts_on")
    posting.away_from, posting.away_until = starts_on, ends_on
    posting.save(update_fields=["away_from", "away_until"])
    write_entry(
        Change.AWAY, posting.account, by=by, posting=posting, starts_on=starts_on, ends_on=ends_on, reason=reason
    )


@transaction.atomic
def resume_posting(posting: Posting, *, by: Actor, reason: str = "") -> None:
    _lock(posting, by)
    if posting.away_from is None:
        raise RuleBroken("Ese desempeño no está suspendido.")
    posting.away_from = posting.away_until = None
    posting.save(update_fields=["away_from", "away_until"])
    write_entry(Change.BACK, posting.account, by=by, posting=posting, starts_on=clock.today(), reason=reason)


@transaction.atomic
def end_posting(posting: Posting, *, by: Actor, on: date, reason: str) -> None:
    """The last day it is served; what was done in it stays in its name."""
    _lock(posting, by)
    if on < posting.starts_on:
        raise RuleBroken("El término no puede ser anterior al inicio.", field="on")
    if posting.ends_on is not None and posting.ends_on < clock.today():
        raise RuleBroken("Ese desempeño ya había terminado.")
    posting.ends_on = on
    posting.save(update_fields=["ends_on"])
    write_entry(Change.ENDED, posting.account, by=by, posting=posting, ends_on=on, reason=reason)


@transaction.atomic
def confirm_posting(posting: Posting, *, by: Actor) -> None:
    """The quarterly recertification: whoever answers for the posting says that it is still right."""
    _lock(posting, by)
    write_entry(Change.CONFIRMED, posting.account, by=by, posting=posting, starts_on=clock.today())


@transaction.atomic
def name_right(posting: Posting, right: Permission, *, by: Actor, is_given: bool, reason: str) -> None:
    """Give an operator of one's own a right that one has, for as long as she holds that posting; or take it back."""
    _lock(posting, by)
    require(by, right, posting)
    if right not in NAMED or Role(posting.role) not in MAY_BE_NAMED:
        raise RuleBroken("Ese encargo no se da en un desempeño como este.")
    if (right in posting.named) == is_given:
        raise RuleBroken("Ya tiene ese encargo." if is_given else "Ya no tiene ese encargo.")
    posting.named = sorted({*posting.named, right} if is_given else {*posting.named} - {right})
    posting.save(update_fields=["named"])
    change = Change.RIGHT_GIVEN if is_given else Change.RIGHT_TAKEN
    write_entry(change, posting.account, by=by, posting=posting, reason=f"{NAMED_IN_WORDS[right]}: {reason}"[:300])


@transaction.atomic
def suspend_account(account: Account, *, by: Actor, reason: str) -> None:
    """Out at once, in every door: sessions are ended here, and keys ask whether the account is active."""
    _whole_account(account, by)
    account.is_active = False
    account.save(update_fields=["is_active"])
    open_sessions.close(OpenSession.objects.filter(account=account))
    write_entry(Change.SUSPENDED, account, by=by, reason=reason)


@transaction.atomic
def restore_account(account: Account, *, by: Actor, reason: str) -> None:
    _whole_account(account, by)
    account.is_active = True
    account.save(update_fields=["is_active"])
    write_entry(Change.RESTORED, account, by=by, reason=reason)


@transaction.atomic
def give_new_password(account: Account, *, by: Actor, reason: str) -> str:
    """A one-time password for somebody who forgot hers; it is returned once, and her sessions end."""
    _whole_account(account, by)
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    open_sessions.close(OpenSession.objects.filter(account=account))
    write_entry(Change.PASSWORD_GIVEN, account, by=by, reason=reason)
    return password


@transaction.atomic
def reset_second_factor(account: Account, *, by: Actor, reason: str) -> None:
    """For who lost telephone and codes: she signs in by password and activates it again."""
    _whole_account(account, by)
    remove_factor(account)
    FulfilledRequirement.objects.filter(account=account, requirement_id=SECOND_FACTOR).delete()
    open_sessions.close(OpenSession.objects.filter(account=account))
    write_entry(Change.FACTOR_OFF, account, by=by, reason=reason)


def _lock(posting: Posting, by: Actor) -> None:
    posting.refresh_from_db(from_queryset=Posting.objects.select_for_update())
    require(by, Permission.OPERATOR_REGISTER, posting)
    _not_oneself(posting.account, by)
    if Role(posting.role) not in gives(by.role):
        raise NotAllowed("Ese desempeño lo administra otra persona: su rol no puede darlo ni cambiarlo.")
    if not registered_postings(by).filter(pk=posting.pk).exists():
        raise NotAllowed("Ese desempeño no es de su alcance.")


def _not_oneself(account: Account, by: Actor) -> None:
    if account.pk == by.account_id:
        raise NotAllowed("Nadie cambia sus propios desempeños ni su propia cuenta en el registro.")


def _whole_account(account: Account, by: Actor) -> None:
    """An account is national: only whoever answers for all its postings acts on it whole."""
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    require(by, Permission.OPERATOR_REGISTER)
    _not_oneself(account, by)
    if not registered_accounts(by).filter(pk=account.pk).exists():
        raise NotAllowed("Esa cuenta no es de su alcance.")
    living = Posting.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), account=account)
    mine = registered_postings(by).filter(role__in=gives(by.role))
    if living.exclude(pk__in=mine.values("pk")).exists():
        raise RuleBroken("Esta persona tiene también desempeños fuera de su alcance: suspenda solo los que son suyos.")
