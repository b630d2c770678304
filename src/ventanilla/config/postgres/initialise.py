"""A new cluster's files: initdb into a draft, our configuration, and a rename when all is complete."""

import os
import shutil
import tempfile
from pathlib import Path

from ventanilla.config.postgres.binaries import Binaries
from ventanilla.config.postgres.place import write_whole
from ventanilla.config.postgres.problems import DatabaseProblem, of_program
from ventanilla.config.postgres.server_user import ServerUser

SUPERUSER = "postgres"
_DRAFT = ".initdb-"
_OURS = "ventanilla.conf"

# Modest: two cores and a few gigabytes, shared with the web server.
_TUNING = """\
# Ventanilla la reescribe en cada inicio. Para cambiar un valor use ALTER SYSTEM, o escríbalo en postgresql.conf
# después de la línea que incluye este archivo.
max_connections = 100
shared_buffers = {shared_buffers}
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 128MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = on
random_page_cost = 1.1
jit = off
password_encryption = scram-sha-256
lc_messages = 'C'
# Un error cita el valor rechazado, que puede ser un RUN o un nombre: no llega al registro del servidor.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
log_line_prefix = '%m [%p] '
"""
_DURABLE = """\
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 1GB
"""
_DISPOSABLE = """\
# Un clúster de pruebas: lo que se pierda se hace de nuevo.
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
min_wal_size = 32MB
"""

# Peer, and not trust: the socket's folder already keeps strangers out, and this still does if someone opens it.
# The map says which users of the operating system may take which role.
_ACCESS = "local all all peer map=ventanilla\n"


def data_folder(home: Path) -> Path:
    return home / "data"


def refuse_foreign(home: Path, user: ServerUser, binaries: Binaries) -> bool:
    """Whether a cluster exists in ``home``; raises ``DatabaseProblem``, touching nothing, when it is not for us."""
    data = data_folder(home)
    if home.stat().st_uid != user.uid or (data.exists() and data.stat().st_uid != user.uid):
        raise DatabaseProblem(
            f"La carpeta de la base de datos {home} pertenece a otro usuario y no se tocó."
            f" Ejecute la orden con el usuario que la creó, o devuélvala con chown -R {user.name}."
        )
    if not data.exists():
        return False
    try:
        major = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if not any(data.iterdir()):
            return False
        raise DatabaseProblem(
            f"La carpeta {data} tiene archivos que no son una base de datos de PostgreSQL y no se tocó."
            " Muévala a otro lugar y repita la orden."
        ) from None
    if major != str(binaries.major):
        raise DatabaseProblem(
            f"La base de datos de {data} es de PostgreSQL {major} y los programas disponibles son de la versión"
            f" {binaries.version}; no se tocó nada. Indique en PG_BINDIR los programas de PostgreSQL {major};"
            " para cambiar de versión, respalde con ellos y restaure en una base nueva."
        )
    return True


def initialise(home: Path, user: ServerUser, binaries: Binaries, lock: int, *, durable: bool) -> None:
    """Make the cluster. A draft left by a start that was killed is removed: it never became the cluster.

    ``lock`` goes with initdb, so that the next start waits for one that outlives us.
    """
    for left in home.glob(_DRAFT + "*"):
        shutil.rmtree(left)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=home))
    try:
        if user.is_other:
            os.chown(draft, user.uid, user.gid)
        options = _options(binaries.major, durable=durable)
        made = user.run([binaries.program("initdb"), "-D", draft, *options], inherited=(lock,))
        if made.returncode != 0:
            raise of_program("initdb", made.stdout, home)
        with (draft / "postgresql.conf").open("a") as file:
            file.write(f"\ninclude = '{_OURS}'\n")
        configure(draft, user, durable=durable)
        draft.rename(data_folder(home))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _sync(home)


def _options(major: int, *, durable: bool) -> list[str]:
    # PostgreSQL's own C.UTF-8 is the same on every machine; before 17 only the system's exists.
    if major >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=C.UTF-8"]
    common = ["--username", SUPERUSER, "--auth=peer", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    return [*common, *locale, *([] if durable else ["--no-sync"])]


def configure(data: Path, user: ServerUser, *, durable: bool) -> None:
    """Write what is ours in the cluster's configuration; again at each start, as root today and as herself tomorrow."""
    tuning = _TUNING.format(shared_buffers="256MB" if durable else "64MB") + (_DURABLE if durable else _DISPOSABLE)
    people = sorted({user.name, "root"} if user.is_other else {user.name})
    roles = (SUPERUSER, "ventanilla_owner", "ventanilla_app")
    who = "".join(f'ventanilla "{person}" {role}\n' for person in people for role in roles)
    for name, text in ((_OURS, tuning), ("pg_hba.conf", _ACCESS), ("pg_ident.conf", who)):
        path = data / name
        if not path.exists() or path.read_text() != text:
            write_whole(path, text, mode=0o600, owner=user)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
