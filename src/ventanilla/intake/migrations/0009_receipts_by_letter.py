import django.db.models.deletion
from django.db import migrations

import ventanilla.access.tenancy
from ventanilla.access.migration_operations import TenantReference

LETTERS = """
insert into outbox_letter (
    institution_id, id, to_address, subject, text, about, about_id, asked_at, account_id, tries, last_error,
    sent_at, failed_at
)
select m.institution_id, gen_random_uuid(), p.value, 'Comprobante ' || c.folio, '', 'intake_receipt', m.receipt_id,
    m.asked_at, m.account_id, 1, m.failure, m.sent_at, case when m.sent_at is null then m.asked_at end
from intake_receiptmail m
join registry_contactpoint p on p.institution_id = m.institution_id and p.id = m.contact_id
join intake_receipt r on r.institution_id = m.institution_id and r.id = m.receipt_id
join intake_consultation c on c.institution_id = r.institution_id and c.id = r.consultation_id;
update intake_receiptmail m set letter_id = l.id from outbox_letter l
where l.institution_id = m.institution_id and l.about = 'intake_receipt' and l.about_id = m.receipt_id;
"""
"""What was mailed before, or not, becomes a letter that nobody tries any more."""


def letter(**options: bool) -> ventanilla.access.tenancy.TenantForeignKey:
    return ventanilla.access.tenancy.TenantForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="outbox.letter",
        verbose_name="carta",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0008_told_entries"),
        ("outbox", "0001_letters_and_events"),
    ]

    operations = [
        migrations.AddField(model_name="receiptmail", name="letter", field=letter(null=True)),
        migrations.RunSQL(LETTERS, migrations.RunSQL.noop),
        migrations.AlterField(model_name="receiptmail", name="letter", field=letter()),
        TenantReference("receiptmail", "letter"),
        migrations.RemoveConstraint(model_name="receiptmail", name="receipt_mail_sent_or_failed"),
        migrations.RemoveField(model_name="receiptmail", name="failure"),
        migrations.RemoveField(model_name="receiptmail", name="sent_at"),
    ]
