"""Work that is done after the answer: jobs deferred in the transaction that asks for it, done by ``ventanilla work``.

A job carries ids and the number of its institution, which it enters; it may be done twice and must not mind.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job

__all__ = [
    "MOST_TRIES",
    "NotTaken",
    "UntilTaken",
    "go_after_others",
    "hasten",
    "put_back_failed",
    "queue",
    "tried",
    "wait_after",
    "waiting",
]

WAITS = (60, 5 * 60, 15 * 60, 30 * 60)
"""Seconds before each new try; from then on an hour."""

HOUR = 60 * 60

UPKEEP, TERMS, LETTERS = 100, 80, 60
"""What goes before the events for other systems, which may not answer and are as many as somebody else wants."""

MOST_TRIES = len(WAITS) + 24
"""Over a day of trying, as who receives may be down a night and a morning."""


class NotTaken(Exception):
    """Whoever should have taken it did not; it is tried again later."""


class UntilTaken(BaseRetryStrategy):
    """Sooner at first, then each hour, for as long as it is not taken: its row counts the tries, and says when it ends.

    So is what failed because the database went away. Any other failure is a mistake of ours: it is not repeated. What
    was tried goes after what was not: whoever does not answer keeps nobody else waiting. It also leaves the line of its
    lock, where those that follow would wait for its hour.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, NotTaken | OperationalError | InterfaceError):
            return None
        return RetryDecision(
            retry_in={"seconds": wait_after(job.attempts)}, priority=job.priority - 1, lock=str(job.id)
        )


def wait_after(tries: int) -> int:
    """Seconds until the next, after so many before this one."""
    return WAITS[tries] if tries < len(WAITS) else HOUR


_WAITING = """
select count(*) filter (where status = 'todo') as later, count(*) filter (where status = 'failed') as failed,
    (select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 seconds') as workers,
    coalesce(extract(epoch from now() - min(scheduled_or_now) filter (where status = 'todo')), 0)::int as behind
from (
    select j.status, coalesce(j.scheduled_at, (select min(at) from procrastinate_events e where e.job_id = j.id))
        as scheduled_or_now
    from procrastinate_jobs j where j.status in ('todo', 'failed')
) waiting
"""


def waiting() -> dict[str, Any]:
    """How many jobs wait and how many nobody tries any more; for how many seconds the first of them is overdue.

    ``workers`` have shown life lately: without any nothing is overdue, for what comes at its hour is asked by them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        later, failed, workers, behind = cursor.fetchone()
    return {"later": later, "failed": failed, "behind": max(behind, 0), "workers": workers}


def tried(key: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those that a job waits for or has in its hands. ``key`` is the argument by which jobs name them."""
    asked = "select args ->> %s from procrastinate_jobs where status in ('todo', 'doing') and args ->> %s = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(asked, [key, key, [str(one) for one in ids]])
        return {UUID(found) for (found,) in cursor}


_HASTEN = """
with forgotten as (delete from procrastinate_jobs where status = 'failed' and args ->> %s = any(%s))
update procrastinate_jobs set scheduled_at = now() where status = 'todo' and args ->> %s = any(%s) returning args ->> %s
"""


def hasten(key: str, ids: Iterable[UUID]) -> set[UUID]:
    """Who waits for a next try has it now: those of whom a job waits. The others may be asked for again.

    What failed of them is forgotten, for nobody is to count it any more.
    """
    named = [str(one) for one in ids]
    with connection.cursor() as cursor:
        cursor.execute(_HASTEN, [key, named, key, named, key])
        return {UUID(found) for (found,) in cursor}


def go_after_others(lock: str) -> None:
    """Those that wait in the line of that lock let all others be tried first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set priority = -1 where lock = %s and status = 'todo' and priority > -1", [lock]
        )


_PUT_BACK = """
with failed as (
    delete from procrastinate_jobs where status = 'failed'
    returning queue_name, task_name, priority, lock, queueing_lock, args
), again as (
    insert into procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args) select * from failed
    on conflict (queueing_lock) where status = 'todo' do nothing
)
select count(*) from failed
"""


def put_back_failed() -> int:
    """How many failed jobs are tried again, as if they had never been. What waits already is not asked for twice."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK)
        return int(cursor.fetchone()[0])
