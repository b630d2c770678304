"""Telling an operator, as she opens a record, that it is her own or her family's and will be reviewed."""

from uuid import UUID

from django.contrib import messages
from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.access.gate import OperatorRequest
from ventanilla.registry.models import Person
from ventanilla.registry.watch.states import FlagKind

# Only what is in force, and never a relative who is shielded from her home: the notice would say where she belongs.
_HOW_NEAR = """
select case when me.id = %(person)s then 'self'
    when exists (
        select from registry_membership mine join registry_membership theirs
            on theirs.institution_id = mine.institution_id and theirs.home_id = mine.home_id
            and theirs.person_id = %(person)s and theirs.ends_on is null
        where mine.institution_id = p.institution_id and mine.person_id = me.id and mine.ends_on is null
            and not exists (
                select from registry_membership s where s.institution_id = mine.institution_id
                    and s.home_id = mine.home_id and s.person_id = %(person)s and s.is_shielded)
    ) or exists (
        select from registry_relation r where r.institution_id = p.institution_id and r.ends_on is null
            and (r.person_id, r.other_id) in ((me.id, %(person)s), (%(person)s, me.id))
    ) then 'relative' end
from access_account a join registry_person p on p.institution_id = %(institution)s and p.run = a.run
cross join lateral (select coalesce(p.merged_into_id, p.id) as id) me
where a.id = %(account)s
"""


def how_near(person: Person, *, by: Actor) -> FlagKind | None:
    """Whether the person is the operator herself, or one of her home or family."""
    values: dict[str, UUID | int] = {"person": person.pk, "institution": by.institution, "account": by.account}
    with connection.cursor() as cursor:
        cursor.execute(_HOW_NEAR, values)
        row = cursor.fetchone()
    return FlagKind(row[0]) if row and row[0] else None


def tell_if_near(request: OperatorRequest, person: Person) -> None:
    """Leave the notice for the page that comes next."""
    near = how_near(person, by=request.actor)
    if near is not None:
        whose = "es su propia ficha" if near is FlagKind.SELF else "es de alguien de su familia u hogar"
        messages.warning(request, f"Esta lectura queda marcada para revisión: {whose}.")
