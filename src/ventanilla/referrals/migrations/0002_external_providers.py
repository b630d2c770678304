import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("access", "__first__"),
        ("intake", "0008_told_entries"),
        ("referrals", "0001_protocols_and_referrals"),
        ("registry", "0010_referral_ground"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("destination", models.CharField(max_length=120, verbose_name="organismo de destino")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("public_service", "Servicio público"),
                            ("municipal_corporation", "Corporación municipal"),
                            ("private", "Privado"),
                        ],
                        max_length=21,
                        verbose_name="naturaleza",
                    ),
                ),
                ("procedure", models.CharField(max_length=300, verbose_name="procedimiento")),
                (
                    "data",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="datos"
                    ),
                ),
                ("legal_ground", models.CharField(blank=True, max_length=300, verbose_name="fundamento legal")),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "De palabra, en la atención"),
                            ("written", "Por escrito"),
                            ("phone", "Por teléfono"),
                            ("representative", "La dio quien la representa"),
                        ],
                        max_length=14,
                        verbose_name="autorización de la persona",
                    ),
                ),
                ("until", models.DateField(verbose_name="hasta")),
                ("at", models.DateTimeField(verbose_name="momento")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="funcionario",
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
                    "provider",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.provider",
                        verbose_name="destino",
                    ),
                ),
                (
                    "referral",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "traspaso de datos",
                "verbose_name_plural": "traspasos de datos",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="huella")),
                ("made_at", models.DateTimeField(verbose_name="creado")),
                ("wrong", models.PositiveSmallIntegerField(default=0, verbose_name="códigos equivocados")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revocado")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="creado por",
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
                    "referral",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "enlace de un prestador",
                "verbose_name_plural": "enlaces de prestadores",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LinkOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("asked", "Abrió la dirección"),
                            ("entered", "Entró con el código"),
                            ("refused", "Código equivocado"),
                            ("read", "Leyó la derivación"),
                            ("took", "Bajó un archivo"),
                        ],
                        max_length=8,
                        verbose_name="qué pasó",
                    ),
                ),
                ("said_by", models.CharField(blank=True, max_length=160, verbose_name="quién dijo ser")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="desde")),
                ("at", models.DateTimeField(verbose_name="momento")),
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
                    "link",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="referrals.accesslink",
                        verbose_name="enlace",
                    ),
                ),
            ],
            options={
                "verbose_name": "apertura del enlace",
                "verbose_name_plural": "aperturas del enlace",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                ("media_type", models.CharField(max_length=40, verbose_name="tipo")),
                ("size", models.PositiveIntegerField(verbose_name="tamaño")),
                ("sha256", models.CharField(max_length=64, verbose_name="huella")),
                ("content", models.BinaryField(verbose_name="contenido")),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("said_by", models.CharField(blank=True, max_length=160, verbose_name="lo agregó")),
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
                    "referral",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "archivo de la derivación",
                "verbose_name_plural": "archivos de la derivación",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="counterreferral",
            name="said_by",
            field=models.CharField(blank=True, max_length=160, verbose_name="lo dijo"),
        ),
        migrations.AddField(
            model_name="referral",
            name="to_provider",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals_received",
                to="access.provider",
                verbose_name="prestador que recibe",
            ),
        ),
        migrations.AddField(
            model_name="referralstep",
            name="said_by",
            field=models.CharField(blank=True, max_length=160, verbose_name="lo dijo"),
        ),
        migrations.AlterField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[
                    ("internal_base", "Interna, unidad del módulo base"),
                    ("internal_other", "Interna, otra unidad"),
                    ("external_public", "Externa, pública"),
                    ("external_private", "Externa, privada"),
                ],
                max_length=16,
                verbose_name="tipo",
            ),
        ),
        migrations.AlterField(
            model_name="referral",
            name="to_unit",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals_received",
                to="access.unit",
                verbose_name="unidad que recibe",
            ),
        ),
        migrations.AlterField(
            model_name="referralstep",
            name="event",
            field=models.CharField(
                choices=[
                    ("sent", "Enviada"),
                    ("received", "Recibida"),
                    ("accepted", "Aceptada"),
                    ("appointed", "Hora dada"),
                    ("attended", "En atención"),
                    ("no_show", "No asistió"),
                    ("returned", "Devuelta por antecedentes"),
                    ("completed", "Antecedentes completados"),
                    ("rejected", "Rechazada"),
                    ("answered", "Respondida"),
                    ("reopened", "Reabierta"),
                    ("withdrawn", "Retirada"),
                    ("told", "Avisada la persona"),
                    ("linked", "Enlace para el prestador"),
                    ("attached", "Archivo agregado"),
                    ("assigned", "Asignada"),
                    ("reminded", "Recordatorio"),
                    ("late", "Plazo vencido"),
                    ("expired", "Caducada"),
                ],
                max_length=10,
                verbose_name="qué pasó",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("to_provider__isnull", True), ("to_unit__isnull", False)),
                    models.Q(("to_provider__isnull", False), ("to_unit__isnull", True)),
                    _connector="OR",
                ),
                name="referral_has_one_receiver",
                violation_error_message="Una derivación tiene quien la recibe: una unidad o un prestador.",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesslink",
            constraint=models.UniqueConstraint(fields=("institution", "digest"), name="one_row_per_access_link"),
        ),
        migrations.AddConstraint(
            model_name="accesslink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("institution", "referral"),
                name="one_access_link_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("institution", "referral", "sha256"), name="one_row_per_attached_file"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["institution", "-at", "-id"], name="transfer_newest"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("legal_ground", ""), _negated=True),
                    models.Q(("consent", ""), _negated=True),
                    _connector="OR",
                ),
                name="transfer_has_a_ground",
                violation_error_message="Un traspaso tiene un fundamento legal o la autorización de la persona.",
            ),
        ),
        TenantTable("Transfer"),
        TenantTable("AccessLink", hidden=("digest",)),
        TenantTable("LinkOpening"),
        TenantTable("Attachment", hidden=("content",)),
        TenantReference("Referral", "to_provider"),
    ]
