"""The watched folder: when it was seen, what was taken from it, and which loads came by it."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_named_rights"),
        ("datasets", "0004_doubtful_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="load",
            name="from_folder",
            field=models.BooleanField(default=False, verbose_name="de la carpeta vigilada"),
        ),
        migrations.CreateModel(
            name="TakenFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.CharField(max_length=500, verbose_name="lugar")),
                ("size", models.PositiveBigIntegerField(verbose_name="tamaño")),
                ("modified", models.BigIntegerField(verbose_name="fecha del archivo")),
                ("taken_at", models.DateTimeField(verbose_name="momento")),
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
                        related_name="taken_from",
                        to="datasets.load",
                        verbose_name="carga",
                    ),
                ),
            ],
            options={
                "verbose_name": "archivo tomado",
                "verbose_name_plural": "archivos tomados",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "place", "size", "modified"), name="a_file_is_taken_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchedFolder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("looked_at", models.DateTimeField(verbose_name="última mirada")),
                ("problem", models.TextField(blank=True, verbose_name="qué lo impide")),
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
                "verbose_name": "carpeta vigilada",
                "verbose_name_plural": "carpetas vigiladas",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("institution",), name="one_folder_per_institution")],
            },
        ),
        TenantTable("TakenFile"),
        TenantTable("WatchedFolder", events=()),  # it is written at every look, and says nothing of anybody
    ]
