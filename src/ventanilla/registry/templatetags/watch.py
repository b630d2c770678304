"""What pages of other steps show of notices and emergencies, with one query, and none for whom it is not."""

from typing import Any

from django import template
from django.template import Context

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.registry.emergency import open_emergency
from ventanilla.registry.models import Notice, Person

register = template.Library()


@register.inclusion_tag("registry/watch/my_notices.html", takes_context=True)
def my_notices(context: Context) -> dict[str, Any]:
    """Whether somebody opened in an emergency what one must know of, and one has not yet said so."""
    actor: Actor | None = getattr(context.get("shell"), "actor", None)
    if actor is None or actor.institution_id is None:
        return {"pending": 0}
    return {"pending": Notice.objects.visible_to(actor).pending().count()}


@register.inclusion_tag("registry/emergency_state.html", takes_context=True)
def emergency(context: Context, person: Person) -> dict[str, Any]:
    """On a record: the way to ask for an emergency, or until when one is open."""
    actor: Actor | None = getattr(context.get("shell"), "actor", None)
    may_break = actor is not None and can(actor, Permission.SECRECY_BREAK, person)
    opened = open_emergency(person, by=actor) if actor is not None and may_break else None
    return {"person": person, "may_break": may_break, "open": opened}
