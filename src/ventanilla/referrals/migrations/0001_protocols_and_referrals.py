import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models


from ventanilla.access.migration_operations import TenantTable

ONE_PROTOCOL_AT_A_TIME = """
create extension if not exists btree_gist;
alter table referrals_governance add constraint one_protocol_at_a_time
    exclude using gist (
        institution_id with =, sender_id with =, receiver_id with =, reason_id with =,
        daterange(starts_on, ends_on, '[]') with &&
    );
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("access", "0007_providers"),
        ("catalogue", "0007_returned_drafts"),
        ("intake", "0008_told_entries"),
        ("registry", "0009_own_fact_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Protocol",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
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
                "verbose_name": "protocolo",
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="versión")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Borrador"),
                            ("in_signature", "En firma"),
                            ("signed", "Firmado, por aprobar"),
                            ("approved", "Aprobado"),
                            ("discarded", "Descartado"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="estado",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="vigente desde")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="vigente hasta")),
                ("purpose", models.TextField(blank=True, max_length=1000, verbose_name="para qué")),
                ("criteria", models.TextField(blank=True, max_length=2000, verbose_name="criterios de ingreso")),
                ("documents", models.TextField(blank=True, max_length=1000, verbose_name="antecedentes mínimos")),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("birth", "Fecha de nacimiento"),
                                ("contact", "Teléfono y correo"),
                                ("address", "Domicilio"),
                                ("home", "Con quiénes vive"),
                                ("bracket", "Tramo del RSH y su fecha"),
                                ("benefits", "Subsidios y pensiones que recibe"),
                                ("care", "Discapacidad, dependencia y cuidados"),
                                ("children", "Embarazo, matrícula y controles de salud"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="datos que viajan",
                    ),
                ),
                (
                    "legal_ground",
                    models.CharField(blank=True, max_length=300, verbose_name="fundamento para compartir los datos"),
                ),
                ("accept_days", models.PositiveSmallIntegerField(default=1, verbose_name="días para aceptar")),
                ("answer_days", models.PositiveSmallIntegerField(default=5, verbose_name="días para responder")),
                (
                    "expire_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="días de atraso hasta que caduca"),
                ),
                (
                    "urgent_days",
                    models.PositiveSmallIntegerField(default=1, verbose_name="días para responder una urgencia"),
                ),
                ("urgent_how", models.CharField(blank=True, max_length=300, verbose_name="cómo se avisa una urgencia")),
                ("rejection_grounds", models.TextField(blank=True, max_length=1000, verbose_name="causas de rechazo")),
                ("answer_needs", models.TextField(blank=True, max_length=1000, verbose_name="qué lleva la respuesta")),
                ("contacts", models.TextField(blank=True, max_length=1000, verbose_name="contactos y suplentes")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="qué cambió")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="resumen de lo firmado")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="enviado a firma")),
                (
                    "token",
                    models.CharField(blank=True, max_length=64, verbose_name="dirección de verificación"),
                ),
                ("written_at", models.DateTimeField(verbose_name="escrito")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="cambio")),
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
                    "protocol",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="referrals.protocol",
                        verbose_name="protocolo",
                    ),
                ),
                (
                    "to_provider",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.provider",
                        verbose_name="prestador que recibe",
                    ),
                ),
                (
                    "to_unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad que recibe",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="escrito por",
                    ),
                ),
            ],
            options={
                "verbose_name": "versión del protocolo",
                "verbose_name_plural": "versiones del protocolo",
                "ordering": ["protocol", "number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolStep",
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
                            ("draft", "Borrador"),
                            ("in_signature", "En firma"),
                            ("signed", "Firmado, por aprobar"),
                            ("approved", "Aprobado"),
                            ("discarded", "Descartado"),
                        ],
                        max_length=12,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("draft", "Borrador"),
                            ("in_signature", "En firma"),
                            ("signed", "Firmado, por aprobar"),
                            ("approved", "Aprobado"),
                            ("discarded", "Descartado"),
                        ],
                        max_length=12,
                        verbose_name="hacia",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="motivo")),
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
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "paso del protocolo",
                "verbose_name_plural": "pasos del protocolo",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("sender", "Unidad que deriva"),
                            ("receiver", "Quien recibe"),
                            ("approval", "Aprobación"),
                        ],
                        max_length=8,
                        verbose_name="como",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="nombre")),
                ("title", models.CharField(max_length=160, verbose_name="cargo")),
                ("on_paper", models.BooleanField(default=False, verbose_name="firmó en papel")),
                ("digest", models.CharField(max_length=64, verbose_name="resumen de lo firmado")),
                ("signed_on", models.DateField(verbose_name="día de la firma")),
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
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="por la unidad",
                    ),
                ),
                (
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "firma del protocolo",
                "verbose_name_plural": "firmas del protocolo",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolSender",
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
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad que deriva",
                    ),
                ),
                (
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="senders",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "unidad que deriva por el protocolo",
                "verbose_name_plural": "unidades que derivan por el protocolo",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolReason",
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
                    "reason",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.reason",
                        verbose_name="motivo",
                    ),
                ),
                (
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covered",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "motivo del protocolo",
                "verbose_name_plural": "motivos del protocolo",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProtocolEntry",
            fields=[
                ("name", models.CharField(max_length=200, verbose_name="nombre")),
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "entry",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.entry",
                        verbose_name="prestación",
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
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="about",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "prestación del protocolo",
                "verbose_name_plural": "prestaciones del protocolo",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Governance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("receiver_id", models.UUIDField(verbose_name="unidad o prestador que recibe")),
                ("starts_on", models.DateField(verbose_name="desde")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="hasta")),
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
                    "reason",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.reason",
                        verbose_name="motivo",
                    ),
                ),
                (
                    "sender",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad que deriva",
                    ),
                ),
                (
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="governs",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
            ],
            options={
                "verbose_name": "alcance vigente del protocolo",
                "verbose_name_plural": "alcances vigentes del protocolo",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("folio", models.CharField(max_length=16, verbose_name="folio")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("internal_base", "Interna, unidad del módulo base"),
                            ("internal_other", "Interna, otra unidad"),
                        ],
                        max_length=16,
                        verbose_name="tipo",
                    ),
                ),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="motivos")),
                ("asked", models.TextField(max_length=1000, verbose_name="qué se pide")),
                ("is_urgent", models.BooleanField(default=False, verbose_name="urgente")),
                ("urgency", models.CharField(blank=True, max_length=300, verbose_name="por qué es urgente")),
                ("packet", models.JSONField(default=list, verbose_name="datos que viajaron")),
                ("papers", models.TextField(blank=True, max_length=1000, verbose_name="antecedentes entregados")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Enviada"),
                            ("received", "Recibida"),
                            ("accepted", "Aceptada"),
                            ("in_attention", "En atención"),
                            ("no_show", "No asistió"),
                            ("returned", "Devuelta por antecedentes"),
                            ("answered", "Atención finalizada"),
                            ("rejected", "Rechazada"),
                            ("expired", "Caducada"),
                            ("withdrawn", "Retirada"),
                        ],
                        default="sent",
                        max_length=12,
                        verbose_name="estado",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="enviada")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="recibida")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="aceptada")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="terminada")),
                ("accept_by", models.DateField(verbose_name="aceptar hasta")),
                ("answer_by", models.DateField(verbose_name="responder hasta")),
                ("expires_on", models.DateField(verbose_name="caduca el")),
                ("due_on", models.DateField(verbose_name="plazo")),
                ("appointed_at", models.DateTimeField(blank=True, null=True, verbose_name="hora dada")),
                ("wanting", models.CharField(blank=True, max_length=500, verbose_name="antecedentes que faltan")),
                ("tell_by", models.DateField(blank=True, null=True, verbose_name="avisarle hasta")),
                ("reminded_for", models.DateField(blank=True, null=True, verbose_name="plazo recordado")),
                ("late_for", models.DateField(blank=True, null=True, verbose_name="plazo dado por vencido")),
                ("submission_id", models.UUIDField(null=True, verbose_name="envío")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="cambio")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="a cargo de",
                    ),
                ),
                (
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="intake.consultation",
                        verbose_name="consulta de origen",
                    ),
                ),
                (
                    "from_unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals_sent",
                        to="access.unit",
                        verbose_name="unidad que deriva",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="registry.person",
                        verbose_name="persona",
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
                    "protocol",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="referrals.protocolversion",
                        verbose_name="protocolo",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="enviada por",
                    ),
                ),
                (
                    "to_unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals_received",
                        to="access.unit",
                        verbose_name="unidad que recibe",
                    ),
                ),
            ],
            options={
                "verbose_name": "derivación",
                "verbose_name_plural": "derivaciones",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CounterReferral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("granted", "Otorgado"),
                            ("not_eligible", "No cumple"),
                            ("waiting_list", "Lista de espera"),
                            ("not_located", "No ubicada"),
                            ("withdrew", "Desistió"),
                            ("duplicate", "Duplicada"),
                        ],
                        max_length=12,
                        verbose_name="resultado",
                    ),
                ),
                ("done", models.TextField(max_length=2000, verbose_name="qué se hizo")),
                (
                    "next_step",
                    models.CharField(
                        choices=[
                            ("none", "Ninguno"),
                            ("tell_neighbour", "Avisar a la vecina o el vecino"),
                            ("come_back", "Que vuelva ese día"),
                            ("refer_again", "Otra derivación"),
                        ],
                        default="none",
                        max_length=14,
                        verbose_name="próximo paso",
                    ),
                ),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="desde cuándo")),
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
                        related_name="answers",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "contrarreferencia",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReferralLine",
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
                    "line",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referred",
                        to="intake.reasonline",
                        verbose_name="motivo",
                    ),
                ),
                (
                    "referral",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "motivo derivado",
                "verbose_name_plural": "motivos derivados",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReferralStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "event",
                    models.CharField(
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
                            ("assigned", "Asignada"),
                            ("reminded", "Recordatorio"),
                            ("late", "Plazo vencido"),
                            ("expired", "Caducada"),
                        ],
                        max_length=10,
                        verbose_name="qué pasó",
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sent", "Enviada"),
                            ("received", "Recibida"),
                            ("accepted", "Aceptada"),
                            ("in_attention", "En atención"),
                            ("no_show", "No asistió"),
                            ("returned", "Devuelta por antecedentes"),
                            ("answered", "Atención finalizada"),
                            ("rejected", "Rechazada"),
                            ("expired", "Caducada"),
                            ("withdrawn", "Retirada"),
                        ],
                        max_length=12,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("sent", "Enviada"),
                            ("received", "Recibida"),
                            ("accepted", "Aceptada"),
                            ("in_attention", "En atención"),
                            ("no_show", "No asistió"),
                            ("returned", "Devuelta por antecedentes"),
                            ("answered", "Atención finalizada"),
                            ("rejected", "Rechazada"),
                            ("expired", "Caducada"),
                            ("withdrawn", "Retirada"),
                        ],
                        max_length=12,
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
                        related_name="steps",
                        to="referrals.referral",
                        verbose_name="derivación",
                    ),
                ),
            ],
            options={
                "verbose_name": "paso de la derivación",
                "verbose_name_plural": "pasos de la derivación",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(fields=("institution", "number"), name="one_protocol_per_number"),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(
                fields=("institution", "protocol", "number"), name="one_row_per_protocol_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["approved", "discarded"]), _negated=True),
                fields=("institution", "protocol"),
                name="one_protocol_version_in_writing",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("to_provider__isnull", True), ("to_unit__isnull", False)),
                    models.Q(("to_provider__isnull", False), ("to_unit__isnull", True)),
                    _connector="OR",
                ),
                name="protocol_has_one_receiver",
                violation_error_message="Un protocolo tiene quien recibe: una unidad o un prestador.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("starts_on__isnull", False), ("state", "approved")),
                    models.Q(
                        models.Q(("state", "approved"), _negated=True),
                        ("ends_on__isnull", True),
                        ("starts_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="protocol_approved_iff_starts",
                violation_error_message="Un protocolo aprobado dice desde cuándo rige.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="protocol_ends_after_it_starts",
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolsender",
            constraint=models.UniqueConstraint(fields=("institution", "version", "unit"), name="one_row_per_sender"),
        ),
        migrations.AddConstraint(
            model_name="protocolreason",
            constraint=models.UniqueConstraint(
                fields=("institution", "version", "reason"), name="one_row_per_covered_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolentry",
            constraint=models.UniqueConstraint(
                fields=("institution", "version", "entry"), name="one_row_per_protocol_entry"
            ),
        ),
        migrations.AddIndex(
            model_name="governance",
            index=models.Index(fields=["institution", "sender", "reason"], name="governance_by_sender"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["accepted", "in_attention", "no_show", "received", "returned", "sent"])
                ),
                fields=["institution", "to_unit", "due_on", "id"],
                name="referral_in_by_term",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["accepted", "in_attention", "no_show", "received", "returned", "sent"])
                ),
                fields=["institution", "from_unit", "due_on", "id"],
                name="referral_out_by_term",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["institution", "to_unit", "-ended_at", "-id"], name="referral_in_ended"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["institution", "from_unit", "-ended_at", "-id"], name="referral_out_ended"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("tell_by__isnull", False)),
                fields=["institution", "from_unit", "tell_by", "id"],
                name="referral_to_tell",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["institution", "person", "-sent_at"], name="referral_by_person"),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(fields=("institution", "folio"), name="one_referral_per_folio"),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                fields=("institution", "submission_id"), name="one_referral_per_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_by__gte", models.F("accept_by")), ("expires_on__gte", models.F("answer_by"))
                ),
                name="referral_terms_in_order",
                violation_error_message="Los plazos van en orden: aceptar, responder, caducar.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        ("state__in", ["accepted", "in_attention", "no_show", "received", "returned", "sent"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["accepted", "in_attention", "no_show", "received", "returned", "sent"]),
                            _negated=True,
                        ),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="referral_ended_iff_not_open",
                violation_error_message="Una derivación terminada dice cuándo terminó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_urgent", False), models.Q(("urgency", ""), _negated=True), _connector="OR"),
                name="urgent_referral_says_why",
                violation_error_message="Escriba por qué es urgente.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("wanting", ""), _negated=True),
                    _connector="OR",
                ),
                name="returned_referral_says_what_is_wanting",
                violation_error_message="Escriba qué antecedentes faltan.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referralline",
            constraint=models.UniqueConstraint(
                fields=("institution", "referral", "line"), name="one_row_per_referred_line"
            ),
        ),
        TenantTable("Protocol"),
        TenantTable("ProtocolVersion"),
        TenantTable("ProtocolSender"),
        TenantTable("ProtocolReason"),
        TenantTable("ProtocolEntry"),
        TenantTable("Governance"),
        TenantTable("ProtocolSignature"),
        TenantTable("ProtocolStep"),
        TenantTable("Referral"),
        TenantTable("ReferralLine"),
        TenantTable("ReferralStep"),
        TenantTable("CounterReferral"),
        migrations.RunSQL(ONE_PROTOCOL_AT_A_TIME, migrations.RunSQL.noop),
    ]
