"""The drill: what was backed up comes back whole, and a restore that fails leaves the live database as it was."""

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from ventanilla.access.models import Account
from ventanilla.config.postgres.backup import Restored, back_up, count_rows, restore
from ventanilla.config.postgres.binaries import find_binaries
from ventanilla.config.postgres.migrate import migrate_as_owner
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.roles import application_database, as_owner, connect, owner_database
from ventanilla.core import seals

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "una-clave-de-prueba-2026"
SomeCommand = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def owner() -> dict[str, Any]:
    return owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}


@pytest.fixture
def account() -> Account:
    made = Account(username="ana.ficticia", given_names="Ana", surnames="Ficticia Datos")
    made.set_password(PASSWORD)
    made.save()
    return made


def rows(owner: dict[str, Any]) -> dict[str, int]:
    with connect(owner) as live:
        return count_rows(live)


def databases(owner: dict[str, Any]) -> set[str]:
    with connect(owner, name="postgres") as server:
        found = server.execute("select datname from pg_database where datname ~ ('^' || %s)", [owner["NAME"]])
        return {name for (name,) in found}


def restored(owner: dict[str, Any], file: Path, **options: Any) -> Restored:
    application = application_database(settings.VAR)["USER"]
    connection.close()
    try:
        return restore(owner, application, find_binaries(), file, prepare=migrate_as_owner, **options)
    finally:
        connection.close()


