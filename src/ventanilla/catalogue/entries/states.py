"""The life of an entry of the catalogue."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class EntryState(models.TextChoices):
    DRAFT = "draft", "Borrador"
    IN_REVIEW = "in_review", "En revisión"
    PUBLISHED = "published", "Publicada"
    SUSPENDED = "suspended", "Suspendida"
    CLOSED = "closed", "Cerrada"


ENTRY_LIFECYCLE = Lifecycle(
    {
        EntryState.DRAFT: {EntryState.IN_REVIEW, EntryState.PUBLISHED, EntryState.CLOSED},
        EntryState.IN_REVIEW: {EntryState.DRAFT, EntryState.PUBLISHED, EntryState.CLOSED},
        EntryState.PUBLISHED: {EntryState.PUBLISHED, EntryState.SUSPENDED, EntryState.CLOSED},
        EntryState.SUSPENDED: {EntryState.PUBLISHED, EntryState.CLOSED},
        EntryState.CLOSED: set(),
    }
)
"""One that is published has its next version as a draft beside it, while it goes on being offered as it is."""

OFFERED = (EntryState.PUBLISHED,)
TOLD = (EntryState.PUBLISHED, EntryState.SUSPENDED)
"""Those one tells a neighbour about: of a suspended one, that it is."""

TONES = {
    EntryState.DRAFT: "",
    EntryState.IN_REVIEW: "info",
    EntryState.PUBLISHED: "ok",
    EntryState.SUSPENDED: "warn",
    EntryState.CLOSED: "",
}


class SuspensionGround(models.TextChoices):
    NO_FUNDS = "no_funds", "Sin recursos"
    NO_PLACES = "no_places", "Sin cupos"
    OUT_OF_SEASON = "out_of_season", "Fuera de temporada"
    OTHER = "other", "Otra causa"
