"""Who a person about to be registered may already be, and why one thinks so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.registry import name_key
from ventanilla.registry.finding import leads
from ventanilla.registry.models import ContactPoint, Identifier, Person
from ventanilla.registry.search import Match, find_ids, sounds_alike, with_sector

ALMOST = 88.0
"""From here two names sound nearly the same."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known so far of somebody about to be registered."""

    full_name: str
    run: str = ""
    birth_on: date | None = None
    document: str = ""
    phone: str = ""


def reasons(
    candidate: Candidate, person: Person, *, phones: frozenset[str], documents: frozenset[str]
) -> Iterator[str]:
    """Each reason to think they are one, in words; the strongest first."""
    if candidate.run and candidate.run == person.run:
        yield "Mismo RUN"
    if candidate.document and candidate.document in documents:
        yield "Mismo documento"
    likeness = sounds_alike(candidate.full_name, f"{person.given_names} {person.first_surname} {person.second_surname}")
    if likeness >= 99.9:
        yield "Nombre igual o que suena igual"
    elif likeness >= ALMOST:
        yield "Nombre casi igual"
    if candidate.birth_on and candidate.birth_on == person.birth_on:
        yield f"Misma fecha de nacimiento, {candidate.birth_on:%d-%m-%Y}"
    if candidate.phone and candidate.phone in phones:
        yield f"Mismo teléfono, termina en {candidate.phone[-4:]}"


def likely_matches(candidate: Candidate, *, by: Actor, on: date, limit: int = 5) -> list[Match]:
    """People already registered who may be the candidate, the likeliest first, each with its reasons.

    Same RUN or document is enough; a name counts when it is nearly the same and nothing known contradicts it.
    """
    require(by, Permission.PERSON_SEARCH)
    known = Person.objects.filter(institution_id=by.institution)
    ids = set(find_ids(name_key.tokens(candidate.full_name), max_rows=40))
    found = {person.pk: person for person in known.filter(pk__in=ids)}
    if candidate.run:
        found |= {person.pk: person for person in known.filter(run=candidate.run)}
    if candidate.document:
        same = Identifier.objects.visible_to(by).filter(value=candidate.document).select_related("person")
        found |= {identifier.person_id: identifier.person for identifier in same}
    phones: dict[object, set[str]] = {}
    for contact in ContactPoint.objects.visible_to(by).filter(person__in=list(found)):
        phones.setdefault(contact.person_id, set()).add(contact.value)
    documents: dict[object, set[str]] = {}
    for identifier in Identifier.objects.visible_to(by).filter(person__in=list(found)):
        documents.setdefault(identifier.person_id, set()).add(identifier.value)

    scored = []
    for person in found.values():
        why = list(
            reasons(
                candidate,
                person,
                phones=frozenset(phones.get(person.pk, ())),
                documents=frozenset(documents.get(person.pk, ())),
            )
        )
        is_certain = any(reason.startswith(("Mismo RUN", "Mismo documento")) for reason in why)
        named = any(reason.startswith("Nombre") for reason in why)
        contradicted = bool(candidate.birth_on and person.birth_on and candidate.birth_on != person.birth_on)
        different_run = bool(candidate.run and person.run and candidate.run != person.run)
        if is_certain or (named and not different_run and (not contradicted or len(why) > 1)):
            scored.append((not is_certain, -len(why), person.sort_key, person, why))
    scored.sort(key=lambda row: row[:3])
    led = leads((row[3] for row in scored), by=by)
    why_of: dict[UUID, list[str]] = {}
    for *_, person, why in scored:
        if person.pk in led:  # of a record that was joined, the reasons hold for the one that is kept
            why_of.setdefault(led[person.pk].pk, why)
    likely = list({person.pk: person for person in led.values()}.values())[:limit]
    return [
        Match(match.person, match.age, match.sector, " · ".join(why_of[match.person.pk]))
        for match in with_sector(likely, on=on)
    ]
