"""The life of a load: a file comes, is looked at, tried without being kept, applied, and perhaps undone."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class LoadState(models.TextChoices):
    RECEIVING = "receiving", "Subiendo"
    LOOKING = "looking", "Revisando el archivo"
    READY = "ready", "Por revisar columnas"
    TRYING = "trying", "Ensayando"
    TRIED = "tried", "Ensayada"
    APPLYING = "applying", "Cargando"
    STOPPED = "stopped", "Detenida"
    APPLIED = "applied", "Cargada"
    UNDOING = "undoing", "Deshaciendo"
    UNDONE = "undone", "Deshecha"
    DISCARDED = "discarded", "Descartada"


_S = LoadState

LOAD_LIFECYCLE = Lifecycle(
    {
        _S.RECEIVING: {_S.LOOKING, _S.DISCARDED},
        _S.LOOKING: {_S.READY, _S.TRYING, _S.DISCARDED},
        _S.READY: {_S.LOOKING, _S.TRYING, _S.DISCARDED},
        _S.TRYING: {_S.TRIED, _S.READY},
        _S.TRIED: {_S.LOOKING, _S.TRYING, _S.APPLYING, _S.DISCARDED},
        _S.APPLYING: {_S.APPLIED, _S.STOPPED},
        _S.STOPPED: {_S.APPLYING, _S.UNDOING},
        _S.APPLIED: {_S.UNDOING},
        _S.UNDOING: {_S.UNDONE, _S.APPLIED},
        _S.UNDONE: set(),
        _S.DISCARDED: set(),
    }
)
"""What stopped goes on where it was. An undoing that something later forbids leaves the load as it was."""

WORKING = frozenset({_S.LOOKING, _S.TRYING, _S.APPLYING, _S.UNDOING})
"""A job has it: nobody decides anything meanwhile."""

WAITS = frozenset({_S.READY, _S.TRIED, _S.STOPPED})
"""Somebody has to say how it goes on."""

OVER = frozenset({_S.APPLIED, _S.UNDONE, _S.DISCARDED})

TONES = {
    _S.RECEIVING: "info",
    _S.LOOKING: "info",
    _S.READY: "warn",
    _S.TRYING: "info",
    _S.TRIED: "warn",
    _S.APPLYING: "info",
    _S.STOPPED: "bad",
    _S.APPLIED: "ok",
    _S.UNDOING: "info",
    _S.UNDONE: "",
    _S.DISCARDED: "",
}

STAGES = ("Archivo", "Columnas", "Ensayo", "Carga", "Resultado")
"""What a load goes through, as its page shows it."""

_STAGE = {
    _S.RECEIVING: 0,
    _S.LOOKING: 0,
    _S.READY: 1,
    _S.TRYING: 2,
    _S.TRIED: 2,
    _S.APPLYING: 3,
    _S.STOPPED: 3,
}


def stage_of(state: LoadState) -> int:
    """The place of the stage where it is."""
    return _STAGE.get(state, len(STAGES) - 1)
