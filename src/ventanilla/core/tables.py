"""Every table is in exactly one class, and the class decides what the application role may do with it."""

from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from psycopg import sql


class TableClass(StrEnum):
    TENANT = "tenant"  # an institution's records: row-level security, key (institution_id, id)
    IDENTITY = "identity"  # accounts, postings, units, sessions: no neighbours
    SEALED = "sealed"  # no grants; reached by a definer function only
    LOG = "log"  # row-level security to read, filled by trigger or definer function only
    REFERENCE = "reference"  # national facts: all read, migrations and national actions write
    PUBLISHED = "published"  # aggregates already suppressed, public catalogue
    EXCHANGE = "exchange"  # visible to its two parties
    SYSTEM = "system"  # the framework's own, ids only
    QUEUE = "queue"  # jobs that wait: ids only, of all institutions


class Retention(StrEnum):
    RECORD = "record"  # the municipality's own file
    EXTRACT = "extract"  # a copy of another registry's data, kept until its expiry
    LOG = "log"
    SESSION = "session"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    table_class: TableClass
    retention: Retention
    append_only: bool = False
    never_deleted: bool = False


# Tables that the framework and its libraries make, and those that exist in PostgreSQL without a model.
OTHERS = (
    Table("django_migrations", TableClass.SYSTEM, Retention.REFERENCE),
    Table("django_content_type", TableClass.SYSTEM, Retention.REFERENCE),
    Table("auth_permission", TableClass.SYSTEM, Retention.REFERENCE),
    Table("auth_group", TableClass.SYSTEM, Retention.REFERENCE),
    Table("auth_group_permissions", TableClass.SYSTEM, Retention.REFERENCE),
    Table("django_session", TableClass.IDENTITY, Retention.SESSION),
    # Empty and not to be written: accounts carry their own address.
    Table("account_emailaddress", TableClass.SYSTEM, Retention.RECORD),
    Table("account_emailconfirmation", TableClass.SYSTEM, Retention.SESSION),
    Table("mfa_authenticator", TableClass.IDENTITY, Retention.RECORD),
    Table("procrastinate_jobs", TableClass.QUEUE, Retention.SESSION),
    Table("procrastinate_events", TableClass.QUEUE, Retention.SESSION),
    Table("procrastinate_periodic_defers", TableClass.QUEUE, Retention.SESSION),
    Table("procrastinate_workers", TableClass.QUEUE, Retention.SESSION),
    Table("registry_person_name", TableClass.SEALED, Retention.RECORD),
)

# Rows that are ended, never deleted: they are the proof of why something was allowed.
NEVER_DELETED = frozenset({"registry_readpurpose", "registry_flag", "registry_notice", "registry_merge"})

# SECURITY DEFINER functions that the application role may call: the only doors through the wall.
DOORS = (
    "find_people(text[], text, integer)",
    "log_read(text, uuid, uuid[], uuid, text)",
    "readings_naming(uuid)",
    "refresh_statistics()",
)

_PRIVILEGES = {
    TableClass.TENANT: "select, insert, update, delete",
    TableClass.IDENTITY: "select, insert, update, delete",
    TableClass.SEALED: "",
    TableClass.LOG: "select",
    TableClass.REFERENCE: "select",
    TableClass.PUBLISHED: "select, insert, update, delete",
    TableClass.EXCHANGE: "select, insert, update",
    TableClass.SYSTEM: "select",
    TableClass.QUEUE: "select, insert, update, delete",
}

# The queue's tables number their rows by sequences; nobody else's may be drawn from.
SEQUENCES = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")


def tables() -> dict[str, Table]:
    """Every table of the installed apps by its name in PostgreSQL; a model must say its class and retention."""
    found = {table.name: table for table in OTHERS}
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.db_table
        if name not in found:
            found[name] = Table(
                name,
                getattr(model, "table_class"),  # noqa: B009 - its absence must fail by name
                getattr(model, "retention"),  # noqa: B009 - its absence must fail by name
                getattr(model, "append_only", False),
                name in NEVER_DELETED,
            )
    return found


def privileges(table: Table) -> str:
    if table.append_only and table.table_class in {TableClass.TENANT, TableClass.IDENTITY, TableClass.EXCHANGE}:
        return "select, insert"
    if table.never_deleted:
        return _PRIVILEGES[table.table_class].removesuffix(", delete")
    return _PRIVILEGES[table.table_class]


def grant_to_application(cursor: CursorWrapper, role: str) -> None:
    """Give the application role exactly what each table's class allows; as owner, after migrating. Idempotent."""
    who = sql.Identifier(role)
    cursor.execute(sql.SQL("grant usage on schema public to {}").format(who))
    cursor.execute(sql.SQL("revoke all on all tables in schema public from {}").format(who))
    # Identity columns draw from theirs with the right to insert, and the logs' are nobody's to move.
    cursor.execute(sql.SQL("revoke all on all sequences in schema public from {}").format(who))
    for table in tables().values():
        if allowed := privileges(table):
            statement = sql.SQL("grant {} on table {} to {}")
            cursor.execute(statement.format(sql.SQL(allowed), sql.Identifier(table.name), who))
    for sequence in SEQUENCES:
        statement = sql.SQL("grant usage on sequence {} to {}")
        cursor.execute(statement.format(sql.Identifier(sequence), who))
    for door in DOORS:
        cursor.execute(sql.SQL("grant execute on function {} to {}").format(sql.SQL(door), who))
