"""Drafts: what is typed at the desk, kept before it is sent."""

from django.http import QueryDict

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.intake.models import Consultation, Draft

FIELDS_OF_A_DRAFT = frozenset(
    {
        *("channel", "requester", "requester_detail", "requester_quality", "requester_evidence", "notes"),
        *("told", "told_shown"),
    }
)
LONGEST_DRAFT = 60_000
"""Characters, as browsers encode them: notes of four thousand letters take up to six each."""


def keep_draft(consultation: Consultation, typed: QueryDict, *, by: Actor) -> Draft:
    """Keep what the operator has typed so far, as it is: nothing of it is checked, and nobody else reads it."""
    require(by, Permission.CONSULTATION_WORK, consultation)
    if not consultation.is_in_attention or by.account_id is None:
        raise InvalidTransition(f"La consulta {consultation.folio} ya no está en atención con usted.")
    fields = QueryDict(mutable=True)
    for name in typed:
        if name in FIELDS_OF_A_DRAFT or name.startswith("m-"):
            fields.setlist(name, typed.getlist(name))
    text = fields.urlencode()
    if len(text) > LONGEST_DRAFT:
        raise RuleBroken("El borrador es demasiado largo para guardarse. Envíe lo que tiene con «Guardar y seguir».")
    version = typed.get("version", "")
    draft = Draft(
        consultation=consultation,
        account_id=by.account_id,
        version=int(version) if version.isdecimal() else consultation.version,
        fields=text,
        saved_at=clock.now(),
    )
    Draft.objects.bulk_create(  # one statement: it is sent each second or so
        [draft],
        update_conflicts=True,
        unique_fields=["institution", "consultation", "account"],
        update_fields=["version", "fields", "saved_at"],
    )
    return draft


def discard_draft(consultation: Consultation, *, by: Actor) -> None:
    """Forget what the operator had typed and not sent."""
    require(by, Permission.CONSULTATION_WORK, consultation)
    Draft.objects.of(by).filter(consultation=consultation).delete()
