"""The jobs of the registry."""

from uuid import UUID

from ventanilla.access.operators import of_the_command
from ventanilla.core.jobs import UntilTaken, queue
from ventanilla.registry.merging import searching


@queue.task(name="search_duplicates", queue=searching.WITH_LOADS, retry=UntilTaken())
def search_duplicates(*, institution: int, search: str) -> None:
    searching.do_search(UUID(search), by=of_the_command(institution))
