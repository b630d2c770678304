"""Receipts and their mails; each line keeps the name and the secrecy that its reason had."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable

# No reason has changed yet: what each says now is what it said. That is no act of anybody's, hence leaves no audit.
KEEP_WHAT_REASONS_SAY = """
alter table intake_reasonline disable trigger audit_update;
update intake_reasonline line set name = reason.name, secrecy = reason.secrecy
from catalogue_reason reason
where reason.institution_id = line.institution_id and reason.id = line.reason_id;
alter table intake_reasonline enable trigger audit_update;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_agreement_and_second_factor"),
        ("catalogue", "0004_local_reasons"),
        ("intake", "0005_contacts"),
        ("registry", "0004_redactable_readings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reasonline",
            name="name",
            field=models.CharField(default="", max_length=80, verbose_name="nombre del motivo"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reasonline",
            name="secrecy",
            field=models.CharField(
                choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                default="ordinary",
                max_length=10,
                verbose_name="reserva del motivo",
            ),
        ),
        migrations.RunSQL(KEEP_WHAT_REASONS_SAY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="reasonline",
            name="reason",
            field=ventanilla.access.tenancy.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="catalogue.reason",
                verbose_name="motivo",
            ),
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="resumen")),
                ("issued_at", models.DateTimeField(verbose_name="emitido")),
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
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="intake.consultation",
                        verbose_name="consulta",
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
                "verbose_name": "comprobante",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReceiptMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="pedido")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="enviado")),
                ("failure", models.CharField(blank=True, max_length=200, verbose_name="por qué no salió")),
                ("submission_id", models.UUIDField(null=True, verbose_name="envío")),
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
                    "contact",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.contactpoint",
                        verbose_name="contacto",
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
                (
                    "receipt",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="intake.receipt",
                        verbose_name="comprobante",
                    ),
                ),
            ],
            options={
                "verbose_name": "envío del comprobante",
                "verbose_name_plural": "envíos del comprobante",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("institution", "digest"), name="one_receipt_per_address"),
        ),
        migrations.AddConstraint(
            model_name="receiptmail",
            constraint=models.UniqueConstraint(
                fields=("institution", "submission_id"), name="one_receipt_mail_per_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at__isnull", True), ("failure", ""), _connector="OR"),
                name="receipt_mail_sent_or_failed",
                violation_error_message="Un envío salió o falló.",
            ),
        ),
        TenantTable("Receipt"),
        TenantTable("ReceiptMail"),
    ]
