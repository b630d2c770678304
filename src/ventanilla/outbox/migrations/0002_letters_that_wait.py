"""A letter says the folio of what it is about; those that have not left are found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_letters_and_events")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="folio",
            field=models.CharField(blank=True, max_length=16, verbose_name="folio"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)), fields=["institution", "asked_at"], name="letter_left"
            ),
        ),
    ]
