"""Work that is done after the answer: jobs deferred in the transaction that asks for it, done by ``ventanilla work``.

A job carries ids and the number of its institution, which it enters; it may be done twice and must not mind.
"""

from typing import Any

from django.db import connection
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job

__all__ = ["MOST_TRIES", "NotTaken", "UntilTaken", "queue", "wait_after", "waiting"]

WAITS = (60, 5 * 60, 15 * 60, 30 * 60)
"""Seconds before each new try; from then on an hour."""

HOUR = 60 * 60
MOST_TRIES = len(WAITS) + 24
"""Over a day of trying, as who receives may be down a night and a morning."""


class NotTaken(Exception):
    """Whoever should have taken it did not; it is tried again later."""


class UntilTaken(BaseRetryStrategy):
    """Sooner at first, then each hour for a day. Any other failure is a mistake of ours: it is not repeated."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, NotTaken) or job.attempts + 1 >= MOST_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": wait_after(job.attempts)})


def wait_after(tries: int) -> int:
    """Seconds until the next, after so many before this one."""
    return WAITS[tries] if tries < len(WAITS) else HOUR


_WAITING = """
select count(*) filter (where status = 'todo') as later, count(*) filter (where status = 'failed') as failed,
    coalesce(extract(epoch from now() - min(scheduled_or_now) filter (where status = 'todo')), 0)::int as behind
from (
    select j.status, coalesce(j.scheduled_at, (select min(at) from procrastinate_events e where e.job_id = j.id))
        as scheduled_or_now
    from procrastinate_jobs j where j.status in ('todo', 'failed')
) waiting
"""


def waiting() -> dict[str, Any]:
    """How many jobs wait and how many nobody tries any more; for how many seconds the first of them is overdue."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        later, failed, behind = cursor.fetchone()
    return {"later": later, "failed": failed, "behind": max(behind, 0)}
