"""Readings of the demonstration that draw attention: an operator who looks herself up, and an emergency."""

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.run import parse
from ventanilla.registry.actions import PersonDetails, register_person
from ventanilla.registry.emergency import break_glass
from ventanilla.registry.models import Notice, Person, ReadPurpose
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import open_purpose
from ventanilla.screening.compile import open_screening


def draw_attention(institution: int) -> None:
    """The first time: an operator registered as a neighbour opens her own record, and another breaks the glass."""
    units = Unit.objects.filter(institution_id=institution, functions__function=SOCIAL_ASSISTANCE)
    unit = units.order_by("code").first()
    worker = _actor(institution, Role.CASE_WORKER, unit)
    if worker is None:
        return
    with acting(worker):
        if Notice.objects.filter(institution_id=institution).exists():
            return
        _look_at_herself(worker)
        somebody = Person.objects.unblocked().filter(died_on__isnull=True).order_by("-sort_key")[0]
        break_glass(somebody, by=worker, reason="Carabineros pide ubicarla por una denuncia de violencia en curso")
        open_screening(somebody, by=worker, profile=Profile.FULL)


def _look_at_herself(worker: Actor) -> None:
    account = Account.objects.get(pk=worker.account)
    if account.run is None:
        return
    first, _, second = account.surnames.partition(" ")
    details = PersonDetails(account.given_names, first, second, run=parse(account.run))
    herself = Person.objects.with_run(account.run).first() or register_person(details, by=worker)
    open_purpose(
        herself, by=worker, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Ver cómo quedó mi propio registro"
    )
    open_screening(herself, by=worker, profile=Profile.FULL)


def _actor(institution: int, role: Role, unit: Unit | None) -> Actor | None:
    postings = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=role, unit=unit)
    posting = postings.with_context().order_by("id").first()
    return actor_in(posting) if posting else None
