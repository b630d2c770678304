"""Possible duplicates of the demonstration: neighbours registered twice at a desk, and two who only seem so."""

from collections.abc import Callable, Sequence
from datetime import date

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.registry.actions import PersonDetails, register_person
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.likeness import Traits, compare, traits
from ventanilla.registry.merging.states import FoundBy
from ventanilla.registry.models import Person, PossibleDuplicate
from ventanilla.registry.vocabulary import IdentifierKind


def fill_duplicates(institution: int) -> None:
    """Once, by the head of the social assistance."""
    posting = (
        Posting.objects.in_force_on(clock.today())
        .filter(institution_id=institution, role=Role.UAS_HEAD)
        .with_context()
        .order_by("id")
        .first()
    )
    if posting is None:
        return
    head = actor_in(posting)
    with acting(head):
        if not PossibleDuplicate.objects.exists():
            _fill(head)


def _fill(by: Actor) -> None:
    grown = Person.objects.unblocked().filter(
        run__isnull=False, died_on__isnull=True, birth_on__lt=date(2000, 1, 1), birth_on__day__lte=12
    )
    named = grown.exclude(second_surname="").order_by("-sort_key")  # the first have something in other pages
    people = [one for one in named[:60] if " " in one.given_names][: len(_SLIPS)]
    doubts = []
    for person, slip in zip(people, _SLIPS, strict=False):
        again = register_person(slip(person), by=by)
        likeness = compare(_traits(person), _traits(again))
        doubts.append(Doubt(person.pk, again.pk, round(likeness.weight), likeness.evidence))
    put_doubts(doubts, by=by, found_by=FoundBy.SEARCH)


def _traits(person: Person) -> Traits:
    return traits(
        run=person.run,
        given_names=person.given_names,
        first_surname=person.first_surname,
        second_surname=person.second_surname,
        birth_on=person.birth_on,
        sex=person.sex,
    )


def _without_run(person: Person, **other: object) -> PersonDetails:
    """As she was written at the desk the day she came without her card."""
    values: dict[str, object] = {
        "given_names": person.given_names,
        "first_surname": person.first_surname,
        "second_surname": person.second_surname,
        "document_kind": IdentifierKind.NO_DOCUMENT,
        "sex": person.sex,
        "birth_on": person.birth_on,
        "commune": person.commune,
    }
    return PersonDetails(**(values | other))  # type: ignore[arg-type]  # the names are those of its fields


def _first_name_only(person: Person) -> PersonDetails:
    return _without_run(person, given_names=person.given_names.split()[0], second_surname="")


def _surnames_crossed(person: Person) -> PersonDetails:
    return _without_run(person, first_surname=person.second_surname, second_surname=person.first_surname)


def _day_and_month_crossed(person: Person) -> PersonDetails:
    born = person.birth_on
    return _without_run(person, birth_on=born.replace(day=born.month, month=born.day) if born else None)


def _letter_dropped(person: Person) -> PersonDetails:
    return _without_run(
        person, first_surname=person.first_surname[:-1], address="Camino al embalse s/n", sector="Centro"
    )


def _brother_or_sister(person: Person) -> PersonDetails:
    """Somebody else, born the same day: a twin."""
    return _without_run(person, given_names="Alejandra Belén" if person.sex == "female" else "Alejandro Abel")


_SLIPS: Sequence[Callable[[Person], PersonDetails]] = (
    _first_name_only,
    _surnames_crossed,
    _day_and_month_crossed,
    _letter_dropped,
    _brother_or_sister,
    _without_run,
)
