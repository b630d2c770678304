import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='referencia')),
                ('label', models.CharField(max_length=120, verbose_name='prestación')),
                ('quantity', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='cantidad')),
                ('measure', models.CharField(blank=True, max_length=30, verbose_name='unidad de medida')),
                ('amount', models.IntegerField(blank=True, null=True, verbose_name='monto en pesos')),
                ('act', models.CharField(blank=True, max_length=80, verbose_name='acto')),
                ('delivered_on', models.DateField(verbose_name='fecha')),
                ('origin', models.CharField(choices=[('loaded', 'Cargada'), ('made_here', 'Registrada aquí')], max_length=9, verbose_name='origen')),
                ('recorded_at', models.DateTimeField(verbose_name='registrada')),
                ('home', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='registry.home', verbose_name='hogar')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
                ('person', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='registry.person', verbose_name='persona')),
                ('unit', ventanilla.access.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit', verbose_name='unidad que entrega')),
            ],
            options={
                'verbose_name': 'entrega',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('institution', 'reference'), name='one_delivery_per_reference'), models.CheckConstraint(condition=models.Q(('person__isnull', False), ('home__isnull', False), _connector='OR'), name='delivery_to_somebody', violation_error_message='Una entrega es a una persona o a un hogar.')],
            },
        ),
        TenantTable("Delivery"),
    ]
