"""Serving: static files gathered once, gunicorn in this process, and the database's end tied to ours."""

import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from ventanilla.config import environment as env
from ventanilla.config.postgres import cluster
from ventanilla.config.whole_requests import WholeRequestWorker
from ventanilla.core.errors import RuleBroken

LOOPBACK = "127.0.0.1"
AFTER_DYING = 2.0
"""Seconds after which a worker that died is started again."""

THREADS = 3
"""Of each worker. Each keeps a connection to the database, so there are few."""


def refuse_busy_port(host: str, port: int) -> None:
    """Say at once, before anything is started, that somebody else listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise RuleBroken(f"El puerto {port} necesita permisos de administración. Elija otro con PORT.") from None
        except OSError as error:
            raise RuleBroken(
                f"El puerto {port} está ocupado por otro programa. Deténgalo o elija otro, por ejemplo PORT={port + 1}."
            ) from error


def gather_static_files() -> None:
    """Copy and compress the static files, when they changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            stat = Path(storage.path(path)).stat()
            seen.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")  # beside it: what is inside is served
    if root.is_dir() and stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    stamp.unlink(missing_ok=True)  # killed in the middle, the next start gathers them again
    call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
    stamp.write_text(seen.hexdigest())


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with a few threads a worker. The application is loaded before the fork: workers share its memory."""

    def __init__(self, bind: str, workers: int, when_ready: Callable[[], None]) -> None:
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": WholeRequestWorker,
            "threads": THREADS,
            "worker_connections": 200,
            "preload_app": True,
            "timeout": 30,
            "graceful_timeout": 10,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda arbiter: when_ready(),
            "post_fork": lambda arbiter, worker: _forget_connections(),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from ventanilla.config.wsgi import application

        return application


def _forget_connections() -> None:
    """A connection opened before the fork belongs to nobody after it."""
    from django.db import connections

    connections.close_all()


def serve(*, host: str, port: int, workers: int, when_ready: Callable[[], None]) -> None:
    """Answer requests until told to stop; needs Django set up. Refuses to start with a role that owns or may all."""
    from django.db import connection

    from ventanilla.config.postgres.roles import refuse_unsafe_role

    refuse_unsafe_role(connection)
    connection.close()
    gather_static_files()
    sys.argv = sys.argv[:1]  # gunicorn reads it again when it reloads
    with working_beside(wanted=env.flag("WORKER", True)):
        Server(f"{host}:{port}", workers, when_ready).run()


@contextmanager
def working_beside(*, wanted: bool) -> Iterator[None]:
    """A worker beside this process, started again whenever it dies, and ended with us however we end."""
    if not wanted:
        yield
        return
    reading, writing = os.pipe()
    supervisor = os.fork()
    if supervisor == 0:
        os.close(writing)
        _supervise(reading)
    os.close(reading)
    ours = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == ours:
            os.close(writing)
            with suppress(ChildProcessError):
                os.waitpid(supervisor, 0)


def _supervise(reading: int) -> NoReturn:
    """Until the other end of the pipe is closed, which is when we and our workers are gone."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        program = Path(sys.executable).with_name("ventanilla")
        while True:
            beside = [str(program), "work", f"--beside={reading}"]
            worker = subprocess.Popen(beside, preexec_fn=_hear_signals, pass_fds=[reading])
            while worker.poll() is None:
                if select.select([reading], [], [], 1.0)[0]:
                    worker.terminate()
                    with suppress(subprocess.TimeoutExpired):
                        worker.wait(timeout=25)
                    worker.kill()
                    worker.wait()
                    status = 0
                    os._exit(status)
            select.select([reading], [], [], AFTER_DYING)
    finally:
        os._exit(status)


def _hear_signals() -> None:
    """The worker ends by itself when told; only its supervisor does not."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def ending_with_us(var: Path, *, started: bool) -> Iterator[None]:
    """Stop the private database when this process ends, however it ends, if it was this process that started it.

    A small guardian waits at the other end of a pipe: it sees our end even when we are killed.
    """
    if not started:
        yield
        return
    reading, writing = os.pipe()
    guardian = os.fork()
    if guardian == 0:
        os.close(writing)
        _guard(reading, var)
    os.close(reading)
    ours = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == ours:  # the workers that gunicorn forks leave by here too
            os.close(writing)
            with suppress(ChildProcessError):  # gunicorn may have reaped it when it ended
                os.waitpid(guardian, 0)


def _guard(reading: int, var: Path) -> None:
    status = 1
    try:
        os.setsid()
        os.read(reading, 1)  # returns when every writer is gone: we and our workers
        cluster.stop(var)
        status = 0
    finally:
        os._exit(status)


def workers() -> int:
    """As many as ``WORKERS`` says, else one a processor and two at least; what waits on the database are threads."""
    return env.number("WORKERS", max(os.cpu_count() or 1, 2))
