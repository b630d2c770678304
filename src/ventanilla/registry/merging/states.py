"""The life of a possible duplicate, and of a search for them."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class PairState(models.TextChoices):
    PENDING = "pending", "Por decidir"
    LATER = "later", "Para después"
    DIFFERENT = "different", "Personas distintas"
    SAME = "same", "La misma persona"


PAIR_LIFECYCLE = Lifecycle(
    {
        PairState.PENDING: {PairState.LATER, PairState.DIFFERENT, PairState.SAME},
        PairState.LATER: {PairState.DIFFERENT, PairState.SAME},
        # Proposed again when the data of one of them changed; or who decided it was mistaken.
        PairState.DIFFERENT: {PairState.PENDING, PairState.SAME},
        # The merge was undone.
        PairState.SAME: {PairState.PENDING},
    }
)

TO_DECIDE = (PairState.PENDING, PairState.LATER)

TONES = {PairState.PENDING: "warn", PairState.LATER: "info", PairState.DIFFERENT: "ok", PairState.SAME: "ok"}


class FoundBy(models.TextChoices):
    """What put a pair in the queue."""

    SEARCH = "search", "Búsqueda de duplicados"
    LOAD = "load", "Carga de un archivo"
    MERGE = "merge", "Una de las dos reúne otra ficha"


class SearchState(models.TextChoices):
    ASKED = "asked", "Pedida"
    RUNNING = "running", "En curso"
    DONE = "done", "Terminada"
    FAILED = "failed", "No terminó"


SEARCH_TONES = {
    SearchState.ASKED: "info",
    SearchState.RUNNING: "info",
    SearchState.DONE: "ok",
    SearchState.FAILED: "bad",
}

SEARCH_LIFECYCLE = Lifecycle(
    {
        SearchState.ASKED: {SearchState.RUNNING},
        SearchState.RUNNING: {SearchState.RUNNING, SearchState.DONE, SearchState.FAILED},  # a worker that died
        SearchState.DONE: set(),
        SearchState.FAILED: {SearchState.RUNNING},
    }
)


class MoveKind(models.TextChoices):
    """What a merge did to one row."""

    CHANGED = "changed", "cambió"
    REMOVED = "removed", "se repetía"
    ADDED = "added", "se agregó"
    SWAPPED = "swapped", "cambió de lugar"
