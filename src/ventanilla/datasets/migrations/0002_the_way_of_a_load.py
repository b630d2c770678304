"""What a load in the browser needs: its state and steps, how its file was seen and read, the rows not taken."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ventanilla.access.tenancy
import ventanilla.core.ids
from ventanilla.access.migration_operations import TenantReference, TenantTable

# What was loaded before this had neither number nor state: they get one in the order in which they began.
NUMBER = """
update datasets_load l set number = n.number, state = case when l.dry_run then 'tried' else 'applied' end
from (select institution_id, id, row_number() over (partition by institution_id order by started_at, id) as number
    from datasets_load) n
where n.institution_id = l.institution_id and n.id = l.id
"""
ACCOUNT = """
alter table datasets_load add constraint datasets_load_account_id_fk foreign key (account_id)
    references access_account (id) deferrable initially deferred
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_exchange"),
        ("datasets", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownHeadings",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dataset", models.CharField(max_length=40, verbose_name="formato")),
                ("headings", models.CharField(max_length=64, verbose_name="encabezados")),
                ("mapping", models.JSONField(verbose_name="columnas")),
                ("constants", models.JSONField(default=dict, verbose_name="lo que el archivo no dice")),
                ("said_at", models.DateTimeField(verbose_name="momento")),
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
                "verbose_name": "columnas conocidas",
                "verbose_name_plural": "columnas conocidas",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LoadStep",
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
                        choices=[
                            ("receiving", "Subiendo"),
                            ("looking", "Revisando el archivo"),
                            ("ready", "Por revisar columnas"),
                            ("trying", "Ensayando"),
                            ("tried", "Ensayada"),
                            ("applying", "Cargando"),
                            ("stopped", "Detenida"),
                            ("applied", "Cargada"),
                            ("undoing", "Deshaciendo"),
                            ("undone", "Deshecha"),
                            ("discarded", "Descartada"),
                        ],
                        max_length=10,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("receiving", "Subiendo"),
                            ("looking", "Revisando el archivo"),
                            ("ready", "Por revisar columnas"),
                            ("trying", "Ensayando"),
                            ("tried", "Ensayada"),
                            ("applying", "Cargando"),
                            ("stopped", "Detenida"),
                            ("applied", "Cargada"),
                            ("undoing", "Deshaciendo"),
                            ("undone", "Deshecha"),
                            ("discarded", "Descartada"),
                        ],
                        max_length=10,
                        verbose_name="hacia",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="detalle")),
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
                    "load",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="datasets.load",
                        verbose_name="carga",
                    ),
                ),
            ],
            options={
                "verbose_name": "paso de la carga",
                "verbose_name_plural": "pasos de la carga",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RejectedRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="fila")),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="celdas"
                    ),
                ),
                ("reason", models.TextField(verbose_name="motivo")),
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
                    "load",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rejected",
                        to="datasets.load",
                        verbose_name="carga",
                    ),
                ),
            ],
            options={
                "verbose_name": "fila rechazada",
                "verbose_name_plural": "filas rechazadas",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AlterModelOptions(
            name="load",
            options={"base_manager_name": "objects", "verbose_name": "carga", "verbose_name_plural": "cargas"},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ACCOUNT)],
            state_operations=[
                migrations.RemoveField(model_name="load", name="account_id"),
                migrations.AddField(
                    model_name="load",
                    name="account",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="load",
            name="any_commune",
            field=models.BooleanField(default=False, verbose_name="de otra comuna"),
        ),
        migrations.AddField(
            model_name="load",
            name="done",
            field=models.PositiveBigIntegerField(default=0, verbose_name="hecho"),
        ),
        migrations.AddField(
            model_name="load",
            name="mapping",
            field=models.JSONField(default=dict, verbose_name="columnas"),
        ),
        migrations.AddField(
            model_name="load",
            name="member",
            field=models.CharField(blank=True, max_length=255, verbose_name="archivo del zip"),
        ),
        migrations.AddField(
            model_name="load",
            name="modified",
            field=models.BigIntegerField(null=True, verbose_name="fecha del archivo"),
        ),
        migrations.AddField(
            model_name="load",
            name="number",
            field=models.PositiveIntegerField(null=True, verbose_name="número"),
        ),
        migrations.AddField(
            model_name="load",
            name="posting",
            field=ventanilla.access.tenancy.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.posting",
                verbose_name="desempeño",
            ),
        ),
        migrations.AddField(
            model_name="load",
            name="problem",
            field=models.TextField(blank=True, verbose_name="qué lo impide"),
        ),
        migrations.AddField(
            model_name="load",
            name="row_done",
            field=models.PositiveIntegerField(default=0, verbose_name="última fila"),
        ),
        migrations.AddField(
            model_name="load",
            name="seen",
            field=models.JSONField(default=dict, verbose_name="lo que se vio"),
        ),
        migrations.AddField(
            model_name="load",
            name="sheet",
            field=models.CharField(blank=True, max_length=120, verbose_name="hoja"),
        ),
        migrations.AddField(
            model_name="load",
            name="size",
            field=models.PositiveBigIntegerField(default=0, verbose_name="tamaño"),
        ),
        migrations.AddField(
            model_name="load",
            name="state",
            field=models.CharField(
                choices=[
                    ("receiving", "Subiendo"),
                    ("looking", "Revisando el archivo"),
                    ("ready", "Por revisar columnas"),
                    ("trying", "Ensayando"),
                    ("tried", "Ensayada"),
                    ("applying", "Cargando"),
                    ("stopped", "Detenida"),
                    ("applied", "Cargada"),
                    ("undoing", "Deshaciendo"),
                    ("undone", "Deshecha"),
                    ("discarded", "Descartada"),
                ],
                default="applied",
                max_length=10,
                verbose_name="estado",
            ),
        ),
        migrations.AddField(
            model_name="load",
            name="trial",
            field=models.JSONField(default=dict, verbose_name="ensayo"),
        ),
        migrations.AlterField(
            model_name="load",
            name="sha256",
            field=models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="load",
            name="written_from",
            field=models.DateTimeField(null=True, verbose_name="escribe desde"),
        ),
        migrations.AddField(
            model_name="load",
            name="written_until",
            field=models.DateTimeField(null=True, verbose_name="escribió hasta"),
        ),
        migrations.AddField(
            model_name="load",
            name="constants",
            field=models.JSONField(default=dict, verbose_name="lo que el archivo no dice"),
        ),
        migrations.AddField(
            model_name="load",
            name="extracts",
            field=models.JSONField(default=list, verbose_name="extractos que trajo"),
        ),
        migrations.RunSQL(NUMBER),
        migrations.AddConstraint(
            model_name="load",
            constraint=models.UniqueConstraint(fields=("institution", "number"), name="one_load_per_number"),
        ),
        migrations.AddConstraint(
            model_name="knownheadings",
            constraint=models.UniqueConstraint(
                fields=("institution", "dataset", "headings"), name="one_meaning_per_headings"
            ),
        ),
        migrations.AddConstraint(
            model_name="rejectedrow",
            constraint=models.UniqueConstraint(fields=("institution", "load", "number"), name="one_rejection_per_row"),
        ),
        TenantReference("Load", "posting"),
        TenantTable("LoadStep"),
        TenantTable("RejectedRow", events=()),  # its load counts them, and their cells belong in no log
        TenantTable("KnownHeadings"),
    ]
