"""The worker: every job of the house is done as the application role, and what a dead worker left is done again."""

import structlog
from procrastinate import App, JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from ventanilla.core.jobs import UPKEEP, queue

SILENT = 30
"""Seconds without a sign of life after which a worker is taken for dead."""

AT_ONCE = 2
"""Jobs at a time; each has a connection of its own."""

MOST_KILLS = 5
"""Workers that may die with the same job in their hands; then nobody takes it up until somebody has looked at it."""

log = structlog.get_logger()


@queue.periodic(cron="* * * * *")
@queue.task(name="take_up", queue="upkeep", pass_context=True, priority=UPKEEP)
async def take_up(context: JobContext, timestamp: int) -> None:
    """What a worker that died had in its hands."""
    await take_up_in(context.app)


_TAKE_UP = """
with held as (
    select id from procrastinate_jobs
    where id = %(job)s and status = 'doing' and worker_id is not distinct from %(worker)s for update
), killed as (
    insert into procrastinate_events (job_id, type) select id, 'failed' from held returning job_id
), before as (
    select count(*) as times from procrastinate_events where job_id = %(job)s and type = 'failed'
)
update procrastinate_jobs job set
    attempts = attempts + 1,
    status = (case when before.times + 1 < %(most)s then 'todo' else 'failed' end)::procrastinate_job_status,
    scheduled_at = now() + case when before.times > 0 then %(apart)s else 0 end * interval '1 second'
from killed, before where job.id = killed.job_id
"""


async def take_up_in(app: App) -> None:
    """Each has the worker's death counted against it, in the queue's own log; the last leaves it as failed.

    Those that were in the same hands more than once go apart: one kills the worker, and the other must not pay for it.
    """
    for turn, job in enumerate(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT)):
        told = {"job": job.id, "worker": job.worker_id, "most": MOST_KILLS, "apart": turn * SILENT}
        log.warning("job.taken_up", job=job.id, task=job.task_name)
        try:
            await app.connector.execute_query_async(query=_TAKE_UP, **told)
        except UniqueViolation:  # the same was asked for meanwhile, and that one waits
            await app.job_manager.finish_job(job, Status.SUCCEEDED, delete_job=True)


async def work(*, waits: bool) -> None:
    """Until told to stop, or until nothing can be done now.

    The worker has connections of its own; what a job defers goes by Django's, in the transaction of what it writes.
    """
    worker = queue.with_connector(queue.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has it
    async with worker.open_async():
        await take_up_in(worker)
        await worker.run_worker_async(
            wait=waits,
            concurrency=AT_ONCE,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
            stalled_worker_timeout=SILENT,
        )
