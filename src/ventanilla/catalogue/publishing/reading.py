"""What leaves the catalogue, read: what everybody may know, and what an operator hands over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.catalogue.entries.amounts import legal_amounts
from ventanilla.catalogue.models import Entry, EntryVersion, OwnFact
from ventanilla.catalogue.models.entries import EntryQuerySet, EntryVersionQuerySet
from ventanilla.catalogue.publishing.telling import Telling, tell
from ventanilla.core.secrecy import Secrecy


def enter_as_visitor(institution_id: int) -> tuple[Institution, Actor] | None:
    """Whoever has no session, inside the institution; None for one that is unknown or that only trains."""
    institution = Institution.objects.exclude(kind=Institution.Kind.TRAINING).filter(pk=institution_id).first()
    if institution is None:
        return None
    actor = Actor(Agent.VISITOR, institution.pk, time_zone=institution.time_zone)
    require(actor, Permission.CATALOGUE_SHOW)
    tenancy.enter(actor)
    return institution, actor


def versions_for_all(actor: Actor, *, on: date) -> list[EntryVersion]:
    """What anybody may read, whoever asks: told on that day, and ordinary. One query."""
    entries = Entry.objects.visible_to(actor).told(on).filter(secrecy=Secrecy.ORDINARY)
    return list(_said(actor, entries, on=on))


def version_for_all(actor: Actor, *, on: date, code: str = "", entry_id: UUID | None = None) -> EntryVersion | None:
    """That of one entry, by its code or its identifier."""
    one = {"pk": entry_id} if entry_id else {"code": code}
    entries = Entry.objects.visible_to(actor).told(on).filter(secrecy=Secrecy.ORDINARY, **one)
    return _said(actor, entries, on=on).first()


def told_by_id(actor: Actor, ids: Sequence[UUID], *, on: date) -> list[Telling]:
    """Those of these entries that the operator may tell of, in the order asked."""
    entries = Entry.objects.visible_to(actor).told(on).filter(pk__in=ids)
    found = {version.entry_id: version for version in _said(actor, entries, on=on)}
    return telling(actor, [found[one] for one in dict.fromkeys(ids) if one in found], on=on)


def telling(actor: Actor, versions: Sequence[EntryVersion], *, on: date) -> list[Telling]:
    """Two queries, however many they are. Facts not in use any more keep their names: a version may still ask them."""
    own = dict(OwnFact.objects.visible_to(actor).values_list("code", "name"))
    return tell(versions, on=on, legal=legal_amounts(on), own=own)


def _said(actor: Actor, entries: EntryQuerySet, *, on: date) -> EntryVersionQuerySet:
    found = EntryVersion.objects.visible_to(actor).in_force_on(on).of(entries)
    return found.select_related("entry", "unit", "provider").in_order()
