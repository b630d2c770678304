"""What each does with her own account: sign the agreement, change her password, her second factor, her sessions."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from ventanilla.access import open_sessions
from ventanilla.access.actions.keys import write_key_entry
from ventanilla.access.actions.register import write_entry
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import (
    Account,
    AgreementSignature,
    ApiToken,
    FulfilledRequirement,
    OpenSession,
    Posting,
    RegisterEntry,
)
from ventanilla.access.permissions import NEEDS_SECOND_FACTOR, Permission
from ventanilla.access.requirements import CONFIDENTIALITY, SECOND_FACTOR, sha256_of, text_in_force
from ventanilla.access.second_factor import has_factor, remove_factor, set_codes, set_factor, step_of
from ventanilla.access.sessions import stored
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import digest, new_secret
from ventanilla.core.run import parse

Change = RegisterEntry.Change


@transaction.atomic
def sign_agreement(*, by: Actor, sha256: str) -> AgreementSignature:
    """Accept the text in force, which must be the one that was read; good for a year in this institution."""
    require(by, Permission.SESSION_USE)
    text, today = text_in_force(), clock.today()
    if sha256 != sha256_of(text):
        raise RuleBroken("El texto del acuerdo cambió mientras lo leía. Léalo de nuevo y fírmelo.")
    account = Account.objects.select_for_update().get(pk=by.account)
    run = f", RUN {parse(account.run)}" if account.run else ""
    signature = AgreementSignature.objects.create(
        account=account,
        posting_id=by.posting_id,  # type: ignore[misc]  # who has an account acts in a posting
        institution_id=by.institution_id,
        text=text,
        sha256=sha256,
        signed_as=f"{account.full_name}{run}",
        signed_at=clock.now(),
        expires_on=today + timedelta(days=settings.AGREEMENT_DAYS),
    )
    met = {"account": account, "requirement_id": CONFIDENTIALITY, "institution_id": by.institution_id}
    FulfilledRequirement.objects.filter(**met).delete()
    FulfilledRequirement.objects.create(**met, version=text.number, met_on=today, expires_on=signature.expires_on)
    return signature


@transaction.atomic
def change_own_password(*, by: Actor, old: str, new: str, session_key: str | None) -> Account:
    """Ends every other session of hers; the caller keeps its own open."""
    require(by, Permission.SESSION_USE)
    account = Account.objects.select_for_update().get(pk=by.account)
    if not account.check_password(old):
        raise RuleBroken("Esa no es su contraseña actual.", field="old")
    if old == new:
        raise RuleBroken("La contraseña nueva tiene que ser otra.", field="new")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="new") from error
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    open_sessions.close(_others(account, session_key))
    write_entry(Change.PASSWORD_CHANGED, account, by=by)
    return account


@transaction.atomic
def close_sessions(*, by: Actor, session_key: str | None, only: UUID | None = None) -> int:
    """Close one of her other sessions, or all of them; returns how many."""
    require(by, Permission.SESSION_USE)
    others = _others(Account.objects.get(pk=by.account), session_key)
    return open_sessions.close(others.filter(pk=only) if only else others)


def _others(account: Account, session_key: str | None) -> QuerySet[OpenSession]:
    return OpenSession.objects.filter(account=account).exclude(key=stored(session_key or ""))


@transaction.atomic
def activate_second_factor(*, by: Actor, secret: str, code: str) -> list[str]:
    """Prove with one code that the telephone has the secret; returns the recovery codes, once."""
    require(by, Permission.SESSION_USE)
    account = Account.objects.select_for_update().get(pk=by.account)
    if has_factor(account):
        raise RuleBroken("Su segundo factor ya está activo.")
    if step_of(secret, code, at=clock.now()) is None:
        raise RuleBroken(
            "El código no corresponde. Revise la hora de su teléfono y escriba el que muestra ahora.", field="code"
        )
    codes = set_factor(account, secret)
    FulfilledRequirement.objects.get_or_create(
        account=account, requirement_id=SECOND_FACTOR, institution=None, defaults={"met_on": clock.today()}
    )
    write_entry(Change.FACTOR_ON, account, by=by)
    return codes


@transaction.atomic
def renew_recovery_codes(*, by: Actor, password: str) -> list[str]:
    """A session left open is not enough: they would open the door for ever."""
    account = _proved(by, password)
    if not has_factor(account):
        raise RuleBroken("Active primero el segundo factor.")
    codes = set_codes(account)
    write_entry(Change.CODES_RENEWED, account, by=by)
    return codes


@transaction.atomic
def deactivate_second_factor(*, by: Actor, password: str) -> None:
    """Only where it is not obligatory."""
    account = _proved(by, password)
    held = Posting.objects.in_force_on(clock.today()).filter(account=account)
    if held.filter(role__in=NEEDS_SECOND_FACTOR).exists():
        raise RuleBroken("Uno de sus desempeños lo exige: no se puede quitar.")
    remove_factor(account)
    FulfilledRequirement.objects.filter(account=account, requirement_id=SECOND_FACTOR).delete()
    write_entry(Change.FACTOR_OFF, account, by=by)


@transaction.atomic
def take_key(token_id: UUID, *, by: Actor, password: str) -> str:
    """The secret of a key granted to her, returned this once. It opens for long, so that her password is asked."""
    account = _proved(by, password)
    granted = ApiToken.objects.in_force_at(clock.now()).filter(posting__account=account, digest=None)
    token = granted.select_for_update(of=("self",)).select_related("posting__account").filter(pk=token_id).first()
    if token is None:
        raise RuleBroken("Esa llave ya se retiró, venció o se revocó. Si la necesita, pida otra.")
    secret = new_secret()
    token.digest = digest(secret)
    token.save(update_fields=["digest"])
    write_key_entry(Change.KEY_TAKEN, token, by=by)
    return secret


def _proved(by: Actor, password: str) -> Account:
    """The actor's account, locked, after her password."""
    require(by, Permission.SESSION_USE)
    account = Account.objects.select_for_update().get(pk=by.account)
    if not account.check_password(password):
        raise RuleBroken("Esa no es su contraseña.", field="password")
    return account
