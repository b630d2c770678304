"""Readings that draw attention, emergency openings with their notices, and the indexes of the search in the log."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_agreement_and_second_factor"),
        ("access", "__first__"),
        ("registry", "0004_redactable_readings"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="readentry",
            name="read_entry_by_account",
        ),
        migrations.AlterField(
            model_name="readentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("search", "Búsqueda"),
                    ("summary", "Ficha resumida"),
                    ("full", "Ficha completa"),
                    ("consultation", "Consulta"),
                    ("list", "Lista"),
                    ("history", "Historia de un registro"),
                    ("export", "Exportación"),
                ],
                max_length=14,
                verbose_name="qué se vio",
            ),
        ),
        migrations.AlterField(
            model_name="readpurpose",
            name="ground",
            field=models.CharField(
                choices=[
                    ("consultation", "Consulta en atención"),
                    ("written_reason", "Motivo escrito"),
                    ("break_glass", "Urgencia"),
                ],
                max_length=16,
                verbose_name="fundamento",
            ),
        ),
        migrations.AddIndex(
            model_name="readentry",
            index=models.Index(fields=["institution_id", "posting_id", "at"], name="read_entry_by_posting"),
        ),
        migrations.AddIndex(
            model_name="readentry",
            index=models.Index(fields=["institution_id", "kind", "at"], name="read_entry_by_kind"),
        ),
        migrations.AddIndex(
            model_name="readentry",
            index=models.Index(fields=["institution_id", "at"], name="read_entry_by_hour"),
        ),
        migrations.AddIndex(
            model_name="readpurpose",
            index=models.Index(
                condition=models.Q(("ground", "break_glass")),
                fields=["institution", "posting_id"],
                name="emergency_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="readpurpose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "break_glass"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("ends_at__isnull", False)),
                    _connector="OR",
                ),
                name="emergency_has_reason_and_end",
                violation_error_message="Escriba cuál es la urgencia.",
            ),
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("self", "Su propia ficha"),
                            ("relative", "Alguien de su familia u hogar"),
                            ("colleague", "Alguien que trabaja en la institución"),
                            ("many", "Muchas personas en poco tiempo"),
                            ("failed_searches", "Muchas búsquedas sin resultado"),
                            ("break_glass", "Apertura por urgencia"),
                        ],
                        max_length=16,
                        verbose_name="qué llama la atención",
                    ),
                ),
                ("day", models.DateField(verbose_name="día")),
                ("entries", models.PositiveIntegerField(verbose_name="cuántas")),
                ("first_entry_id", models.BigIntegerField(null=True, verbose_name="primera lectura")),
                ("last_entry_id", models.BigIntegerField(null=True, verbose_name="última lectura")),
                ("first_at", models.DateTimeField(verbose_name="desde")),
                ("last_at", models.DateTimeField(verbose_name="hasta")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Por revisar"), ("explained", "Explicada"), ("confirmed", "Indebida")],
                        default="open",
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="operador/a",
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
                    "person",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="registry.person",
                        verbose_name="persona vista",
                    ),
                ),
                (
                    "posting",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.posting",
                        verbose_name="desempeño",
                    ),
                ),
                (
                    "purpose",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="registry.readpurpose",
                        verbose_name="apertura por urgencia",
                    ),
                ),
                (
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "lectura por revisar",
                "verbose_name_plural": "lecturas por revisar",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="FlagStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[("open", "Por revisar"), ("explained", "Explicada"), ("confirmed", "Indebida")],
                        max_length=10,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[("open", "Por revisar"), ("explained", "Explicada"), ("confirmed", "Indebida")],
                        max_length=10,
                        verbose_name="hacia",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
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
                    "flag",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="registry.flag",
                        verbose_name="lectura por revisar",
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
                "verbose_name": "paso de una lectura por revisar",
                "verbose_name_plural": "pasos de una lectura por revisar",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="enviado")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="acusado")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="para",
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
                    "purpose",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="registry.readpurpose",
                        verbose_name="apertura por urgencia",
                    ),
                ),
            ],
            options={
                "verbose_name": "aviso de urgencia",
                "verbose_name_plural": "avisos de urgencia",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="WatchMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("watched_until", models.DateTimeField(verbose_name="revisadas hasta")),
                ("ran_at", models.DateTimeField(verbose_name="última revisión")),
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
            ],
            options={
                "verbose_name": "avance de la revisión de lecturas",
                "verbose_name_plural": "avances de la revisión de lecturas",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(fields=["institution", "state", "-day", "-id"], name="flag_by_state"),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.UniqueConstraint(
                fields=("institution", "account", "day", "kind", "person", "purpose"),
                name="one_flag_a_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["many", "failed_searches"]), ("person__isnull", True)),
                    models.Q(
                        models.Q(("kind__in", ["many", "failed_searches"]), _negated=True), ("person__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="flag_has_its_subject",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)), fields=["institution", "account"], name="notice_pending"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("institution", "purpose", "account"), name="one_notice_per_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmark",
            constraint=models.UniqueConstraint(fields=("institution",), name="one_mark_per_institution"),
        ),
        TenantTable("Flag"),
        TenantTable("FlagStep"),
        TenantTable("Notice"),
        TenantTable("WatchMark", events=()),  # how far a command has come; what it found is audited
    ]
