"""What is shown of a flag and of a notice: the readings behind it, and who opened what in the emergency."""
# ruff: noqa: S608 - the pieces put together are constants; values travel as parameters

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.registry.models import Flag, Notice, ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.finding import LOOKED_FOR, SEARCHED_IN_VAIN
from ventanilla.registry.watch.states import FlagKind

MOST_READINGS = 50
MOST_NOTICES = 20

_OF_PERSON = f"{LOOKED_FOR} = %(person)s"
_BEHIND: Mapping[FlagKind, str] = {
    FlagKind.SELF: _OF_PERSON,
    FlagKind.RELATIVE: _OF_PERSON,
    FlagKind.COLLEAGUE: _OF_PERSON,
    FlagKind.MANY: f"{LOOKED_FOR} is not null",
    FlagKind.FAILED_SEARCHES: SEARCHED_IN_VAIN,
    FlagKind.BREAK_GLASS: "e.purpose_id = %(purpose)s",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One reading behind a flag: what was seen and on which ground, without whom."""

    entry: ReadEntry
    purpose: ReadPurpose | None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, with who opened."""

    notice: Notice
    opened_by: str


def readings_behind(flag: Flag, *, by: Actor) -> list[Look]:
    """The newest of them. The flag says of whom they were, and that is a look at her, which is logged."""
    if flag.person_id:
        log_reading(ReadEntry.Kind.LIST, shown=[flag.person_id], note="lectura por revisar")
    postings = Posting.objects.filter(institution_id=by.institution, account=flag.account_id)
    values: dict[str, Any] = {
        "institution": by.institution,
        "postings": list(postings.values_list("pk", flat=True)),
        "since": flag.first_at,
        "until": flag.last_at,
        "person": flag.person_id,
        "purpose": flag.purpose_id,
        "limit": MOST_READINGS,
    }
    return _looks(_BEHIND[FlagKind(flag.kind)], values)


def _looks(condition: str, values: Mapping[str, Any]) -> list[Look]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.id from registry_readentry e where e.institution_id = %(institution)s"
            " and e.posting_id = any (%(postings)s::uuid[]) and e.at >= %(since)s and e.at <= %(until)s"
            f" and {condition} order by e.at desc, e.id desc limit %(limit)s",
            values,
        )
        ids = [row[0] for row in cursor.fetchall()]
    entries = ReadEntry.objects.defer("people").in_bulk(ids)
    purposes = ReadPurpose.objects.in_bulk({entry.purpose_id for entry in entries.values() if entry.purpose_id})
    return [Look(entries[key], purposes.get(entries[key].purpose_id)) for key in ids]


def notices_of(actor: Actor) -> list[Told]:
    """Those that wait and the last ones read, each of which names somebody, and is a look at her."""
    mine = Notice.objects.visible_to(actor).select_related("purpose__person")
    found = list(mine.order_by("-sent_at", "-id")[:MOST_NOTICES])
    if found:
        log_reading(ReadEntry.Kind.LIST, shown={n.purpose.person_id for n in found}, note="avisos de urgencia")
    accounts = Account.objects.in_bulk({notice.purpose.account_id for notice in found})
    return [Told(notice, accounts[notice.purpose.account_id].full_name) for notice in found]
