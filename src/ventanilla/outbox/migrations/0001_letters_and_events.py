import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0007_providers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type", models.CharField(max_length=60, verbose_name="tipo")),
                ("subject", models.CharField(max_length=120, verbose_name="de qué")),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("content", models.JSONField(default=dict, verbose_name="contenido")),
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
                "verbose_name": "evento para otros sistemas",
                "verbose_name_plural": "eventos para otros sistemas",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.CharField(max_length=500, verbose_name="dirección")),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tipos de evento",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="creada")),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="en pausa desde")),
                ("paused_because", models.CharField(blank=True, max_length=200, verbose_name="por qué está en pausa")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="quitada")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="creada por",
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
                "verbose_name": "suscripción de un sistema",
                "verbose_name_plural": "suscripciones de sistemas",
                "ordering": ["made_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EventDelivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="intentos")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="respuesta")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="último error")),
                ("tried_at", models.DateTimeField(blank=True, null=True, verbose_name="último intento")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="entregado")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="abandonado")),
                (
                    "event",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="outbox.event",
                        verbose_name="evento",
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
                    "subscription",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="outbox.subscription",
                        verbose_name="suscripción",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrega de un evento",
                "verbose_name_plural": "entregas de eventos",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("to_address", models.EmailField(max_length=254, verbose_name="para")),
                ("subject", models.CharField(max_length=200, verbose_name="asunto")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="texto")),
                ("about", models.CharField(max_length=40, verbose_name="sobre qué")),
                ("about_id", models.UUIDField(verbose_name="sobre cuál")),
                ("asked_at", models.DateTimeField(verbose_name="pedido")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="intentos")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="último error")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="enviado")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="abandonado")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pedido por",
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
                "verbose_name": "carta por correo",
                "verbose_name_plural": "cartas por correo",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["institution", "about", "about_id"], name="letter_about")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("failed_at__isnull", True), _connector="OR"),
                        name="letter_sent_or_failed",
                        violation_error_message="Una carta se envió o se abandonó.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("institution", "url"),
                name="one_subscription_per_url",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventdelivery",
            constraint=models.UniqueConstraint(
                fields=("institution", "subscription", "event"), name="one_delivery_per_event_and_subscription"
            ),
        ),
        TenantTable("Letter", hidden=("text",)),
        TenantTable("Subscription"),
        TenantTable("Event"),
        TenantTable("EventDelivery"),
    ]
