import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0002_territory'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecentSearch',
            fields=[
                ('id', models.UUIDField(default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField(verbose_name='cuenta')),
                ('posting_id', models.UUIDField(verbose_name='desempeño')),
                ('key', models.CharField(max_length=12, verbose_name='clave')),
                ('text', models.CharField(max_length=120, verbose_name='texto')),
                ('at', models.DateTimeField(verbose_name='momento')),
                ('institution', models.ForeignKey(db_index=False, default=ventanilla.access.tenancy.current_institution_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.institution', verbose_name='institución')),
            ],
            options={
                'verbose_name': 'búsqueda reciente',
                'verbose_name_plural': 'búsquedas recientes',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['institution', 'at'], name='recent_search_at')],
                'constraints': [models.UniqueConstraint(fields=('institution', 'posting_id', 'key'), name='recent_search_key')],
            },
        ),
        TenantTable("RecentSearch", hidden=("key", "text")),
    ]
