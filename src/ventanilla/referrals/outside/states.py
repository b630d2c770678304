"""The words of what goes outside: how somebody allowed it, and what became of a link."""

from django.db import models


class Consent(models.TextChoices):
    """How the person allowed that her data be shared."""

    IN_PERSON = "in_person", "De palabra, en la atención"
    WRITTEN = "written", "Por escrito"
    PHONE = "phone", "Por teléfono"
    REPRESENTATIVE = "representative", "La dio quien la representa"


class Opening(models.TextChoices):
    """What happened when a link was opened."""

    ASKED = "asked", "Abrió la dirección"
    ENTERED = "entered", "Entró con el código"
    REFUSED = "refused", "Código equivocado"
    READ = "read", "Leyó la derivación"
    TOOK = "took", "Bajó un archivo"
