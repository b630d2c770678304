"""What stays open of a consultation has a unit, a term and somebody who answers; who had it before is written down."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable

# Lines that were open before: pending in the unit that attended, with the term of rules.TERMS, in nobody's charge.
# Their terms skip the holidays of the whole country; an institution's own days have no say in what has passed.
OPEN_BEFORE = """
update intake_reasonline line set pending_in_id = c.unit_id, due_on = coalesce(line.awaited_until, (
    select d::date from generate_series(c.attended_at::date + 1, c.attended_at::date + 60, interval '1 day') d
    where extract(isodow from d) < 6
        and not exists (select from access_holiday h where h.day = d::date and h.places = '{}')
    order by d offset case line.outcome when 'waiting_documents' then 9 else 4 end limit 1))
from intake_consultation c
where c.institution_id = line.institution_id and c.id = line.consultation_id and c.state = 'attended'
    and line.answered_at is null and line.outcome in ('waiting_documents', 'needs_unit', 'needs_case')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_calendars"),
        ("intake", "0006_receipts_and_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reasonline",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="a cargo de",
            ),
        ),
        migrations.AddField(
            model_name="reasonline",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="plazo"),
        ),
        migrations.AddField(
            model_name="reasonline",
            name="pending_in",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.unit",
                verbose_name="pendiente en",
            ),
        ),
        # By hand, for ``TenantReference`` would index every line: those that are pending are one in twenty.
        migrations.RunSQL(
            "alter table intake_reasonline add constraint intake_reasonline_pending_in_id_fk"
            " foreign key (institution_id, pending_in_id) references access_unit (institution_id, id)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(OPEN_BEFORE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="reasonline",
            index=models.Index(
                condition=models.Q(("pending_in__isnull", False)),
                fields=["institution", "pending_in", "due_on", "id"],
                name="pending_line_by_term",
            ),
        ),
        migrations.AddIndex(
            model_name="reasonline",
            index=models.Index(
                condition=models.Q(("pending_in__isnull", False)),
                fields=["institution", "pending_in", "assigned_to", "due_on", "id"],
                name="pending_line_by_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="reasonline",
            constraint=models.CheckConstraint(
                condition=models.Q(("pending_in__isnull", True), ("due_on__isnull", False), _connector="OR"),
                name="pending_line_has_term",
                violation_error_message="Un motivo pendiente lleva su plazo.",
            ),
        ),
        migrations.CreateModel(
            name="LineAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo del cambio")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="queda a cargo",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="la tenía",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        default=ventanilla.access.tenancy.current_institution_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.institution",
                        verbose_name="institución",
                    ),
                ),
                (
                    "line",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="intake.reasonline",
                        verbose_name="motivo",
                    ),
                ),
                (
                    "posting",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.posting",
                        verbose_name="desempeño",
                    ),
                ),
            ],
            options={
                "verbose_name": "asignación del motivo",
                "verbose_name_plural": "asignaciones del motivo",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("LineAssignment"),
    ]
