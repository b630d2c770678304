"""The jobs of referrals: what their terms do by themselves, in each institution from its morning on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.exceptions import AlreadyEnqueued

from ventanilla.access.operators import ever_operated, of_the_command
from ventanilla.core.jobs import TERMS, queue
from ventanilla.referrals.actions import follow_to_the_end

MORNING = 7


@queue.periodic(cron="3 * * * *")
@queue.task(name="follow_everywhere", queue="referrals", priority=TERMS)
def follow_everywhere(timestamp: int) -> None:
    """Each hour of the day, so that a server that was down in the morning does it later: twice is once."""
    moment = datetime.fromtimestamp(timestamp, tz=ZoneInfo("UTC"))
    for institution in ever_operated():
        if moment.astimezone(ZoneInfo(institution.time_zone)).hour < MORNING:
            continue
        job = queue.configure_task("follow_referrals", queue="referrals", queueing_lock=f"follow {institution.pk}")
        try:
            job.defer(institution=institution.pk)
        except AlreadyEnqueued:
            continue  # the one of an hour ago still waits


@queue.task(name="follow_referrals", queue="referrals", priority=TERMS)
def follow_referrals(*, institution: int) -> None:
    follow_to_the_end(by=of_the_command(institution))
