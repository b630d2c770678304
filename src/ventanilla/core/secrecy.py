"""How secret a record is: the levels that every step shares."""

from django.db import models


class Secrecy(models.TextChoices):
    """Who may see a record: the unit's right and a purpose; own unit and UAS; only those named."""

    ORDINARY = "ordinary", "Ordinaria"
    RESERVED = "reserved", "Reservada"
    RESTRICTED = "restricted", "Restringida"


SECRECY_ORDER = (Secrecy.ORDINARY, Secrecy.RESERVED, Secrecy.RESTRICTED)
"""From the most open to the most secret."""
