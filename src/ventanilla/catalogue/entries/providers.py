"""A provider ends only when nothing offered is given by it: this step knows the entries, so the verb is its own."""

from django.db import transaction

from ventanilla.access import actions as office
from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.catalogue.words import listed
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken


@transaction.atomic
def end_provider(provider: Provider, *, by: Actor) -> Provider:
    """Refused while she sees an entry that it gives. One too secret for her goes to its own unit, to be revalidated."""
    if given := given_by(provider, by=by):
        names = listed([f"«{version.name}»" for version in given], last="y")
        raise RuleBroken(f"Todavía entrega {names}. Ciérrelas o cambie quién las entrega antes de ponerle término.")
    return office.end_provider(provider, by=by)


def given_by(provider: Provider, *, by: Actor) -> list[EntryVersion]:
    """What it gives today or is to give, of what she may see."""
    today = clock.today()
    told = Entry.objects.visible_to(by).told(today)
    versions = EntryVersion.objects.filter(provider=provider)
    now = versions.in_force_on(today).of(told)
    later = versions.filter(starts_on__gt=today).of(told)
    return list({version.entry_id: version for version in (*later, *now)}.values())
