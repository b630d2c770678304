"""Giving an institution its own rows of the national list."""

from django.db import transaction

from ventanilla.catalogue.models import NationalReason, Reason


@transaction.atomic
def adopt_national_reasons() -> int:
    """Add, to the institution entered, the national reasons it does not have yet; returns how many. Idempotent.

    In the order of the national list, where a parent comes before its children.
    """
    adopted = {reason.national_id: reason for reason in Reason.objects.filter(is_local=False)}
    added = 0
    for national in NationalReason.objects.order_by("position"):
        if national.pk in adopted:
            continue
        adopted[national.pk] = Reason.objects.create(
            national=national,
            name=national.name,
            index_group=national.index_group,
            secrecy=national.secrecy,
            function_id=national.function_id,
            parent=adopted[national.parent_id] if national.parent_id else None,
            position=national.position,
        )
        added += 1
    return added
