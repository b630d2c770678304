"""What is decided by itself of a load that nobody brought: one that came by the watched folder."""

from ventanilla.datasets.models import Load

MOST_REJECTED = 0.01
"""Of the rows read: an extract of 30,000 has some wrong RUN each night, and with many more it is not itself."""

MOST_DOUBTFUL = 0.05


def is_unattended(load: Load) -> bool:
    """Within ``acting``: nobody has had a hand in it. Whoever said what its columns are also decides of its trial."""
    return load.from_folder and not load.steps.filter(account__isnull=False).exists()


def why_it_waits(load: Load) -> str:
    """After its trial, why somebody has to see it first; nothing, when it may be applied."""
    trial = load.trial
    read, rejected, doubtful = trial["read"], trial["rejected"], trial["doubtful"]
    if not load.to_take:
        return "Ninguna fila de este archivo se puede cargar."
    if trial["too_many_gone"]:
        return "Dejarían de figurar más de los que se espera: puede que el archivo venga incompleto."
    if rejected > read * MOST_REJECTED:
        return f"Se rechazarían {rejected} de sus {read} filas, más de lo que se acepta sin que nadie lo vea."
    if doubtful > read * MOST_DOUBTFUL:
        return f"Serían dudosas {doubtful} de sus {read} filas, más de lo que se acepta sin que nadie lo vea."
    return ""
