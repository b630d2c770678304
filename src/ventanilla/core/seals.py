"""The chain that seals the two logs: sealing what has ended, and finding what was changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]

ENTRIES_A_SEAL = 10_000

# The content of an entry as text that never depends on the session, without its number, which the seal binds apart:
# so an entry that changed places is told from one that was rewritten. A column added later stays out of old seals.
_COMMON: LiteralString = "extract(epoch from at), xact::text, institution_id, account_id, posting_id, request_id"
_CONTENT: dict[str, tuple[str, LiteralString, LiteralString]] = {
    "audit": (
        "core_audit_event",
        "purpose_id, table_name, row_id, op, old, new",
        "row_id = '', old = null, new = null",
    ),
    "reads": (
        "registry_readentry",
        "kind, person_id, opened_for_id, people, purpose_id, note",
        "person_id = null, opened_for_id = null, people = null, purpose_id = null, note = ''",
    ),
}
_EMPTY: dict[str, tuple[LiteralString, ...]] = {
    "audit": ("row_id = ''", "old is null", "new is null"),
    "reads": ("person_id is null", "opened_for_id is null", "people is null", "purpose_id is null", "note = ''"),
}
LOGS = tuple(_CONTENT)
NAMES = {"audit": "cambios", "reads": "lecturas"}

_LINK = """sha256(convert_to(concat_ws('|', 'v1', s.log, s.number, s.first_id, s.last_id, s.count,
    s.snapshot, s.cluster, extract(epoch from s.sealed_at)), 'UTF8') || s.previous || (
        select string_agg(int8send(u.id) || u.digest, ''::bytea order by u.place)
        from unnest(s.entries, s.digests) with ordinality u(id, digest, place)))"""


def table_of(log: str) -> str:
    return _CONTENT[log][0]


class ChainBroken(Exception):
    """Something sealed is not what it was; the message says the first thing found, in Spanish."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What verifying one log found."""

    log: str
    seals: int
    entries: int
    redacted: int
    unsealed: int
    head: str
    """What is published outside: ``audit:12:9f…``; empty when nothing is sealed yet."""


def _query(text: LiteralString, log: str) -> sql.Composed:
    """``text`` with the log's table as ``{table}`` and the digest of its entry ``e`` as ``{digest}``."""
    table, columns, emptied = _CONTENT[log]
    content = sql.SQL("jsonb_build_array('v1', ") + sql.SQL(_COMMON) + sql.SQL(", ") + sql.SQL(columns) + sql.SQL(")")
    digest = sql.SQL("sha256(convert_to(e.salt::text || ") + content + sql.SQL("::text, 'UTF8'))")
    is_empty = sql.SQL(" and ").join(sql.SQL("e.") + sql.SQL(column) for column in _EMPTY[log])
    names = {"table": sql.Identifier(table), "digest": digest, "emptied": sql.SQL(emptied), "is_empty": is_empty}
    return sql.SQL(text).format(**names)


def seal(connection: Connection) -> dict[str, int]:
    """Seal every entry whose transaction has ended, as owner; how many were sealed by log.

    A lower number may be committed after a higher one, so each seal says which entries it covers, and the snapshot in
    which it saw them: what was visible in it and is not sealed was slipped in. Waiting for the oldest transaction
    instead would let any other database of the server stop the sealing. After a restore into another server old
    transaction numbers mean nothing, and are not compared.
    """
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute("lock table core_seal in exclusive mode")  # before the snapshot: one sealing at a time
        return {log: sum(_seal_batches(connection, log)) for log in LOGS}


