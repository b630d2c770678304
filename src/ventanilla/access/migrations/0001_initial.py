import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import AuditedTable, TenantReference


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(error_messages={'unique': 'Ya existe una cuenta con ese usuario.'}, max_length=60, unique=True, verbose_name='usuario')),
                ('given_names', models.CharField(max_length=120, verbose_name='nombres')),
                ('surnames', models.CharField(max_length=120, verbose_name='apellidos')),
                ('run', models.CharField(blank=True, max_length=10, null=True, unique=True, verbose_name='RUN')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='correo')),
                ('profession', models.CharField(blank=True, max_length=80, verbose_name='profesión')),
                ('is_active', models.BooleanField(default=True, verbose_name='activa')),
                ('prefers_no_shortcuts', models.BooleanField(default=False, verbose_name='sin atajos de una tecla')),
            ],
            options={
                'verbose_name': 'cuenta',
            },
        ),
        migrations.CreateModel(
            name='Function',
            fields=[
                ('code', models.CharField(max_length=24, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
            ],
            options={
                'verbose_name': 'función',
                'verbose_name_plural': 'funciones',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('id', models.IntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('municipality', 'Municipalidad'), ('regional_delegation', 'Delegación Presidencial Regional'), ('provincial_delegation', 'Delegación Presidencial Provincial'), ('training', 'Institución de capacitación')], max_length=24, verbose_name='tipo')),
                ('name', models.CharField(max_length=120, verbose_name='nombre')),
                ('short_name', models.CharField(max_length=60, verbose_name='nombre corto')),
                ('time_zone', models.CharField(default='America/Santiago', max_length=40, verbose_name='huso horario')),
            ],
            options={
                'verbose_name': 'institución',
                'verbose_name_plural': 'instituciones',
            },
        ),
        migrations.CreateModel(
            name='OperatingRequirement',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=160, verbose_name='requisito')),
                ('how', models.CharField(max_length=200, verbose_name='cómo se cumple')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('front_desk', 'Atención de público'), ('case_worker', 'Gestión de casos'), ('uas_head', 'Jefatura de Asistencia Social'), ('unit_head', 'Jefatura de unidad'), ('counterpart', 'Contraparte municipal'), ('dideco', 'Dirección de Desarrollo Comunitario'), ('system_admin', 'Administración del sistema'), ('data_officer', 'Protección de datos'), ('technical_assistant', 'Asistencia técnica'), ('provincial', 'Coordinación provincial'), ('regional', 'Encargo regional'), ('national', 'Equipo nacional')], max_length=24), default=list, help_text='vacío, todos', size=None, verbose_name='roles')),
            ],
            options={
                'verbose_name': 'requisito para operar',
                'verbose_name_plural': 'requisitos para operar',
            },
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
            ],
            options={
                'verbose_name': 'provincia',
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
                ('iso', models.CharField(max_length=5, verbose_name='código ISO')),
            ],
            options={
                'verbose_name': 'región',
                'verbose_name_plural': 'regiones',
            },
        ),
        migrations.CreateModel(
            name='Certification',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='certificación')),
                ('issued_by', models.CharField(blank=True, max_length=120, verbose_name='otorgada por')),
                ('issued_on', models.DateField(verbose_name='fecha')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='vence')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certifications', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
            ],
            options={
                'verbose_name': 'certificación',
                'verbose_name_plural': 'certificaciones',
            },
        ),
        migrations.CreateModel(
            name='InstitutionStage',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('invited', 'Invitada'), ('installing', 'En instalación'), ('trial_run', 'En marcha blanca'), ('operating', 'En operación'), ('follow_up', 'En seguimiento'), ('graduated', 'Egresada'), ('withdrawn', 'Retirada')], max_length=12, verbose_name='etapa')),
                ('starts_on', models.DateField(verbose_name='desde')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'etapa de la institución',
                'verbose_name_plural': 'etapas de la institución',
                'ordering': ['starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FulfilledRequirement',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('met_on', models.DateField(verbose_name='cumplido el')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='vence')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilled', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.institution', verbose_name='institución')),
                ('requirement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.operatingrequirement', verbose_name='requisito')),
            ],
            options={
                'verbose_name': 'requisito cumplido',
                'verbose_name_plural': 'requisitos cumplidos',
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('front_desk', 'Atención de público'), ('case_worker', 'Gestión de casos'), ('uas_head', 'Jefatura de Asistencia Social'), ('unit_head', 'Jefatura de unidad'), ('counterpart', 'Contraparte municipal'), ('dideco', 'Dirección de Desarrollo Comunitario'), ('system_admin', 'Administración del sistema'), ('data_officer', 'Protección de datos'), ('technical_assistant', 'Asistencia técnica'), ('provincial', 'Coordinación provincial'), ('regional', 'Encargo regional'), ('national', 'Equipo nacional')], max_length=24, verbose_name='rol')),
                ('nature', models.CharField(choices=[('titular', 'Titular'), ('subrogante', 'Subrogante'), ('suplente', 'Suplente')], default='titular', max_length=10, verbose_name='naturaleza')),
                ('act', models.CharField(blank=True, max_length=120, verbose_name='acto que la dispone')),
                ('starts_on', models.DateField(verbose_name='desde')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.institution', verbose_name='institución')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.province', verbose_name='provincia')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.region', verbose_name='región')),
            ],
            options={
                'verbose_name': 'desempeño',
                'ordering': ['starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='nombre')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='resumen')),
                ('created_at', models.DateTimeField(verbose_name='creado')),
                ('expires_at', models.DateTimeField(verbose_name='vence')),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='access.posting', verbose_name='desempeño')),
            ],
            options={
                'verbose_name': 'llave de la API',
                'verbose_name_plural': 'llaves de la API',
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
                ('digital_group', models.CharField(blank=True, max_length=1, verbose_name='grupo de transformación digital')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.province', verbose_name='provincia')),
            ],
            options={
                'verbose_name': 'comuna',
            },
        ),
        migrations.AddField(
            model_name='province',
            name='region',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.region', verbose_name='región'),
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=60, verbose_name='usuario')),
                ('network', models.GenericIPAddressField(verbose_name='red')),
                ('at', models.DateTimeField(verbose_name='momento')),
                ('succeeded', models.BooleanField(verbose_name='logrado')),
                ('forgiven_at', models.DateTimeField(null=True, verbose_name='perdonado')),
                ('forgiven_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='perdonado por')),
            ],
            options={
                'verbose_name': 'intento de ingreso',
                'verbose_name_plural': 'intentos de ingreso',
                'indexes': [models.Index(fields=['username', 'at'], name='attempt_by_username'), models.Index(fields=['network', 'at'], name='attempt_by_network')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='nombre')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='dirección')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='cierre')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.commune', verbose_name='comuna')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'dependencia',
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='nombre')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='cierre')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('site', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='access.site', verbose_name='dependencia')),
            ],
            options={
                'verbose_name': 'módulo de atención',
                'verbose_name_plural': 'módulos de atención',
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=30, verbose_name='código')),
                ('name', models.CharField(max_length=120, verbose_name='nombre')),
                ('connected_from', models.DateField(blank=True, null=True, verbose_name='conectada desde')),
                ('connected_until', models.DateField(blank=True, null=True, verbose_name='conectada hasta')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('parent', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='unidad superior')),
            ],
            options={
                'verbose_name': 'unidad',
                'verbose_name_plural': 'unidades',
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='posting',
            name='unit',
            field=ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='unidad'),
        ),
        migrations.CreateModel(
            name='UnitFunction',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('function', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.function', verbose_name='función')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='functions', to='access.unit', verbose_name='unidad')),
            ],
            options={
                'verbose_name': 'función de la unidad',
                'verbose_name_plural': 'funciones de la unidad',
            },
        ),
        migrations.CreateModel(
            name='InstitutionCommune',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.commune', verbose_name='comuna')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='served', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'comuna atendida',
                'verbose_name_plural': 'comunas atendidas',
                'constraints': [models.UniqueConstraint(fields=('institution', 'commune'), name='one_row_per_served_commune')],
            },
        ),
        migrations.CreateModel(
            name='LocalTitle',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('front_desk', 'Atención de público'), ('case_worker', 'Gestión de casos'), ('uas_head', 'Jefatura de Asistencia Social'), ('unit_head', 'Jefatura de unidad'), ('counterpart', 'Contraparte municipal'), ('dideco', 'Dirección de Desarrollo Comunitario'), ('system_admin', 'Administración del sistema'), ('data_officer', 'Protección de datos'), ('technical_assistant', 'Asistencia técnica'), ('provincial', 'Coordinación provincial'), ('regional', 'Encargo regional'), ('national', 'Equipo nacional')], max_length=24, verbose_name='rol')),
                ('title', models.CharField(max_length=120, verbose_name='denominación')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='titles', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'denominación local',
                'verbose_name_plural': 'denominaciones locales',
                'constraints': [models.UniqueConstraint(fields=('institution', 'role'), name='one_title_per_role')],
            },
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(fields=('institution', 'id'), name='site_within_institution'),
        ),
        migrations.AddConstraint(
            model_name='desk',
            constraint=models.UniqueConstraint(fields=('institution', 'id'), name='desk_within_institution'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(fields=('institution', 'id'), name='unit_within_institution'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(fields=('institution', 'code'), name='one_unit_per_code'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('connected_until__isnull', True), ('connected_until__gte', models.F('connected_from')), _connector='OR'), name='unit_connection_in_order', violation_error_message='La desconexión no puede ser anterior a la conexión.'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.UniqueConstraint(fields=('institution', 'id'), name='posting_within_institution'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['national', 'provincial', 'regional', 'technical_assistant']), ('institution__isnull', True), ('unit__isnull', True)), models.Q(models.Q(('role__in', ['national', 'provincial', 'regional', 'technical_assistant']), _negated=True), ('institution__isnull', False)), _connector='OR'), name='posting_has_institution_unless_above', violation_error_message='Ese rol se desempeña en una institución, o por sobre todas ellas.'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='posting_dates_in_order', violation_error_message='El término no puede ser anterior al inicio.'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('nature', 'titular'), models.Q(('act', ''), _negated=True), _connector='OR'), name='substitute_has_act', violation_error_message='Una subrogancia o suplencia lleva el acto que la dispone.'),
        ),
        migrations.AddConstraint(
            model_name='unitfunction',
            constraint=models.UniqueConstraint(fields=('unit', 'function'), name='one_row_per_unit_function'),
        ),
        AuditedTable("Institution", institution="id"),
        AuditedTable("InstitutionCommune"),
        AuditedTable("InstitutionStage"),
        AuditedTable("LocalTitle"),
        AuditedTable("Site"),
        AuditedTable("Desk"),
        AuditedTable("Unit"),
        AuditedTable("UnitFunction"),
        AuditedTable("Posting"),
        AuditedTable("Certification"),
        AuditedTable("FulfilledRequirement"),
        AuditedTable("Account", hidden=("password",)),
        AuditedTable("ApiToken", hidden=("digest",)),
        AuditedTable("SignInAttempt", events=("update",)),
        TenantReference("Desk", "site"),
        TenantReference("Unit", "parent"),
        TenantReference("Posting", "unit"),
    ]
