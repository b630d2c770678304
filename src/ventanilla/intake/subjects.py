"""Whom and what a reason may be about: the people of the home, others by their RUN, the home, the dwelling."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from ventanilla.access.actors import Actor
from ventanilla.core.ids import parse_uuid
from ventanilla.core.run import BadRun, parse
from ventanilla.intake.models import Consultation
from ventanilla.registry.homes import current_memberships
from ventanilla.registry.models import Home, Person, ReadEntry
from ventanilla.registry.reading import log_reading

HOME, DWELLING = "home", "dwelling"
NOBODY = "Nadie está registrado aquí con el RUN"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Those at home first, then whoever else is named; ``by_run`` are those that were asked for by RUN."""

    people: Sequence[Person] = ()
    home: Home | None = None
    by_run: Mapping[str, Person] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, str]]:
        found = [(str(person.pk), person.full_name) for person in self.people]
        if self.home:
            found.append((HOME, "Todo el hogar"))
        if self.home and self.home.dwelling:
            found.append((DWELLING, "La vivienda"))
        return found


def names_subjects(typed: Mapping[str, Any]) -> bool:
    """Whether a form says of anybody or anything that a reason is about it."""
    return any(name.endswith("-subjects") or (name.endswith("-other_run") and typed[name]) for name in typed)


def subjects_for(
    consultation: Consultation, *, by: Actor, typed: QueryDict | None = None, kept: Collection[UUID] = ()
) -> Subjects:
    """What the page offers. Whoever is not of the home was found by RUN: seeing her name leaves a reading of its own.

    ``typed`` is the form that was sent or drafted, ``kept`` are the people that the kept lines are about.
    """
    memberships = current_memberships(consultation.person, by=by) if consultation.person else []
    came = [consultation.person] if consultation.person else []
    at_home = [*came, *(found.person for found in memberships if found.person_id != consultation.person_id)]
    ids, runs = _named(typed) if typed else (set(), set())
    elsewhere = {*ids, *kept} - {person.pk for person in at_home}
    found: dict[UUID, Person] = {}
    visible = Person.objects.visible_to(by)
    if elsewhere:
        found = {person.pk: person for person in visible.filter(pk__in=elsewhere)}
    by_run = {str(person.run): person for person in visible.filter(run__in=runs)} if runs else {}
    if shown := {*found, *(person.pk for person in by_run.values())} - {*kept}:  # those kept leave the consultation's
        log_reading(ReadEntry.Kind.SEARCH, shown=sorted(shown), note="sobre quién es la consulta")
    home = memberships[0].home if memberships else None
    return Subjects([*at_home, *found.values()], home, by_run)


def _named(typed: QueryDict) -> tuple[set[UUID], set[str]]:
    """The people that a form names, by identifier and by RUN; what cannot be read the form itself will say."""
    ids, runs = set(), set()
    for name in typed:
        if name.endswith("-subjects"):
            ids |= {found for text in typed.getlist(name) if (found := parse_uuid(text))}
        elif name.endswith("-other_run") and typed[name]:
            with suppress(BadRun):
                runs.add(parse(str(typed[name])).canonical)
    return ids, runs
