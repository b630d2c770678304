"""Questions about what was delivered."""

from django.db import connection

from ventanilla.access.tenancy import current_institution_id

HAS_DELIVERIES = "exists (select from benefits_delivery where institution_id = %(institution)s)"


def has_deliveries() -> bool:
    """Whether the municipality's own register of benefits has been loaded, or anything delivered here."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {HAS_DELIVERIES}", {"institution": current_institution_id()})
        return bool(cursor.fetchone()[0])
