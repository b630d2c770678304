"""What the omnibox answers: people, entries of the catalogue, and the consultation or the contact of a folio."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.reading import found_by, versions_told
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import EntryVersion
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.desk.actions import keep_search
from ventanilla.intake.folios import CONTACTS
from ventanilla.intake.models import Consultation, Contact
from ventanilla.intake.reading import reads_content_of
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match, search_people

ONE_RESULT = "1 resultado"
MOST_ENTRIES = 3
_FOLIO = re.compile(r"^(cr?)-?(\d{4})-?(\d{1,9})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to what was typed: people, what has that folio, and a sentence when something was wrong with it."""

    matches: Sequence[Match] = ()
    consultation: Consultation | None = None
    is_elsewhere: bool = False
    """Whether the consultation is another unit's, of which only the unit and the state may be shown."""

    contact: Contact | None = None
    entries: Sequence[EntryVersion] = ()
    """Of the catalogue, that these words mean."""

    is_certain: bool = False
    hint: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.matches and self.consultation is None and self.contact is None and not self.entries


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
    """Whatever ``text`` means to this actor. The look is logged, also when it finds nobody."""
    if folio := _FOLIO.match(text.strip()):
        look = _find_contact if folio[1].upper() == CONTACTS else _find_folio
        return look(f"{folio[1].upper()}-{folio[2]}-{int(folio[3]):06d}", by=by)
    result = search_people(text, by=by, on=on, limit=limit)
    count = len(result.matches)
    log_reading(
        ReadEntry.Kind.SEARCH,
        shown=[match.person.pk for match in result.matches],
        note=ONE_RESULT if count == 1 else f"{count} resultados",
    )
    entries = _find_entries(text, by=by, on=on)
    return Found(result.matches, entries=entries, is_certain=result.is_certain, hint=result.hint)


def _find_entries(text: str, *, by: Actor, on: date) -> list[EntryVersion]:
    """Up to a few of what one tells neighbours of; a number is somebody's, never an entry's. They name nobody."""
    has_words = any(letter.isalpha() for letter in text) and not any(letter.isdigit() for letter in text)
    if not has_words or not can(by, Permission.CATALOGUE_READ):
        return []
    return found_by(text, versions_told(by, on=on))[:MOST_ENTRIES]


def _find_folio(folio: str, *, by: Actor) -> Found:
    """The readings name the folio only of a consultation that is no secret: they are seen by who may not know of it."""
    consultation = Consultation.objects.visible_to(by).select_related("person", "unit").filter(folio=folio).first()
    if consultation is None:
        log_reading(ReadEntry.Kind.SEARCH, note="0 resultados")
        return Found(hint=f"No hay una consulta con folio {folio}.")
    is_elsewhere = not reads_content_of(consultation, by=by)
    shown = [consultation.person_id] if consultation.person_id and not is_elsewhere else []
    log_reading(
        ReadEntry.Kind.SEARCH, shown=shown, note=folio if consultation.secrecy == Secrecy.ORDINARY else ONE_RESULT
    )
    hint = "Esa consulta es de otra unidad. Desde su desempeño se ve solo en qué estado está." if is_elsewhere else ""
    return Found(consultation=consultation, is_elsewhere=is_elsewhere, hint=hint)


def _find_contact(folio: str, *, by: Actor) -> Found:
    """One of the actor's unit, or that passed through it."""
    contact = Contact.objects.visible_to(by).select_related("person").filter(folio=folio).first()
    if contact is None:
        log_reading(ReadEntry.Kind.SEARCH, note="0 resultados")
        return Found(hint=f"No hay un contacto con folio {folio} en su unidad.")
    shown = [contact.person_id] if contact.person_id else []
    log_reading(ReadEntry.Kind.SEARCH, shown=shown, note=folio if contact.secrecy == Secrecy.ORDINARY else ONE_RESULT)
    return Found(contact=contact)


def certain(text: str, *, by: Actor) -> Person | None:
    """The one person whose whole RUN or document was typed, if there is one; the look is logged."""
    if _FOLIO.match(text.strip()) or not any(letter.isdigit() for letter in text):
        return None  # a folio or a name: the page of results looks, and logs what it shows, once
    result = search_people(text, by=by, on=clock.today(), limit=2)
    if not result.is_certain or len(result.matches) != 1:
        return None
    person = result.matches[0].person
    log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note=ONE_RESULT)
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
        lines.append(_option_of(found.consultation, is_elsewhere=found.is_elsewhere, by=by))
    if contact := found.contact:
        lines.append(
            Option(
                id=f"o-{contact.pk}",
                title=str(contact),
                detail=contact.about or contact.sender,
                action_url=contact.get_absolute_url(),
                icon=contact.icon,
                badge=contact.get_state_display(),
                is_exact=True,
            )
        )
    lines += [
        Option(
            id=f"o-{version.entry_id}",
            title=version.name,
            detail=f"Catálogo · {version.get_modality_display()}",
            action_url=reverse("entries:entry", args=[version.entry_id]),
            icon="gift",
            badge="Suspendida" if version.entry.state == EntryState.SUSPENDED else "",
            tone=version.entry.tone if version.entry.state == EntryState.SUSPENDED else "",
        )
        for version in found.entries
    ]
    return lines


def _option_of(consultation: Consultation, *, is_elsewhere: bool, by: Actor) -> Option:
    """What another unit's would open is refused: choosing it shows the page of results, which says as much as this."""
    if is_elsewhere:
        detail = str(consultation.unit)
        url = reverse("desk:search_results", args=[keep_search(consultation.folio, by=by)])
    else:
        detail = consultation.person.full_name if consultation.person else "Sin identificar"
        url = consultation.get_absolute_url()
    return Option(
        id=f"o-{consultation.pk}",
        title=str(consultation),
        detail=detail,
        action_url=url,
        icon="note",
        badge=consultation.get_state_display(),
        is_exact=True,
    )


def detail_of(match: Match) -> str:
    """RUN, age and sector: what a search may show besides the name."""
    age = "edad desconocida" if match.age is None else f"{match.age} años"
    return " · ".join(part for part in (match.person.formatted_run, age, match.sector, match.reason) if part)