def test_a_backup_comes_back_with_every_row_its_audit_and_its_people(
    owner: dict[str, Any], account: Account, tmp_path: Path, client: Client
) -> None:
    with connect(owner) as live:
        seals.seal(live)
        sealed = seals.verify(live)
    made = back_up(owner, find_binaries(), tmp_path / "respaldo.dump")
    assert made.rows == rows(owner)
    assert made.rows["access_account"] == 1
    assert made.rows["core_audit_event"] > 0
    with connect(owner) as live:
        audit = "select md5(string_agg(e::text, '' order by e.id)) from core_audit_event e"
        written = live.execute(audit).fetchone()
        live.execute("delete from access_account")

    done = restored(owner, made.file)

    assert done.rows == made.rows == rows(owner)
    assert done.replaced is None
    assert done.chains == sealed
    assert databases(owner) == {owner["NAME"]}
    with connect(owner) as live:
        assert live.execute(audit).fetchone() == written
        heads = tuple(chain.head for chain in sealed if chain.head)
        assert heads
        assert seals.verify(live, heads) == sealed
    answer = client.post(reverse("account_login"), {"login": account.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)


def test_the_walls_stand_after_a_restore(owner: dict[str, Any], tmp_path: Path) -> None:
    def walls() -> list[tuple[Any, ...]]:
        with connect(owner) as live:
            return (
                live.execute(
                    "select c.relname, c.relrowsecurity, c.relacl::text, pg_get_userbyid(c.relowner),"
                    " (select count(*) from pg_policy p where p.polrelid = c.oid),"
                    " (select count(*) from pg_trigger t where t.tgrelid = c.oid and t.tgenabled = 'O')"
                    " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
                    " order by c.relname"
                ).fetchall()
                + live.execute(
                    "select p.oid::regprocedure::text, p.proacl::text from pg_proc p"
                    " where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1"
                ).fetchall()
            )

    migrate_as_owner()
    before = walls()
    restored(owner, back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file)
    assert walls() == before
    with connect(owner, name="postgres") as server:
        (public,) = server.execute(
            "select bool_or(a.grantee = 0) from pg_database, aclexplode(datacl) a where datname = %s",
            [owner["NAME"]],
        ).fetchone() or (None,)
    assert public is False


def test_people_at_work_do_not_stop_a_restore(owner: dict[str, Any], tmp_path: Path) -> None:
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    at_work = connect(application_database(settings.VAR) | {"NAME": owner["NAME"]})
    restored(owner, file)
    with pytest.raises(psycopg.OperationalError):
        at_work.execute("select 1")


def test_the_replaced_database_is_kept_when_asked(owner: dict[str, Any], account: Account, tmp_path: Path) -> None:
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    with connect(owner) as live:
        live.execute("delete from access_account")
    replaced = restored(owner, file, keep=True).replaced
    assert replaced is not None
    try:
        assert rows(owner)["access_account"] == 1
        assert rows(owner | {"NAME": replaced})["access_account"] == 0
    finally:
        with connect(owner, name="postgres") as server:
            server.execute(f"drop database {replaced}")


def tampered_backup(owner: dict[str, Any], folder: Path, statement: str) -> Path:
    """A backup of a sealed database in which somebody with the owner's password then ran ``statement``."""
    with connect(owner) as live:
        seals.seal(live)
        live.execute(statement)
    return back_up(owner, find_binaries(), folder / "respaldo.dump").file


TAMPERING = {
    "change": ("update core_audit_event set account_id = gen_random_uuid() where op = 'I'", "fue cambiada"),
    "deletion": ("delete from core_audit_event where op = 'I'", "fue eliminada"),
    "insertion": (
        "insert into core_audit_event (at, table_name, row_id, op) values ('2026-01-01', 'x', 'y', 'I')",
        "con una hora anterior",
    ),
    "emptying": ("truncate core_audit_event", "fue eliminada"),
    "seal": ("update core_seal set count = count + 1", "fue cambiado"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_the_drill_refuses_a_backup_whose_audit_was_tampered_with(
    owner: dict[str, Any], account: Account, tmp_path: Path, how: str
) -> None:
    statement, found = TAMPERING[how]
    file = tampered_backup(owner, tmp_path, statement)
    with connect(owner) as live:
        live.execute("update access_account set given_names = 'Viva'")
    with pytest.raises(DatabaseProblem, match=f"la auditoría de este respaldo fue alterada.* {found}"):
        restored(owner, file)
    assert databases(owner) == {owner["NAME"]}
    with connect(owner) as live:
        assert live.execute("select given_names from access_account").fetchone() == ("Viva",)


def test_a_head_kept_outside_shows_that_a_backup_lost_its_end(
    owner: dict[str, Any], account: Account, tmp_path: Path
) -> None:
    with connect(owner) as live:
        seals.seal(live)
        head = next(chain.head for chain in seals.verify(live) if chain.log == "audit")
    file = tampered_backup(owner, tmp_path, "truncate core_audit_event, core_seal")
    assert restored(owner, file).broken_chain == "", "nothing in the database itself tells"
    with pytest.raises(DatabaseProblem, match="La cadena de cambios fue cortada"):
        restored(owner, file, heads=(head,))


def test_the_only_backup_left_can_be_restored_in_spite_of_its_audit(
    owner: dict[str, Any], account: Account, tmp_path: Path
) -> None:
    file = tampered_backup(owner, tmp_path, TAMPERING["change"][0])
    done = restored(owner, file, accept_broken_chain=True)
    assert "fue cambiada" in done.broken_chain
    assert rows(owner)["access_account"] == 1


def test_a_lawful_redaction_is_no_obstacle_to_the_drill(
    owner: dict[str, Any], account: Account, tmp_path: Path
) -> None:
    with connect(owner) as live:
        seals.seal(live)
        first = live.execute("select min(id) from core_audit_event").fetchone()
        assert first is not None
        seals.redact(live, "audit", first[0], reason="Resolución de prueba")
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    assert sum(chain.redacted for chain in restored(owner, file).chains) == 1


@pytest.mark.parametrize("damage", ["cut", "broken", "foreign"])
def test_a_damaged_file_is_refused_and_the_live_database_stays(
    owner: dict[str, Any], account: Account, tmp_path: Path, damage: str
) -> None:
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        {"cut": whole[:middle], "broken": whole[:middle] + b"\0" * 4096 + whole[middle + 4096 :], "foreign": b"PK\3\4"}[
            damage
        ]
    )
    with pytest.raises(DatabaseProblem):
        restored(owner, file)
    assert rows(owner)["access_account"] == 1
    assert databases(owner) == {owner["NAME"]}


def test_a_restore_that_cannot_be_prepared_leaves_nothing_behind(
    owner: dict[str, Any], account: Account, tmp_path: Path
) -> None:
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file

    def refuse(name: str) -> None:
        raise KeyboardInterrupt(name)

    connection.close()
    with pytest.raises(KeyboardInterrupt):
        restore(owner, "ventanilla_app", find_binaries(), file, prepare=refuse)
    assert rows(owner)["access_account"] == 1
    assert databases(owner) == {owner["NAME"]}


def test_what_a_killed_restore_left_is_removed_by_the_next(owner: dict[str, Any], tmp_path: Path) -> None:
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    left = f"{owner['NAME']}_restore_0123abcd"
    with connect(owner, name="postgres") as server:
        server.execute(f"create database {left}")
    restored(owner, file)
    assert databases(owner) == {owner["NAME"]}


def test_a_backup_of_a_newer_version_is_refused(owner: dict[str, Any], tmp_path: Path) -> None:
    with connect(owner) as live:
        live.execute("insert into django_migrations (app, name, applied) values ('access', '9999_future', now())")
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    with pytest.raises(DatabaseProblem, match=r"access\.9999_future, que esta versión de Ventanilla no conoce"):
        restored(owner, file)
    assert databases(owner) == {owner["NAME"]}


def test_a_restore_never_leaves_an_owners_function_open_to_all(owner: dict[str, Any], tmp_path: Path) -> None:
    with connect(owner) as live:
        live.execute("create function peek() returns bigint security definer language sql as 'select 1::bigint'")
    file = back_up(owner, find_binaries(), tmp_path / "respaldo.dump").file
    with pytest.raises(DatabaseProblem, match="dejaría la función peek abierta"):
        restored(owner, file)


def test_a_backup_is_complete_private_or_not_there(owner: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "respaldo.dump"
    made = back_up(owner, find_binaries(), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.size == file.stat().st_size
    assert list(tmp_path.iterdir()) == [file]
    before = file.read_bytes()
    with pytest.raises(DatabaseProblem):
        back_up(owner | {"NAME": "no_existe"}, find_binaries(), file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
    note = tmp_path / "notas.txt"
    note.write_text("no es un respaldo")
    with pytest.raises(DatabaseProblem, match="ya existe y no es un respaldo"):
        back_up(owner, find_binaries(), note)
    assert note.read_text() == "no es un respaldo"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts disks")
def test_a_full_disk_is_told_in_a_sentence_and_keeps_the_last_backup(
    owner: dict[str, Any], open_folder: Path, mount: Callable[[Path, str], None]
) -> None:
    disk = open_folder / "disk"
    mount(disk, "size=64k")
    file = disk / "respaldo.dump"
    file.write_bytes(b"PGDMP, el respaldo de ayer")
    with pytest.raises(DatabaseProblem, match="No queda espacio en el disco"):
        back_up(owner, find_binaries(), file)
    assert file.read_bytes() == b"PGDMP, el respaldo de ayer"
    assert list(disk.iterdir()) == [file]


def test_the_commands_back_up_ask_and_restore(
    account: Account, tmp_path: Path, ventanilla: SomeCommand, database_environment: dict[str, str]
) -> None:
    file = tmp_path / "respaldo.dump"
    made = ventanilla("db", "backup", str(file), "--json", **database_environment)
    assert made.returncode == 0, made.stderr
    backup = json.loads(made.stdout)
    assert backup["rows"]["access_account"] == 1
    assert len(backup["sha256"]) == 64
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("delete from access_account")
    declined = ventanilla("db", "restore", str(file), text="n\n", **database_environment)
    assert declined.returncode == 1
    assert "No se restauró nada." in declined.stderr
    assert not Account.objects.exists()
    connection.close()
    done = ventanilla("db", "restore", str(file), "--yes", "--json", **database_environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["rows"] == backup["rows"]
    assert (told["broken_chain"], [chain["log"] for chain in told["chains"]]) == ("", ["audit", "reads"])
    assert Account.objects.get() == account
