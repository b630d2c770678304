"""The worker: every job of the house is done as the application role, and what a dead worker left is done again."""

from procrastinate import App, JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from ventanilla.core.jobs import UPKEEP, queue

SILENT = 30
"""Seconds without a sign of life after which a worker is taken for dead."""

AT_ONCE = 2
"""Jobs at a time; each has a connection of its own."""


@queue.periodic(cron="* * * * *")
@queue.task(name="take_up", queue="upkeep", pass_context=True, priority=UPKEEP)
async def take_up(context: JobContext, timestamp: int) -> None:
    """What a worker that died had in its hands."""
    await take_up_in(context.app)


async def take_up_in(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT):
        try:
            await app.job_manager.retry_job(job)
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
