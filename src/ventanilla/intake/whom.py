"""Whom a clerk means by what she typed at a counter: a RUN, a document or a name, with the look logged."""

from collections.abc import Sequence
from dataclasses import dataclass

from ventanilla.access.actors import Actor
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.run import BadRun, looks_like_run, parse
from ventanilla.intake.waiting.places import ids_in
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match, search_people, with_sector

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Whom:
    """One person when a whole RUN or document was typed, else those to choose from. ``is_run`` when it was a number."""

    person: Person | None = None
    matches: Sequence[Match] = ()
    is_run: bool = False


def find_whom(text: str, *, by: Actor, field: str) -> Whom:
    """A name is never taken for one person by itself. Raises ``RuleBroken`` for a RUN that cannot be."""
    result = search_people(text, by=by, on=clock.today(), limit=SHOWN)
    if result.matches:
        shown = [match.person.pk for match in result.matches]
        note = "1 resultado" if len(shown) == 1 else f"{len(shown)} resultados"
        log_reading(ReadEntry.Kind.SEARCH, shown=shown, note=note)
    if result.is_certain and len(result.matches) == 1:
        return Whom(result.matches[0].person, is_run=True)
    if result.matches:
        return Whom(matches=result.matches)
    is_run = looks_like_run(text) or not any(letter.isalpha() for letter in text.upper().replace("K", ""))
    if is_run:
        try:
            parse(text)
        except BadRun as error:
            raise RuleBroken(str(error), field=field) from error
    return Whom(is_run=is_run)


def registered_now(person_id: str, *, by: Actor) -> Whom | None:
    """Whom the page of registering sends back by her id, to be chosen as any other."""
    person = Person.objects.visible_to(by).filter(pk__in=ids_in(person_id)).first()
    if person is None:
        return None
    log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note="1 resultado")
    return Whom(matches=with_sector([person], on=clock.today()))
