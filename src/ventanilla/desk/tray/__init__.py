"""My tray: what I must do today, late first, from every step that leaves something to do."""

from collections.abc import Callable, Iterable
from datetime import date

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import country_days, service_days
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray import arrived, catalogue, loads, office, own, protocols, referrals, work
from ventanilla.desk.tray.items import Item, Tray, arrange

Source = Callable[[Actor, date, WorkingDays], Iterable[Item]]

SOURCES: tuple[Source, ...] = (
    work.in_attention,
    work.pending_lines,
    work.nobodys_lines,
    referrals.referrals_in_hand,
    referrals.untaken_referrals,
    referrals.referrals_to_complete,
    referrals.answers_to_tell,
    referrals.late_referrals,
    referrals.letters_unanswered,
    referrals.referrals_received,
    protocols.protocols_to_sign,
    protocols.protocols_to_approve,
    protocols.protocols_returned,
    arrived.contacts_in_hand,
    arrived.untaken_contacts,
    arrived.hours_to_move,
    arrived.readings_to_explain,
    arrived.pairs_to_decide,
    loads.loads_to_decide,
    loads.folder_amiss,
    own.agreements_ending,
    own.certifications_ending,
    office.postings_to_confirm,
    office.certifications_of_others,
    office.locked_accounts,
    office.unfinished_numbers,
    catalogue.drafts_to_review,
    catalogue.drafts_returned,
    catalogue.entries_to_revalidate,
    catalogue.entries_withdrawn,
    catalogue.entries_uncompleted,
    catalogue.suspensions_over,
)
"""Each asks its right first and gives what the actor has to do on that day, at most a few more than a tray shows.

A later step adds its own here; what has no term of its own may take one from the working days.
"""


def days_of(actor: Actor, *, on: date) -> WorkingDays:
    """The days by which her work runs: those on which her institution attends; above them, the country's."""
    return service_days(actor.institution, around=on) if actor.institution_id else country_days(around=on)


def tray_of(actor: Actor, *, on: date, days: WorkingDays) -> Tray:
    return arrange((item for source in SOURCES for item in source(actor, on, days)), on=on, days=days)


__all__ = ["SOURCES", "Item", "Source", "Tray", "days_of", "tray_of"]
