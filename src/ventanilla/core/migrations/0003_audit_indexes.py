"""What was written is looked for by table and by operator, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_seals")]
    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["institution_id", "table_name", "at"], name="audit_event_table"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["institution_id", "posting_id", "at"],
                name="audit_event_posting",
                condition=models.Q(posting_id__isnull=False),
            ),
        ),
    ]