def _seal_batches(connection: Connection, log: str) -> Iterator[int]:
    moment = connection.execute(
        "select pg_current_snapshot()::text, (select system_identifier::text from pg_control_system()),"
        " clock_timestamp()"
    ).fetchone()
    assert moment is not None
    snapshot, cluster, now = moment
    head = connection.execute(
        "select number, digest, cluster, snapshot from core_seal where log = %s order by number desc limit 1",
        [log],
    ).fetchone()
    number, previous, before, earlier = head or (0, b"", cluster, "")
    connection.execute("drop table if exists pg_temp.to_seal")
    connection.execute(
        _query(
            "create temporary table to_seal on commit drop as select e.id, {digest} as digest,"
            " (row_number() over (order by e.id) - 1) / %(size)s as batch from {table} e"
            " left join (select unnest(entries) as id from core_seal where log = %(log)s) sealed on sealed.id = e.id"
            " where sealed.id is null and e.salt is not null",
            log,
        ),
        {"size": ENTRIES_A_SEAL, "log": log},
    )
    (batches,) = connection.execute("select coalesce(max(batch) + 1, 0)::int from to_seal").fetchone() or (0,)
    for batch in range(batches):
        number += 1
        is_last = batch == batches - 1
        row = connection.execute(
            "with s as (select %(log)s as log, %(number)s::int as number, min(id) as first_id,"  # noqa: S608 - a constant
            " max(id) as last_id,"
            " count(*)::int as count, array_agg(id order by id) as entries, array_agg(digest order by id) as digests,"
            " %(snapshot)s::text as snapshot, %(cluster)s::text as cluster,"
            " %(now)s::timestamptz as sealed_at, %(previous)s::bytea as previous from to_seal where batch = %(batch)s)"
            " insert into core_seal (log, number, first_id, last_id, count, entries, digests, snapshot,"
            " cluster, sealed_at, previous, digest) select s.*, " + _LINK + " from s returning count, digest",
            {
                "log": log,
                "number": number,
                # Only the last of one sealing vouches that nothing visible then is still to come.
                "snapshot": snapshot if is_last else earlier if before == cluster else "",
                "cluster": cluster,
                "now": now,
                "previous": previous,
                "batch": batch,
            },
        ).fetchone()
        assert row is not None
        count, previous = row
        yield count


def verify(connection: Connection, heads: tuple[str, ...] = ()) -> list[Chain]:
    """Recompute both chains; raises ``ChainBroken`` with the first thing wrong.

    ``heads`` were published outside: only against one of them can a cut tail be noticed.
    """
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        for head in heads:
            _verify_published(connection, head)
        return [_verify_log(connection, log) for log in LOGS]


def _verify_published(connection: Connection, head: str) -> None:
    log, _, rest = head.partition(":")
    number, _, digest = rest.partition(":")
    if log not in LOGS or not number.isdecimal() or not digest:
        raise ChainBroken(f"«{head}» no es la cabeza de una cadena: se escribe como audit:12:9f2c…")
    found = connection.execute(
        "select encode(digest, 'hex') from core_seal where log = %s and number = %s", [log, number]
    ).fetchone()
    if found is None:
        raise ChainBroken(f"La cadena de {NAMES[log]} fue cortada: falta el sello {number}, que se había publicado.")
    if found[0] != digest.lower().replace(" ", ""):
        raise ChainBroken(f"El sello {number} de {NAMES[log]} no es el que se había publicado: la cadena fue rehecha.")


def _verify_log(connection: Connection, log: str) -> Chain:
    expected, previous, redacted, entries, digest = 1, b"", 0, 0, b""
    snapshot, cluster = "", ""
    query = "select s.number, s.count, s.previous, s.digest, " + _LINK + ", s.snapshot, s.cluster from core_seal s"  # noqa: S608 - two constants
    numbers = connection.execute("select number from core_seal where log = %s order by number", [log]).fetchall()
    for (number,) in numbers:
        if number != expected:
            raise ChainBroken(f"Falta el sello {expected} de {NAMES[log]}: la cadena fue cortada.")
        link = connection.execute(query + " where s.log = %s and s.number = %s", [log, number]).fetchone()
        assert link is not None
        _, count, bound, digest, computed, new_snapshot, new_cluster = link
        if computed != digest:
            raise ChainBroken(f"El sello {number} de {NAMES[log]} fue cambiado.")
        if bound != previous:
            raise ChainBroken(f"El sello {number} de {NAMES[log]} no sigue al anterior: los sellos cambiaron de orden.")
        redacted += _verify_entries(connection, log, number, snapshot if cluster == new_cluster else "")
        snapshot, cluster = new_snapshot, new_cluster
        expected, previous, entries = number + 1, digest, entries + count
    unsealed = _verify_unsealed(connection, log, snapshot, cluster)
    head = f"{log}:{expected - 1}:{digest.hex()}" if numbers else ""
    return Chain(log, len(numbers), entries, redacted, unsealed, head)


