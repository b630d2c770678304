import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("intake", "0008_told_entries"),
        ("referrals", "0003_forwarding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("folio", models.CharField(max_length=16, verbose_name="folio")),
                ("text", models.TextField(max_length=4000, verbose_name="qué se responde")),
                ("legal_ground", models.CharField(max_length=300, verbose_name="fundamento para responder con datos")),
                ("at", models.DateTimeField(verbose_name="momento")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién responde",
                    ),
                ),
                (
                    "contact",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_answers",
                        to="intake.contact",
                        verbose_name="oficio recibido",
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
                "verbose_name": "oficio de respuesta",
                "verbose_name_plural": "oficios de respuesta",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "folio"), name="one_letter_answer_per_folio"),
                    models.UniqueConstraint(fields=("institution", "contact"), name="one_answer_per_letter"),
                ],
            },
        ),
        TenantTable("LetterAnswer"),
    ]
