import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('catalogue', '0001_initial'),
        ('registry', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('folio', models.CharField(max_length=16, verbose_name='folio')),
                ('requester', models.CharField(choices=[('self', 'La misma persona'), ('third_party', 'Alguien por ella'), ('institution', 'Una institución')], default='self', max_length=12, verbose_name='quién consulta')),
                ('requester_detail', models.CharField(blank=True, max_length=120, verbose_name='quién es')),
                ('channel', models.CharField(choices=[('in_person', 'Presencial'), ('phone', 'Teléfono'), ('web', 'Web'), ('email', 'Correo'), ('whatsapp', 'WhatsApp'), ('field', 'Terreno'), ('home_visit', 'Visita'), ('institution', 'Institución')], default='in_person', max_length=12, verbose_name='canal')),
                ('state', models.CharField(choices=[('waiting', 'En espera'), ('in_attention', 'En atención'), ('attended', 'Atendida'), ('resolved', 'Atención finalizada'), ('abandoned', 'Abandonada'), ('voided', 'Anulada')], default='in_attention', max_length=14, verbose_name='estado')),
                ('secrecy', models.CharField(choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], default='ordinary', max_length=10, verbose_name='reserva')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notas')),
                ('notes_secrecy', models.CharField(blank=True, choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], max_length=10, verbose_name='reserva de las notas')),
                ('occurred_at', models.DateTimeField(verbose_name='ocurrió')),
                ('recorded_at', models.DateTimeField(verbose_name='se registró')),
                ('attended_at', models.DateTimeField(blank=True, null=True, verbose_name='atendida')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='finalizada')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='anulada')),
                ('void_reason', models.CharField(blank=True, max_length=300, verbose_name='motivo de anulación')),
                ('submission_id', models.UUIDField(null=True, verbose_name='envío')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='versión')),
                ('age_group', models.CharField(blank=True, max_length=8, verbose_name='tramo de edad')),
                ('sex', models.CharField(blank=True, choices=[('female', 'Mujer'), ('male', 'Hombre'), ('other', 'Otro')], max_length=6, verbose_name='sexo')),
                ('rurality', models.CharField(blank=True, choices=[('urban', 'Urbano'), ('rural', 'Rural')], max_length=5, verbose_name='ruralidad')),
                ('bracket', models.PositiveSmallIntegerField(null=True, verbose_name='tramo del RSH')),
                ('bracket_as_of', models.DateField(null=True, verbose_name='fecha del tramo')),
                ('unit_functions', models.CharField(blank=True, max_length=200, verbose_name='funciones de la unidad')),
                ('index_groups', models.CharField(blank=True, max_length=200, verbose_name='grupos de índice')),
                ('continues', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='intake.consultation', verbose_name='continúa a')),
                ('desk', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.desk', verbose_name='módulo')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='registry.person', verbose_name='persona')),
                ('posting', ventanilla.access.tenancy.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.posting', verbose_name='desempeño')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='operador/a')),
                ('site', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.site', verbose_name='dependencia')),
                ('unit', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit', verbose_name='unidad')),
            ],
            options={
                'verbose_name': 'consulta',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ConsultationReader',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
                ('consultation', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='intake.consultation', verbose_name='consulta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'persona autorizada a ver la consulta',
                'verbose_name_plural': 'personas autorizadas a ver la consulta',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='FolioCounter',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=4, verbose_name='serie')),
                ('year', models.PositiveSmallIntegerField(verbose_name='año')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='último')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'contador de folios',
                'verbose_name_plural': 'contadores de folios',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReasonLine',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(verbose_name='orden')),
                ('outcome', models.CharField(blank=True, choices=[('informed', 'Informada'), ('resolved', 'Resuelta aquí'), ('waiting_documents', 'Espera documentos'), ('needs_unit', 'Requiere otra unidad'), ('needs_case', 'Requiere caso'), ('withdrew', 'Desistió')], max_length=18, verbose_name='resultado')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='respuesta')),
                ('awaited_documents', models.CharField(blank=True, max_length=500, verbose_name='documentos que faltan')),
                ('awaited_until', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='respondido')),
                ('consultation', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='intake.consultation', verbose_name='consulta')),
                ('function', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.function', verbose_name='función que atiende')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('reason', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.reason', verbose_name='motivo')),
            ],
            options={
                'verbose_name': 'motivo de la consulta',
                'verbose_name_plural': 'motivos de la consulta',
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LineSubject',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('dwelling', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.dwelling', verbose_name='vivienda')),
                ('home', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.home', verbose_name='hogar')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.person', verbose_name='persona')),
                ('line', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='intake.reasonline', verbose_name='motivo')),
            ],
            options={
                'verbose_name': 'sujeto del motivo',
                'verbose_name_plural': 'sujetos del motivo',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('before', models.CharField(blank=True, choices=[('waiting', 'En espera'), ('in_attention', 'En atención'), ('attended', 'Atendida'), ('resolved', 'Atención finalizada'), ('abandoned', 'Abandonada'), ('voided', 'Anulada')], max_length=14, verbose_name='desde')),
                ('after', models.CharField(choices=[('waiting', 'En espera'), ('in_attention', 'En atención'), ('attended', 'Atendida'), ('resolved', 'Atención finalizada'), ('abandoned', 'Abandonada'), ('voided', 'Anulada')], max_length=14, verbose_name='hacia')),
                ('at', models.DateTimeField(verbose_name='momento')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motivo')),
                ('account', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
                ('consultation', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='intake.consultation', verbose_name='consulta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('posting', ventanilla.access.tenancy.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.posting', verbose_name='desempeño')),
            ],
            options={
                'verbose_name': 'paso de la consulta',
                'verbose_name_plural': 'pasos de la consulta',
                'ordering': ['at', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['institution', 'unit', '-occurred_at', '-id'], name='consultation_by_unit'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['institution', 'person', '-occurred_at', '-id'], name='consultation_by_person'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(
                condition=models.Q(('state__in', ['waiting', 'in_attention', 'attended'])),
                fields=['institution', 'unit', '-occurred_at', '-id'],
                name='consultation_open_by_unit',
            ),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['institution', 'recorded_by', '-occurred_at', '-id'], name='consultation_by_operator'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.UniqueConstraint(fields=('institution', 'folio'), name='one_consultation_per_folio'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.UniqueConstraint(fields=('institution', 'submission_id'), name='one_consultation_per_submission'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attended_at__isnull', False), ('state__in', ['attended', 'resolved'])), models.Q(('attended_at__isnull', True), ('state__in', ['waiting', 'in_attention', 'abandoned'])), ('state', 'voided'), _connector='OR'), name='attended_iff_attended_at', violation_error_message='Una consulta atendida lleva su hora de término.'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('state', 'resolved')), models.Q(models.Q(('state__in', ['resolved', 'voided']), _negated=True), ('resolved_at__isnull', True)), ('state', 'voided'), _connector='OR'), name='resolved_iff_resolved_at', violation_error_message='Una atención finalizada lleva su fecha.'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'voided'), ('voided_at__isnull', False), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('state', 'voided'), _negated=True), ('void_reason', ''), ('voided_at__isnull', True)), _connector='OR'), name='voided_with_reason', violation_error_message='Una consulta anulada lleva su motivo.'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('attended_at__isnull', True), ('attended_at__gte', models.F('occurred_at')), _connector='OR'), name='attended_after_it_began', violation_error_message='El término no puede ser anterior al inicio.'),
        ),
        migrations.AddConstraint(
            model_name='consultationreader',
            constraint=models.UniqueConstraint(fields=('institution', 'consultation', 'account'), name='one_row_per_reader'),
        ),
        migrations.AddConstraint(
            model_name='foliocounter',
            constraint=models.UniqueConstraint(fields=('institution', 'kind', 'year'), name='one_counter_per_series'),
        ),
        migrations.AddConstraint(
            model_name='reasonline',
            constraint=models.UniqueConstraint(fields=('institution', 'consultation', 'reason'), name='one_line_per_reason', violation_error_message='Ese motivo ya está en la consulta.'),
        ),
        migrations.AddConstraint(
            model_name='reasonline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting_documents'), _negated=True), models.Q(('awaited_documents', ''), _negated=True), _connector='OR'), name='awaited_documents_are_named', violation_error_message='Escriba qué documentos faltan.'),
        ),
        migrations.AddConstraint(
            model_name='linesubject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dwelling__isnull', True), ('home__isnull', True), ('person__isnull', False)), models.Q(('dwelling__isnull', True), ('home__isnull', False), ('person__isnull', True)), models.Q(('dwelling__isnull', False), ('home__isnull', True), ('person__isnull', True)), _connector='OR'), name='line_subject_is_one_thing', violation_error_message='Un motivo es sobre una persona, un hogar o una vivienda.'),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_attention")),
                fields=("institution", "person", "recorded_by"),
                name="one_open_consultation_per_operator",
                violation_error_message="Usted ya tiene en atención a esta persona.",
            ),
        ),
        TenantTable("FolioCounter"),
        TenantTable("Consultation"),
        TenantTable("ConsultationReader"),
        TenantTable("Transition"),
        TenantTable("ReasonLine"),
        TenantTable("LineSubject"),
    ]
