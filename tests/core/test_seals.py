"""Whatever is done to a sealed log is found, and what the law erases is not taken for it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ProgrammingError
from tests import make

from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import seals
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = {"audit": "core_audit_event", "reads": "registry_readentry"}
each_log = pytest.mark.parametrize("log", seals.LOGS)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a database with entries in both logs, sealed in several seals."""
    monkeypatch.setattr(seals, "ENTRIES_A_SEAL", 2)
    live()
    with connect(owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}) as owner:
        assert all(count >= 4 for count in seals.seal(owner).values())
        yield owner


def live() -> None:
    """Some work: people written and read."""
    with make.inside():
        for _ in range(5):
            log_reading(ReadEntry.Kind.FULL, of=make.person())


def ids(owner: psycopg.Connection[Any], log: str) -> list[int]:
    return [row[0] for row in owner.execute(f"select id from {TABLES[log]} order by id").fetchall()]


def broken(owner: psycopg.Connection[Any], *heads: str) -> str:
    with pytest.raises(seals.ChainBroken) as found:
        seals.verify(owner, heads)
    return str(found.value)


def test_an_untouched_chain_verifies_and_goes_on(owner: psycopg.Connection[Any]) -> None:
    heads = tuple(chain.head for chain in seals.verify(owner))
    live()
    assert all(chain.unsealed > 0 for chain in seals.verify(owner, heads))
    seals.seal(owner)
    assert all((chain.unsealed, chain.redacted) == (0, 0) for chain in seals.verify(owner, heads))
    assert set(seals.seal(owner).values()) == {0}, "nothing is sealed twice"


def test_the_digest_does_not_depend_on_the_session(owner: psycopg.Connection[Any]) -> None:
    owner.execute("set time zone 'Asia/Tokyo'; set datestyle = 'German'; set extra_float_digits = -3")
    seals.verify(owner)


@each_log
def test_a_changed_entry_is_found(owner: psycopg.Connection[Any], log: str) -> None:
    third = ids(owner, log)[2]
    owner.execute(f"update {TABLES[log]} set account_id = gen_random_uuid() where id = %s", [third])
    assert f"La entrada {third} " in broken(owner)
    assert "fue cambiada." in broken(owner)


@each_log
def test_a_deleted_entry_is_found(owner: psycopg.Connection[Any], log: str) -> None:
    third = ids(owner, log)[2]
    owner.execute(f"delete from {TABLES[log]} where id = %s", [third])
    assert "fue eliminada" in broken(owner)


@each_log
def test_an_emptied_log_is_found(owner: psycopg.Connection[Any], log: str) -> None:
    owner.execute(f"truncate {TABLES[log]}")
    assert "fue eliminada" in broken(owner)


@each_log
def test_entries_that_change_places_are_found(owner: psycopg.Connection[Any], log: str) -> None:
    one, other = ids(owner, log)[0], ids(owner, log)[-1]
    for before, after in ((one, -1), (other, one), (-1, other)):
        owner.execute(f"update {TABLES[log]} set id = %s where id = %s", [after, before])
    assert "fue cambiada de lugar" in broken(owner)


@each_log
@pytest.mark.parametrize("sealed_again", [False, True])
def test_an_entry_slipped_in_among_the_old_ones_is_found(
    owner: psycopg.Connection[Any], log: str, sealed_again: bool
) -> None:
    copied = "insert into {0} select (jsonb_populate_record(e, '{{\"id\": -7}}')).* from {0} e where id = %s"
    owner.execute(copied.format(TABLES[log]), [ids(owner, log)[0]])
    if sealed_again:
        seals.seal(owner)
    assert "La entrada -7 " in broken(owner)
    assert "fue insertada" in broken(owner)


@each_log
def test_a_new_entry_with_an_old_hour_is_found(owner: psycopg.Connection[Any], log: str) -> None:
    columns = "at, institution_id, table_name, row_id, op" if log == "audit" else "at, institution_id, kind, note"
    values = "'2026-01-01', 4303, 'x', 'y', 'I'" if log == "audit" else "'2026-01-01', 4303, 'full', ''"
    owner.execute(f"insert into {TABLES[log]} ({columns}) values ({values})")
    assert "con una hora anterior" in broken(owner)


