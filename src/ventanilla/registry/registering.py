"""What the pages that register somebody share: nobody is registered twice."""

from collections.abc import Sequence

from ventanilla.access.actors import Actor
from ventanilla.access.models import InstitutionCommune
from ventanilla.core import clock
from ventanilla.registry.actions import register_person
from ventanilla.registry.forms import RegisterForm
from ventanilla.registry.matching import likely_matches
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match


def register_or_match(form: RegisterForm, *, by: Actor) -> tuple[Person | None, Sequence[Match]]:
    """The person of a valid form or, until it is confirmed that she is none of them, those who may be her, logged.

    The same form sent twice gives the same person. Raises ``RuleBroken``.
    """
    person_id = form.cleaned_data["person_id"]
    if sent := Person.objects.visible_to(by).filter(pk=person_id).first():
        return sent, ()
    matches = likely_matches(form.candidate(), by=by, on=clock.today())
    if matches and not form.cleaned_data["confirmed"]:
        log_reading(ReadEntry.Kind.SEARCH, shown=[m.person.pk for m in matches], note=f"{len(matches)} parecidas")
        return None, matches
    served = InstitutionCommune.objects.filter(institution_id=by.institution).select_related("commune").first()
    return register_person(form.details(served.commune if served else None), by=by, person_id=person_id), ()


def is_certain(matches: Sequence[Match]) -> bool:
    """Whether one of them has the same RUN."""
    return any("Mismo RUN" in match.reason for match in matches)
