"""Operations that give a table in PostgreSQL what Django cannot declare: keys, policies, triggers."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import UniqueConstraint

from ventanilla.access.tenancy import TenantForeignKey

ROWS_SEEN = {
    "insert": "new table as new_rows",
    "update": "old table as old_rows new table as new_rows",
    "delete": "old table as old_rows",
}


class AuditedTable(Operation):
    """Fill the audit table from every write, and let nobody change the key by which the audit names a row.

    ``hidden`` columns (secrets, derived keys) are left out. ``institution`` is the column that says whose audit it is,
    where that is not ``institution_id``. ``events`` are the kinds of write that leave a trace. ``app`` is the label
    of the library whose table it is, when it is not ours.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(
        self,
        model_name: str,
        hidden: tuple[str, ...] = (),
        institution: str = "institution_id",
        events: tuple[str, ...] = tuple(ROWS_SEEN),
        app: str | None = None,
    ) -> None:
        self.app = app
        self.model_name = model_name
        self.hidden = hidden
        self.institution = institution
        self.events = events

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(self.app or app_label, self.model_name)
        table = model._meta.db_table
        hidden = ",".join(self.hidden)
        for event in self.events:
            schema_editor.execute(
                f"create trigger audit_{event} after {event} on {table} referencing {ROWS_SEEN[event]}"
                f" for each statement execute function audit_write('{hidden}', '{self.institution}')"
            )
        if not self.events:
            return
        key = [field.column for field in model._meta.local_fields if field.column in ("id", "institution_id")]
        is_other = " or ".join(f"old.{column} is distinct from new.{column}" for column in key)
        # After, not before: what the policy refuses is told by the policy.
        schema_editor.execute(
            f"create trigger keep_key after update of {', '.join(key)} on {table}"
            f" for each row when ({is_other}) execute function refuse_other_key()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The table goes with its model, and its triggers with it."""

    def describe(self) -> str:
        return f"Audit every write to {self.model_name}"


class TenantTable(AuditedTable):
    """Make the table a tenant table: composite key, row-level security, composite foreign keys, audit."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        run = schema_editor.execute
        run(f"alter table {table} drop constraint {table}_pkey")
        run(f"alter table {table} add primary key (institution_id, id)")
        run(f"alter table {table} enable row level security")
        run(
            f"create policy tenant on {table} using"
            " (institution_id = nullif(current_setting('app.institution', true), '')::int)"
        )
        # Without statistics every institution is planned alike, as a small part of the table. With them, one that came
        # after the last count is planned as having no rows, and its loads read the whole of it each time.
        run(f"alter table {table} alter column institution_id set statistics 0")
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                add_reference(schema_editor, field)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {self.model_name} a tenant table"


class ExchangeTable(AuditedTable):
    """Make the table one of two parties: ``sender_id`` and ``receiver_id`` see a row, the first alone writes it."""

    def __init__(self, model_name: str) -> None:
        super().__init__(model_name, institution="sender_id")

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        run, entered = schema_editor.execute, "nullif(current_setting('app.institution', true), '')::int"
        run(f"alter table {table} enable row level security")
        run(f"create policy parties on {table} for select using ({entered} in (sender_id, receiver_id))")
        run(f"create policy sends on {table} for insert with check (sender_id = {entered})")
        run(f"create policy follows on {table} for update using (sender_id = {entered})")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {self.model_name} a table of two parties"


class TenantReference(Operation):
    """The composite constraint and index of a ``TenantForeignKey`` added to a table that exists."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        add_reference(schema_editor, model._meta.get_field(self.field_name))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The constraint goes with its column."""

    def describe(self) -> str:
        return f"Reference of {self.model_name}.{self.field_name} within the institution"


def add_reference(schema_editor: BaseDatabaseSchemaEditor, field: Any) -> None:
    """The composite constraint of a ``TenantForeignKey``, and its index where no other begins with the same columns."""
    table, target, column = field.model._meta.db_table, field.related_model._meta.db_table, field.column
    if not _leads_an_index(field):
        schema_editor.execute(f"create index {table[:40]}_{column[:18]}_in on {table} (institution_id, {column})")
    schema_editor.execute(
        f"alter table {table} add constraint {table[:40]}_{column[:18]}_fk"
        f" foreign key (institution_id, {column}) references {target} (institution_id, id)"
    )


def _leads_an_index(field: Any) -> bool:
    meta = field.model._meta
    whole = [*meta.indexes, *(found for found in meta.constraints if isinstance(found, UniqueConstraint))]
    firsts = ([name.removeprefix("-") for name in found.fields[:2]] for found in whole if found.condition is None)
    return ["institution", field.name] in firsts
