"""The jobs of what leaves by itself."""

from uuid import UUID

from ventanilla.access.operators import of_the_command
from ventanilla.core.jobs import LETTERS, UntilTaken, queue
from ventanilla.outbox.events import deliver_event
from ventanilla.outbox.letters import deliver_letter
from ventanilla.outbox.models import QUEUE


@queue.task(name="mail_letter", queue=QUEUE, priority=LETTERS, retry=UntilTaken())
def mail_letter(*, institution: int, letter: str) -> None:
    deliver_letter(UUID(letter), by=of_the_command(institution))


@queue.task(name="tell_system", queue=QUEUE, retry=UntilTaken())
def tell_system(*, institution: int, delivery: str) -> None:
    deliver_event(UUID(delivery), by=of_the_command(institution))
