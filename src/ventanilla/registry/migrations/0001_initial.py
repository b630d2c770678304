import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dwelling',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('house', 'Casa'), ('flat', 'Departamento'), ('room', 'Pieza'), ('emergency', 'Mediagua'), ('institution', 'Institución'), ('no_address', 'Sin domicilio')], default='house', max_length=12, verbose_name='tipo de vivienda')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='dirección')),
                ('sector', models.CharField(blank=True, max_length=80, verbose_name='sector')),
                ('neighbourhood_unit', models.CharField(blank=True, max_length=20, verbose_name='unidad vecinal')),
                ('rurality', models.CharField(blank=True, choices=[('urban', 'Urbano'), ('rural', 'Rural')], max_length=5, verbose_name='ruralidad')),
                ('commune', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.commune', verbose_name='comuna')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'vivienda',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Home',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(blank=True, help_text='folio del RSH o del archivo', max_length=40, verbose_name='referencia')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], default='declared', max_length=14, verbose_name='fuente')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='fecha del dato')),
                ('recorded_at', models.DateTimeField(verbose_name='registrado')),
                ('dwelling', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='homes', to='registry.dwelling', verbose_name='vivienda')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'hogar',
                'verbose_name_plural': 'hogares',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('run', models.CharField(blank=True, max_length=10, null=True, verbose_name='RUN')),
                ('given_names', models.CharField(max_length=120, verbose_name='nombres')),
                ('first_surname', models.CharField(blank=True, max_length=80, verbose_name='primer apellido')),
                ('second_surname', models.CharField(blank=True, max_length=80, verbose_name='segundo apellido')),
                ('social_name', models.CharField(blank=True, max_length=120, verbose_name='nombre social')),
                ('sex', models.CharField(blank=True, choices=[('female', 'Mujer'), ('male', 'Hombre'), ('other', 'Otro')], max_length=6, verbose_name='sexo registral')),
                ('birth_on', models.DateField(blank=True, null=True, verbose_name='fecha de nacimiento')),
                ('nationality', models.CharField(blank=True, help_text='código ISO de dos letras', max_length=2, verbose_name='nacionalidad')),
                ('indigenous_people', models.CharField(blank=True, choices=[('mapuche', 'Mapuche'), ('aymara', 'Aymara'), ('rapanui', 'Rapa Nui'), ('lickanantay', 'Lickanantay'), ('quechua', 'Quechua'), ('colla', 'Colla'), ('diaguita', 'Diaguita'), ('chango', 'Chango'), ('kawesqar', 'Kawésqar'), ('yagan', 'Yagán'), ('selknam', "Selk'nam")], max_length=12, verbose_name='pueblo indígena')),
                ('died_on', models.DateField(blank=True, null=True, verbose_name='fecha de defunción')),
                ('death_source', models.CharField(blank=True, choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], max_length=14, verbose_name='fuente de la defunción')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], default='declared', max_length=14, verbose_name='fuente')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='fecha del dato')),
                ('processing_blocked', models.BooleanField(default=False, verbose_name='tratamiento bloqueado')),
                ('search_key', models.CharField(editable=False, max_length=400, verbose_name='clave de búsqueda')),
                ('sort_key', models.CharField(editable=False, max_length=300, verbose_name='clave de orden')),
                ('recorded_at', models.DateTimeField(verbose_name='registrada')),
                ('commune', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.commune', verbose_name='comuna de residencia')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'persona',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kinship', models.CharField(choices=[('head', 'Jefatura de hogar'), ('spouse', 'Cónyuge'), ('partner', 'Conviviente'), ('child', 'Hija o hijo'), ('stepchild', 'Hijastra o hijastro'), ('parent', 'Madre o padre'), ('sibling', 'Hermana o hermano'), ('grandchild', 'Nieta o nieto'), ('child_in_law', 'Nuera o yerno'), ('parent_in_law', 'Suegra o suegro'), ('other_relative', 'Otro pariente'), ('not_related', 'Sin parentesco')], max_length=14, verbose_name='parentesco')),
                ('is_head', models.BooleanField(default=False, verbose_name='jefatura de hogar')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('declared', 'Declarada')], max_length=8, verbose_name='fuente')),
                ('starts_on', models.DateField(verbose_name='desde')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('is_shielded', models.BooleanField(default=False, help_text='los demás integrantes no la ven ni la cuentan', verbose_name='resguardada ante su hogar')),
                ('home', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.home', verbose_name='hogar')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'integrante del hogar',
                'verbose_name_plural': 'integrantes del hogar',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('ipe', 'Identificador provisorio escolar (IPE)'), ('ipa', 'Identificador provisorio del apoderado (IPA)'), ('passport', 'Pasaporte'), ('foreign_id', 'Documento de identidad extranjero'), ('nip_fonasa', 'Número provisorio Fonasa'), ('no_document', 'Sin documento'), ('reference', 'Referencia de un archivo cargado')], max_length=12, verbose_name='tipo')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='país emisor')),
                ('value', models.CharField(max_length=60, verbose_name='número')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='válido hasta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'identificador',
                'verbose_name_plural': 'identificadores',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('rsh_bracket', 'Tramo del RSH'), ('home_income', 'Ingreso del hogar'), ('dwelling', 'Condición de la vivienda'), ('familias_stage', 'Etapa en Programa Familias'), ('familias_indicator', 'Indicador de bienestar pendiente'), ('income', 'Ingreso'), ('subsidy', 'Subsidio o pensión'), ('disability', 'Discapacidad'), ('dependence', 'Dependencia'), ('carer', 'Cuidador/a'), ('pregnancy', 'Embarazo'), ('enrolment', 'Matrícula escolar'), ('health_check', 'Control de salud')], max_length=20, verbose_name='tipo')),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='valor')),
                ('amount', models.IntegerField(blank=True, null=True, verbose_name='monto en pesos')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='vigente desde')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='vigente hasta')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], max_length=14, verbose_name='fuente')),
                ('as_of', models.DateField(verbose_name='fecha del dato')),
                ('recorded_at', models.DateTimeField(verbose_name='registrado')),
                ('expires_on', models.DateField(blank=True, help_text='extractos: Ley 21.719 art. 22', null=True, verbose_name='conservar hasta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('home', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='registry.home', verbose_name='hogar')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'antecedente',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'Teléfono'), ('email', 'Correo')], max_length=5, verbose_name='tipo')),
                ('value', models.CharField(max_length=120, verbose_name='valor')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='nota')),
                ('do_not_call', models.BooleanField(default=False, verbose_name='no llamar')),
                ('secrecy', models.CharField(choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], default='ordinary', max_length=10, verbose_name='reserva')),
                ('recorded_by_id', models.UUIDField(blank=True, null=True, verbose_name='registrado por')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], default='declared', max_length=14, verbose_name='fuente')),
                ('as_of', models.DateField(verbose_name='fecha del dato')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='dejó de usarse')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('unit', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='unidad')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'contacto',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReadEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('institution_id', models.IntegerField(verbose_name='institución')),
                ('at', models.DateTimeField(verbose_name='momento')),
                ('account_id', models.UUIDField(null=True, verbose_name='cuenta')),
                ('posting_id', models.UUIDField(null=True, verbose_name='desempeño')),
                ('request_id', models.UUIDField(null=True, verbose_name='petición')),
                ('kind', models.CharField(choices=[('search', 'Búsqueda'), ('summary', 'Ficha resumida'), ('full', 'Ficha completa'), ('consultation', 'Consulta'), ('list', 'Lista de consultas')], max_length=14, verbose_name='qué se vio')),
                ('person_id', models.UUIDField(null=True, verbose_name='persona vista')),
                ('opened_for_id', models.UUIDField(null=True, verbose_name='ficha abierta')),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None, verbose_name='personas de la lista')),
                ('purpose_id', models.UUIDField(null=True, verbose_name='finalidad')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='observación')),
            ],
            options={
                'verbose_name': 'lectura',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['institution_id', 'person_id', 'at'], name='read_entry_by_person'), models.Index(fields=['institution_id', 'account_id', 'at'], name='read_entry_by_account')],
            },
        ),
        migrations.CreateModel(
            name='ReadPurpose',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField(verbose_name='cuenta')),
                ('posting_id', models.UUIDField(verbose_name='desempeño')),
                ('ground', models.CharField(choices=[('consultation', 'Consulta en atención'), ('written_reason', 'Motivo escrito')], max_length=16, verbose_name='fundamento')),
                ('reference_id', models.UUIDField(null=True, verbose_name='registro que la funda')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motivo')),
                ('starts_at', models.DateTimeField(verbose_name='desde')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='hasta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purposes', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'finalidad de lectura',
                'verbose_name_plural': 'finalidades de lectura',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('parent', 'Madre o padre'), ('guardian', 'Tutela'), ('carer', 'Cuidado'), ('representative', 'Representación')], max_length=14, verbose_name='tipo')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], max_length=14, verbose_name='fuente')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='desde')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('other', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_to_her', to='registry.person', verbose_name='con')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='registry.person', verbose_name='persona')),
            ],
            options={
                'verbose_name': 'relación',
                'verbose_name_plural': 'relaciones',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Residence',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('secrecy', models.CharField(choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], default='ordinary', max_length=10, verbose_name='reserva')),
                ('recorded_by_id', models.UUIDField(blank=True, null=True, verbose_name='registrado por')),
                ('source', models.CharField(choices=[('rsh', 'Registro Social de Hogares'), ('subsidies', 'Plataforma de subsidios'), ('familias', 'Programa Familias'), ('senadis', 'Senadis'), ('mineduc', 'Mineduc'), ('ips', 'IPS'), ('civil_registry', 'Registro Civil'), ('municipal', 'Municipalidad'), ('declared', 'Lo declara la persona')], max_length=14, verbose_name='fuente')),
                ('starts_on', models.DateField(verbose_name='desde')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('dwelling', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='registry.dwelling', verbose_name='vivienda')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residences', to='registry.person', verbose_name='persona')),
                ('unit', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='unidad')),
            ],
            options={
                'verbose_name': 'residencia',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='home',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('institution', 'reference'), name='one_home_per_reference'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['institution', 'sort_key'], name='person_by_sort_key'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('institution', 'run'), name='one_person_per_run', violation_error_message='Ya hay una persona registrada con ese RUN.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('died_on__isnull', True), ('birth_on__isnull', True), ('died_on__gte', models.F('birth_on')), _connector='OR'), name='death_not_before_birth', violation_error_message='La defunción no puede ser anterior al nacimiento.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('died_on__isnull', True), models.Q(('death_source', ''), _negated=True), _connector='OR'), name='death_has_source', violation_error_message='Una defunción lleva su fuente.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True), ('is_head', True)), fields=('institution', 'home', 'source'), name='one_head_per_home', violation_error_message='El hogar ya tiene jefatura vigente.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('institution', 'person', 'source'), name='one_home_per_person', violation_error_message='La persona ya pertenece a un hogar según esa fuente.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='membership_dates_in_order', violation_error_message='El término no puede ser anterior al inicio.'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'no_document'), _negated=True), fields=('institution', 'kind', 'country', 'value'), name='one_person_per_identifier', violation_error_message='Ya hay una persona registrada con ese documento.'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('home__isnull', False), ('kind__in', ['dwelling', 'familias_indicator', 'familias_stage', 'home_income', 'rsh_bracket']), ('person__isnull', True)), models.Q(models.Q(('kind__in', ['dwelling', 'familias_indicator', 'familias_stage', 'home_income', 'rsh_bracket']), _negated=True), ('home__isnull', True), ('person__isnull', False)), _connector='OR'), name='fact_about_its_subject', violation_error_message='El antecedente es de una persona o de un hogar, según su tipo.'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('institution', 'person', 'home', 'kind', 'source', 'as_of', 'value'), name='one_fact_per_statement', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('institution', 'person', 'kind', 'value', 'source'), name='one_contact_per_source'),
        ),
        migrations.AddIndex(
            model_name='readpurpose',
            index=models.Index(fields=['institution', 'account_id', 'person'], name='purpose_by_reader'),
        ),
        migrations.AddConstraint(
            model_name='readpurpose',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', 'written_reason'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='written_reason_is_written', violation_error_message='Escriba para qué necesita la ficha.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('institution', 'person', 'other', 'kind', 'source'), name='one_relation_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('other')), _negated=True), name='relation_with_somebody_else', violation_error_message='La relación es con otra persona.'),
        ),
        TenantTable("Person", hidden=("search_key", "sort_key")),
        TenantTable("Dwelling"),
        TenantTable("Home"),
        TenantTable("Membership"),
        TenantTable("Identifier"),
        TenantTable("Fact"),
        TenantTable("ContactPoint"),
        TenantTable("ReadPurpose"),
        TenantTable("Relation"),
        TenantTable("Residence"),
    ]
