"""The jobs of loads, one at a time: a file waits for the one before it, and letters for neither."""

from uuid import UUID

from ventanilla.access.operators import of_the_command
from ventanilla.core.jobs import UntilTaken, queue
from ventanilla.datasets.course import undoing, working


@queue.task(name="look_at_load", queue="loads", retry=UntilTaken())
def look_at_load(*, institution: int, load: str) -> None:
    working.look(UUID(load), by=of_the_command(institution))


@queue.task(name="try_load", queue="loads", retry=UntilTaken())
def try_load(*, institution: int, load: str) -> None:
    working.try_(UUID(load), by=of_the_command(institution))


@queue.task(name="apply_load", queue="loads", retry=UntilTaken())
def apply_load(*, institution: int, load: str) -> None:
    working.apply(UUID(load), by=of_the_command(institution))


@queue.task(name="undo_load", queue="loads", retry=UntilTaken())
def undo_load(*, institution: int, load: str) -> None:
    undoing.undo(UUID(load), by=of_the_command(institution))
