"""Questions about what was delivered."""

from django.db import connection

from ventanilla.access.tenancy import current_institution_id


def has_deliveries() -> bool:
    """Whether the municipality's own register of benefits has been loaded, or anything delivered here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from benefits_delivery where institution_id = %s)", [current_institution_id()]
        )
        return bool(cursor.fetchone()[0])
