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
            name='NationalReason',
            fields=[
                ('code', models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name='código')),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
                ('index_group', models.CharField(choices=[('rsh_entry', 'Ingreso RSH'), ('rsh_change', 'Modificación RSH'), ('suf', 'SUF'), ('sap', 'SAP'), ('sdm', 'SDM'), ('social_report', 'Informe Social'), ('assistance', 'Ayuda Asistencial'), ('information', 'Información'), ('other', 'Otro')], max_length=14, verbose_name='grupo de índice')),
                ('secrecy', models.CharField(choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], default='ordinary', max_length=10, verbose_name='reserva')),
                ('position', models.PositiveSmallIntegerField(verbose_name='orden')),
                ('function', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.function', verbose_name='función que atiende')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.nationalreason', verbose_name='motivo superior')),
            ],
            options={
                'verbose_name': 'motivo nacional',
                'verbose_name_plural': 'motivos nacionales',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='nombre')),
                ('is_local', models.BooleanField(default=False, verbose_name='local')),
                ('index_group', models.CharField(choices=[('rsh_entry', 'Ingreso RSH'), ('rsh_change', 'Modificación RSH'), ('suf', 'SUF'), ('sap', 'SAP'), ('sdm', 'SDM'), ('social_report', 'Informe Social'), ('assistance', 'Ayuda Asistencial'), ('information', 'Información'), ('other', 'Otro')], max_length=14, verbose_name='grupo de índice')),
                ('secrecy', models.CharField(choices=[('ordinary', 'Ordinaria'), ('reserved', 'Reservada'), ('restricted', 'Restringida')], default='ordinary', max_length=10, verbose_name='reserva')),
                ('position', models.PositiveSmallIntegerField(verbose_name='orden')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='retirado el')),
                ('function', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.function', verbose_name='función que atiende')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('national', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.nationalreason', verbose_name='motivo nacional')),
                ('parent', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.reason', verbose_name='motivo superior')),
            ],
            options={
                'verbose_name': 'motivo',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_local', False)), fields=('institution', 'national'), name='one_adoption_per_reason'), models.UniqueConstraint(fields=('institution', 'name'), name='one_reason_per_name')],
            },
        ),
        TenantTable("Reason"),
    ]
