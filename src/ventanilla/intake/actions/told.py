"""Of which entries of the catalogue somebody was told in a consultation."""

from collections.abc import Collection
from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.core.errors import RuleBroken
from ventanilla.intake.models import Consultation, ToldEntry


def keep_told(consultation: Consultation, versions: Collection[UUID], *, by: Actor) -> None:
    """Keep that she was told of these, each as it says now, and of no other."""
    kept = set(ToldEntry.objects.filter(consultation=consultation).values_list("version_id", flat=True))
    wanted = set(versions)
    if kept - wanted:
        ToldEntry.objects.filter(consultation=consultation, version__in=kept - wanted).delete()
    if not (added := wanted - kept):
        return
    known = EntryVersion.objects.visible_to(by).filter(pk__in=added, entry__in=Entry.objects.visible_to(by))
    found = list(known)
    if len(found) != len(added):
        raise RuleBroken("Una de las prestaciones marcadas ya no está en el catálogo. Quite la marca.", field="told")
    ToldEntry.objects.bulk_create(ToldEntry(consultation=consultation, version=version) for version in found)
