"""The real server as it is started in production, and how much memory it and PostgreSQL hold."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.place import CHECKOUT

PORT = 8765
WORKERS = 2


@contextmanager
def serving(var: Path) -> Iterator[int]:
    """The server on ``PORT`` until the end; the number of its process."""
    start = (
        "from ventanilla.config import server; from ventanilla.config.postgres.migrate import set_up_django;"
        f" set_up_django(); server.serve(host='127.0.0.1', port={PORT}, workers={WORKERS}, when_ready=lambda: None)"
    )
    with (var / "server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-c", start], cwd=CHECKOUT, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit((var / "server.log").read_text())
            with suppress(OSError):
                probe = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
                probe.request("GET", "/salud/")
                probe.getresponse()
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes, what is shared counted once (PSS)."""

    server: float
    database: float


def memory(server: int, var: Path) -> Memory:
    from ventanilla.config.postgres.cluster import status

    running = status(var)
    assert running is not None
    postmaster = int((running.home / "data" / "postmaster.pid").read_text().splitlines()[0])
    return Memory(_megabytes_of(server), _megabytes_of(postmaster))


def _megabytes_of(parent: int) -> float:
    """Of a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(above, []).append(int(folder.name))
    total, waiting = 0, [parent]
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        with suppress(OSError):
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