def _verify_entries(connection: Connection, log: str, number: int, snapshot: str) -> int:
    """How many of the seal's entries were lawfully redacted, the others being as they were sealed."""
    differing = connection.execute(
        _query(
            "select u.id, e.id is null, e.salt is null and {is_empty}, {digest},"
            " coalesce(pg_visible_in_snapshot(e.xact, nullif(%(snapshot)s, '')::pg_snapshot), false) from core_seal s"
            " cross join unnest(s.entries, s.digests) u(id, digest) left join {table} e on e.id = u.id"
            " where s.log = %(log)s and s.number = %(number)s and (e.id is null or {digest} is distinct from u.digest"
            " or pg_visible_in_snapshot(e.xact, nullif(%(snapshot)s, '')::pg_snapshot)) order by u.id",
            log,
        ),
        {"log": log, "number": number, "snapshot": snapshot},
    ).fetchall()
    redacted = 0
    for entry, is_missing, is_emptied, computed, is_backdated in differing:
        which = f"La entrada {entry} de {NAMES[log]} (sello {number})"
        if is_missing:
            raise ChainBroken(f"{which} fue eliminada. En ese sello faltan {sum(row[1] for row in differing)}.")
        if is_emptied and _is_lawful(connection, log, entry):
            redacted += 1
        elif is_emptied:
            raise ChainBroken(f"{which} fue vaciada sin dejar constancia de por qué.")
        elif is_backdated:
            raise ChainBroken(f"{which} fue insertada después, con una transacción anterior al sello que la precede.")
        else:
            moved = connection.execute("select 1 from core_seal where log = %s and %s = any(digests)", [log, computed])
            raise ChainBroken(f"{which} {'fue cambiada de lugar' if moved.fetchone() else 'fue cambiada'}.")
    return redacted


def _verify_unsealed(connection: Connection, log: str, snapshot: str, cluster: str) -> int:
    """How many entries wait for a seal; one older than the last seal can only have been slipped in."""
    waiting = connection.execute(
        _query(
            "select count(*), min(e.id) filter (where e.salt is null or ("
            "pg_visible_in_snapshot(e.xact, nullif(%(snapshot)s, '')::pg_snapshot)"
            " and %(cluster)s = (select system_identifier::text from pg_control_system()))),"
            " min(e.id) filter (where e.xact >= pg_snapshot_xmax(nullif(head.snapshot, '')::pg_snapshot)"
            " and e.at < sealed_at - interval '1 hour')"
            " from {table} e left join (select unnest(entries) as id from core_seal where log = %(log)s) sealed"
            " on sealed.id = e.id left join (select snapshot, sealed_at from core_seal where log = %(log)s"
            " order by number desc limit 1) head on true where sealed.id is null",
            log,
        ),
        {"snapshot": snapshot, "cluster": cluster, "log": log},
    ).fetchone()
    assert waiting is not None
    count, older, backdated = waiting
    if older is not None:
        raise ChainBroken(f"La entrada {older} de {NAMES[log]} fue insertada después del último sello, como anterior.")
    if backdated is not None:
        raise ChainBroken(
            f"La entrada {backdated} de {NAMES[log]} fue insertada con una hora anterior al último sello."
        )
    return int(count)


def _is_lawful(connection: Connection, log: str, entry: int) -> bool:
    trace = "select 1 from core_audit_event where table_name = %s and row_id = %s and op = 'U' and new ? 'redacted'"
    return connection.execute(trace, [_CONTENT[log][0], str(entry)]).fetchone() is not None


def redact(connection: Connection, log: str, entry: int, *, reason: str) -> None:
    """Empty a sealed entry's content and salt, keeping its digest in the seal (Ley 21.719: supresión), and audit it.

    Raises ``ChainBroken`` when there is no such sealed entry, or it is itself the trace of a redaction.
    """
    table = _CONTENT[log][0]
    with connection.transaction():
        covered = connection.execute("select 1 from core_seal where log = %s and %s = any(entries)", [log, entry])
        if covered.fetchone() is None:
            raise ChainBroken(f"La entrada {entry} de {NAMES[log]} no está sellada. Selle antes de suprimir.")
        of_redaction = sql.SQL(" and not (table_name = any(%s) and op = 'U')" if log == "audit" else "")
        emptied = connection.execute(
            _query("update {table} e set {emptied}, salt = null where e.id = %s and e.salt is not null", log)
            + of_redaction
            + sql.SQL(" returning institution_id"),
            [entry, *([[name for name, _, _ in _CONTENT.values()]] if log == "audit" else [])],
        ).fetchone()
        if emptied is None:
            raise ChainBroken(f"La entrada {entry} de {NAMES[log]} ya estaba suprimida, o no se puede suprimir.")
        connection.execute(
            "insert into core_audit_event (institution_id, table_name, row_id, op, new)"
            " values (%s, %s, %s, 'U', jsonb_build_object('redacted', %s::text))",
            [emptied[0], table, str(entry), reason],
        )
