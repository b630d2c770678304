"""The municipality's own facts, which its rules may ask beside what registries say."""

from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.reach import is_of_all
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion, OwnFact
from ventanilla.catalogue.models.content import WholeEntry
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.catalogue.words import listed, one_line
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.ids import new_id

LONGEST_CODE = 40


@transaction.atomic
def add_own_fact(name: str, about: Subject, *, by: Actor, fact_id: UUID | None = None) -> OwnFact:
    """``fact_id``, made with the form, makes one sent twice once. Its code, by which files name it, is never reused."""
    _require_all(by)
    list(OwnFact.objects.select_for_update().order_by("id"))  # names are of the whole list
    if fact_id and (sent := OwnFact.objects.filter(pk=fact_id).first()):
        return sent
    name = one_line(name)
    if not name:
        raise RuleBroken("Escriba qué se sabe: «Damnificada por el temporal de 2026».", field="name")
    facts = list(OwnFact.objects.all())
    for other in facts:
        if other.name.casefold() == name.casefold():
            again = " Está retirado." if other.retired_on else ""
            raise RuleBroken(f"Ya hay un dato propio con el nombre «{other.name}».{again}", field="name")
    base = slugify(name)[: LONGEST_CODE - 4].strip("-") or "dato"
    taken = {other.code for other in facts}
    code = next(code for code in (base, *(f"{base}-{n}" for n in range(2, 999))) if code not in taken)
    return OwnFact.objects.create(id=fact_id or new_id(), code=code, name=name, about=about)


@transaction.atomic
def retire_own_fact(fact: OwnFact, *, by: Actor) -> OwnFact:
    """No new rule may ask it. It is refused while some rule still asks it: nobody could meet that any more."""
    fact.refresh_from_db(from_queryset=OwnFact.objects.select_for_update())
    _require_all(by)
    if fact.retired_on is not None:
        return fact
    if names := asked_by(fact, by=by):
        raise RuleBroken(f"Lo pide la regla de {listed(names, last='y')}. Quítelo de ahí primero.")
    fact.retired_on = clock.today()
    fact.save()
    return fact


def asked_by(fact: OwnFact, *, by: Actor) -> list[str]:
    """The entries she may see whose rule, as it is or as it is being written, asks it. A secret one is not told of."""
    today = clock.today()
    told = Entry.objects.visible_to(by).told(today)
    drafted = Entry.objects.visible_to(by).exclude(closed_on__isnull=False)
    said: list[WholeEntry] = [
        *EntryVersion.objects.in_force_on(today).of(told),
        *EntryVersion.objects.filter(starts_on__gt=today).of(told),
        *EntryDraft.objects.filter(entry__in=drafted),
    ]
    names = (
        f"«{one.name}»"
        for one in said
        if any(asked.kind is Kind.OWN and fact.code in asked.values for asked in one.asks.conditions)
    )
    return list(dict.fromkeys(names))


def _require_all(by: Actor) -> None:
    require(by, Permission.CATALOGUE_PUBLISH)
    if not is_of_all(by, Permission.CATALOGUE_PUBLISH):
        raise NotAllowed("Los datos propios son de toda la municipalidad: los agrega la contraparte o la dirección.")
