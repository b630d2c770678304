"""The number by which people name a load."""

from django.db import connection
from django.db.models import Max

from ventanilla.access.tenancy import current_institution_id
from ventanilla.datasets.models import Load


def next_number() -> int:
    """The next of the institution that was entered; whoever asks at once waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('load number'), %s)", [current_institution_id()])
    return (Load.objects.aggregate(last=Max("number"))["last"] or 0) + 1
