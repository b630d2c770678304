"""What the omnibox answers: people, and the consultation of a folio."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match, search_people

_FOLIO = re.compile(r"^c-?(\d{4})-?(\d{1,6})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to what was typed: people, a consultation, and a sentence when something was wrong with it."""

    matches: Sequence[Match] = ()
    consultation: Consultation | None = None
    is_certain: bool = False
    hint: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.matches and self.consultation is None


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the omnibox; see ``core/parts/omnibox_options.html``."""

    id: str
    title: str
    detail: str
    action_url: str
    method: str = "get"
    icon: str = ""
    badge: str = ""
    tone: str = ""
    is_exact: bool = False


def find(text: str, *, by: Actor, on: date, limit: int = 20) -> Found:
    """Whatever ``text`` means to this actor; the look at those people is logged."""
    if folio := _FOLIO.match(text.strip()):
        wanted = f"C-{folio[1]}-{int(folio[2]):06d}"
        consultation = Consultation.objects.visible_to(by).select_related("person").filter(folio=wanted).first()
        if consultation and consultation.person_id:
            log_reading(ReadEntry.Kind.SEARCH, shown=[consultation.person_id], note=wanted)
        return Found(consultation=consultation, hint="" if consultation else f"No hay una consulta con folio {wanted}.")
    result = search_people(text, by=by, on=on, limit=limit)
    if result.matches:
        log_reading(
            ReadEntry.Kind.SEARCH,
            shown=[match.person.pk for match in result.matches],
            note="1 resultado" if len(result.matches) == 1 else f"{len(result.matches)} resultados",
        )
    return Found(result.matches, is_certain=result.is_certain, hint=result.hint)


def certain(text: str, *, by: Actor) -> Person | None:
    """The one person whose whole RUN or document was typed, if there is one; the look is logged."""
    if _FOLIO.match(text.strip()) or not any(letter.isdigit() for letter in text):
        return None  # a folio or a name: the page of results looks, and logs what it shows, once
    result = search_people(text, by=by, on=clock.today(), limit=2)
    if not result.is_certain or len(result.matches) != 1:
        return None
    person = result.matches[0].person
    log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note="1 resultado")
    return person


def options(found: Found, *, by: Actor) -> list[Option]:
    """Choosing a person starts or resumes her consultation. Enter alone takes a RUN or a folio, never a likely name."""
    starts = can(by, Permission.CONSULTATION_WORK)
    lines = [
        Option(
            id=f"o-{match.person.pk}",
            title=match.person.full_name,
            detail=detail_of(match),
            action_url=reverse("intake:start", args=[match.person.pk]),
            method="post" if starts else "get",
            is_exact=found.is_certain and len(found.matches) == 1,
        )
        for match in found.matches
    ]
    if found.consultation:
        url = found.consultation.get_absolute_url()
        who = found.consultation.person.full_name if found.consultation.person else "Sin identificar"
        state = found.consultation.get_state_display()
        lines.append(
            Option(
                f"o-{found.consultation.pk}", str(found.consultation), who, url, icon="note", badge=state, is_exact=True
            )
        )
    return lines


def detail_of(match: Match) -> str:
    """RUN, age and sector: what a search may show besides the name."""
    age = "edad desconocida" if match.age is None else f"{match.age} años"
    return " · ".join(part for part in (match.person.formatted_run, age, match.sector, match.reason) if part)
