"""Pairs of people who may be one, the searches that find them, and merges that can be undone."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_exchange"),
        ("registry", "0012_facts_over_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="registry.person",
                verbose_name="unida a",
            ),
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
                    ("referral", "Derivación"),
                    ("list", "Lista"),
                    ("history", "Historia de un registro"),
                    ("export", "Exportación"),
                    ("comparison", "Comparación de dos fichas"),
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
                    ("task", "Pendiente a su cargo"),
                    ("referral", "Derivación a su unidad"),
                    ("duplicate", "Posible duplicado"),
                ],
                max_length=16,
                verbose_name="fundamento",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["institution", "birth_on"], name="person_by_birth"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["institution", "search_key"], name="person_by_sound"),
        ),
        migrations.CreateModel(
            name="DuplicateSearch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Pedida"),
                            ("running", "En curso"),
                            ("done", "Terminada"),
                            ("failed", "No terminó"),
                        ],
                        default="asked",
                        max_length=8,
                        verbose_name="estado",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="pedida")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pedida por",
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="empezó")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="terminó")),
                ("people", models.PositiveIntegerField(default=0, verbose_name="personas comparadas")),
                ("likely", models.PositiveIntegerField(default=0, verbose_name="pares parecidos")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="pares nuevos")),
            ],
            options={
                "verbose_name": "búsqueda de duplicados",
                "verbose_name_plural": "búsquedas de duplicados",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["institution", "-asked_at"], name="duplicate_search_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "running"])),
                        fields=("institution",),
                        name="one_duplicate_search_at_a_time",
                        violation_error_message="Ya hay una búsqueda en curso.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PossibleDuplicate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "first",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                        verbose_name="una",
                    ),
                ),
                (
                    "second",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                        verbose_name="la otra",
                    ),
                ),
                ("score", models.SmallIntegerField(verbose_name="peso")),
                ("evidence", models.JSONField(default=dict, verbose_name="indicios")),
                (
                    "found_by",
                    models.CharField(
                        choices=[
                            ("search", "Búsqueda de duplicados"),
                            ("load", "Carga de un archivo"),
                            ("merge", "Una de las dos reúne otra ficha"),
                        ],
                        max_length=8,
                        verbose_name="origen",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="encontrado")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Por decidir"),
                            ("later", "Para después"),
                            ("different", "Personas distintas"),
                            ("same", "La misma persona"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                ("fingerprint", models.CharField(blank=True, max_length=64, verbose_name="huella de los datos")),
            ],
            options={
                "verbose_name": "posible duplicado",
                "verbose_name_plural": "posibles duplicados",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["institution", "state", "-score", "id"], name="pair_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "first", "second"), name="one_row_per_pair"),
                    models.CheckConstraint(condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "different"), _negated=True),
                            models.Q(("fingerprint", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="different_has_fingerprint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DuplicateStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "pair",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="registry.possibleduplicate",
                        verbose_name="posible duplicado",
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Por decidir"),
                            ("later", "Para después"),
                            ("different", "Personas distintas"),
                            ("same", "La misma persona"),
                        ],
                        max_length=10,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("pending", "Por decidir"),
                            ("later", "Para después"),
                            ("different", "Personas distintas"),
                            ("same", "La misma persona"),
                        ],
                        max_length=10,
                        verbose_name="hacia",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="momento")),
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
                    "posting",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.posting",
                        verbose_name="desempeño",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
            ],
            options={
                "verbose_name": "paso de un posible duplicado",
                "verbose_name_plural": "pasos de un posible duplicado",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "kept",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="registry.person",
                        verbose_name="la que se conserva",
                    ),
                ),
                (
                    "absorbed",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                        verbose_name="la que se unió",
                    ),
                ),
                (
                    "pair",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="registry.possibleduplicate",
                        verbose_name="posible duplicado",
                    ),
                ),
                ("merged_at", models.DateTimeField(verbose_name="momento")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="unida por",
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
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="cómo se supo")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="deshecha")),
                (
                    "undone_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deshecha por",
                    ),
                ),
                ("undone_reason", models.CharField(blank=True, max_length=300, verbose_name="por qué se deshizo")),
            ],
            options={
                "verbose_name": "unión de fichas",
                "verbose_name_plural": "uniones de fichas",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("institution", "absorbed"),
                        name="one_standing_merge_per_person",
                        violation_error_message="Esa ficha ya está unida a otra.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True), ("undone_reason", "")),
                            models.Q(
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                                models.Q(("undone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="undone_merge_has_reason",
                        violation_error_message="Escriba por qué se deshace.",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MergeMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "merge",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="registry.merge",
                        verbose_name="unión de fichas",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="orden")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("changed", "cambió"),
                            ("removed", "se repetía"),
                            ("added", "se agregó"),
                            ("swapped", "cambió de lugar"),
                        ],
                        max_length=8,
                        verbose_name="qué se hizo",
                    ),
                ),
                ("table_name", models.CharField(max_length=63, verbose_name="tabla")),
                ("row_id", models.UUIDField(verbose_name="registro")),
                ("old", models.JSONField(null=True, verbose_name="antes")),
                ("new", models.JSONField(null=True, verbose_name="después")),
            ],
            options={
                "verbose_name": "cambio de una unión",
                "verbose_name_plural": "cambios de una unión",
                "ordering": ["place", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [],
                "constraints": [],
            },
        ),
        TenantReference("Person", "merged_into"),
        TenantTable("DuplicateSearch"),
        TenantTable("PossibleDuplicate"),
        TenantTable("DuplicateStep"),
        TenantTable("Merge"),
        TenantTable("MergeMove", hidden=("old", "new")),  # what it holds is audited in the table it is of
    ]