@each_log
def test_a_cut_tail_is_found_by_the_head_kept_outside(owner: psycopg.Connection[Any], log: str) -> None:
    head = next(chain.head for chain in seals.verify(owner) if chain.log == log)
    cut = "delete from core_seal where log = %s and number = %s returning first_id"
    last = int(head.split(":")[1])
    row = owner.execute(cut, [log, last]).fetchone()
    assert row is not None
    owner.execute(f"delete from {TABLES[log]} where id >= %s", [row[0]])
    seals.verify(owner)
    assert "fue cortada" in broken(owner, head)


@each_log
def test_an_emptied_chain_is_found_by_the_head_kept_outside(owner: psycopg.Connection[Any], log: str) -> None:
    head = next(chain.head for chain in seals.verify(owner) if chain.log == log)
    owner.execute(f"truncate {TABLES[log]}")
    owner.execute("delete from core_seal where log = %s", [log])
    seals.verify(owner)
    assert "fue cortada" in broken(owner, head)


@each_log
def test_a_chain_made_anew_over_a_changed_log_is_found_by_the_head_kept_outside(
    owner: psycopg.Connection[Any], log: str
) -> None:
    head = next(chain.head for chain in seals.verify(owner) if chain.log == log)
    owner.execute(f"update {TABLES[log]} set account_id = gen_random_uuid()")
    owner.execute("delete from core_seal where log = %s", [log])
    seals.seal(owner)
    seals.verify(owner)
    assert "fue rehecha" in broken(owner, head)


@each_log
def test_seals_that_change_places_are_found(owner: psycopg.Connection[Any], log: str) -> None:
    for before, after in ((1, -1), (2, 1), (-1, 2)):
        owner.execute("update core_seal set number = %s where log = %s and number = %s", [after, log, before])
    assert f"El sello 1 de {seals.NAMES[log]} fue cambiado." in broken(owner)


@each_log
def test_a_seal_taken_out_of_the_middle_is_found(owner: psycopg.Connection[Any], log: str) -> None:
    owner.execute("delete from core_seal where log = %s and number = 1", [log])
    assert f"Falta el sello 1 de {seals.NAMES[log]}" in broken(owner)


@pytest.mark.parametrize("change", ["count = count + 1", "digest = sha256(digest)", "entries[1] = 0"])
def test_a_seal_that_was_touched_is_found(owner: psycopg.Connection[Any], change: str) -> None:
    owner.execute(f"update core_seal set {change} where log = 'audit' and number = 2")
    assert broken(owner) == "El sello 2 de cambios fue cambiado."


@each_log
def test_what_the_law_erases_leaves_its_trace_and_the_chain_whole(owner: psycopg.Connection[Any], log: str) -> None:
    third = ids(owner, log)[2]
    seals.redact(owner, log, third, reason="Resolución de prueba")
    seals.seal(owner)
    assert sum(chain.redacted for chain in seals.verify(owner)) == 1
    trace = owner.execute("select row_id, new from core_audit_event order by id desc limit 1").fetchone()
    assert trace == (str(third), {"redacted": "Resolución de prueba"})
    with pytest.raises(seals.ChainBroken, match="ya estaba suprimida"):
        seals.redact(owner, log, third, reason="Otra vez")


@each_log
def test_emptying_without_a_trace_is_not_lawful(owner: psycopg.Connection[Any], log: str) -> None:
    owner.execute(f"update {TABLES[log]} set salt = null where id = %s", [ids(owner, log)[2]])
    assert "La entrada" in broken(owner)


def test_a_transaction_that_ends_late_waits_for_the_next_seal(owner: psycopg.Connection[Any]) -> None:
    insert = "insert into core_audit_event (institution_id, table_name, row_id, op) values (4303, 'x', 'y', 'I')"
    with connect(owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}) as slow:
        with slow.transaction():
            slow.execute(insert)
            live()
            seals.seal(owner)
        assert [chain.unsealed for chain in seals.verify(owner)] == [1, 0], "its number is lower than sealed ones"
    seals.seal(owner)
    assert [chain.unsealed for chain in seals.verify(owner)] == [0, 0]


def test_the_application_reads_the_seals_and_writes_none(owner: psycopg.Connection[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from core_seal")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("delete from core_seal")
