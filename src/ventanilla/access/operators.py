"""From an account or a key to an actor: which postings are in force, and in which one she acts now."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db.models import QuerySet

from ventanilla.access.actors import NATIONAL_TIME_ZONE, Actor
from ventanilla.access.models import Account, Institution, OperatingRequirement, Posting
from ventanilla.access.models.operators import PostingQuerySet
from ventanilla.access.permissions import Agent, Permission, Role
from ventanilla.access.tenancy import within_reach
from ventanilla.core.statements import planned_once


@planned_once()
def postings_of(account: Account | UUID, *, on: date) -> list[Posting]:
    """Her postings in force, the newest first."""
    return list(Posting.objects.in_force_on(on).filter(account=account).with_context().with_unmet(on).order_by("-id"))


def posting_in_use(postings: Sequence[Posting], chosen: str | None) -> Posting | None:
    """Of her postings in force, the one she acts in: the chosen one, or the newest while she has chosen none.

    None when the chosen one is no longer in force: which one follows is hers to say, for it may be of another
    institution.
    """
    if chosen is None:
        return postings[0] if postings else None
    return next((posting for posting in postings if str(posting.pk) == chosen), None)


def actor_in(posting: Posting, *, request_id: UUID | None = None, scopes: frozenset[str] | None = None) -> Actor:
    """``posting`` must come from ``with_context``. ``scopes`` are those of the key she acts with, if it has them."""
    return Actor(
        role=Role(posting.role),
        institution_id=posting.institution_id,
        account_id=posting.account_id,
        posting_id=posting.pk,
        unit_id=posting.unit_id,
        unit_functions=frozenset(getattr(posting, "function_codes")),  # noqa: B009 - annotated by with_context
        request_id=request_id or uuid4(),
        time_zone=posting.institution.time_zone if posting.institution else NATIONAL_TIME_ZONE,
        scopes=scopes,
        named=frozenset(posting.named),
    )


def of_the_command(institution_id: int) -> Actor:
    """Whoever keeps the server, in an institution: for commands and jobs."""
    institution = Institution.objects.get(pk=institution_id)
    return Actor(Agent.COMMAND, institution.pk, time_zone=institution.time_zone)


def ever_operated() -> QuerySet[Institution]:
    """The institutions of which somebody was an operator; of the others there is nothing for a job to look after."""
    return Institution.objects.filter(pk__in=Posting.objects.values("institution")).order_by("pk")


@planned_once()
def posting_of_key(posting_id: UUID, *, on: date) -> Posting | None:
    """The posting whose key was presented, if it still opens anything: in force, of an account that is active."""
    found = Posting.objects.in_force_on(on).filter(pk=posting_id, account__is_active=True)
    return found.with_context().with_unmet(on).first()


def unmet_requirements(posting: Posting, *, on: date) -> list[OperatingRequirement]:
    """What is missing before she may operate in this posting."""
    valid = [one for one in posting.account.fulfilled.all() if one.expires_on is None or one.expires_on >= on]

    def is_met(requirement: OperatingRequirement) -> bool:
        here = {posting.institution_id} if requirement.is_per_institution else {None, posting.institution_id}
        return any(
            one.requirement_id == requirement.pk and one.version >= requirement.version and one.institution_id in here
            for one in valid
        )

    return [
        requirement
        for requirement in OperatingRequirement.objects.order_by("code")
        if (not requirement.roles or posting.role in requirement.roles) and not is_met(requirement)
    ]


def accounts_within(actor: Actor, *, on: date) -> QuerySet[Account]:
    """The accounts with a posting in force in the unit or institution that ``ACCOUNT_UNLOCK`` reaches."""
    reach = Posting.objects.in_force_on(on).filter(within_reach(actor, Permission.ACCOUNT_UNLOCK))
    return Account.objects.filter(pk__in=reach.values("account_id")).order_by("surnames", "given_names")


def registered_postings(actor: Actor) -> PostingQuerySet:
    """Every posting, ended ones too, of the unit or institution whose operators the actor registers."""
    return Posting.objects.filter(within_reach(actor, Permission.OPERATOR_REGISTER))


def registered_accounts(actor: Actor) -> QuerySet[Account]:
    return Account.objects.filter(pk__in=registered_postings(actor).values("account_id"))
