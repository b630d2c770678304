"""Two hundred thousand referrals of one town, written at once: to the unit of the operator who is measured."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventanilla.access.models import Posting

HOW_MANY = 200_000
OPEN_EVERY = 50
"""One of so many is open: four thousand that wait, the others ended along a year."""

_WRITE = """
insert into referrals_referral (
    institution_id, id, folio, person_id, consultation_id, kind, secrecy, from_unit_id, to_unit_id, title, asked,
    is_urgent, urgency, packet, papers, state, sent_at, sent_by_id, posting_id,
    accept_by, answer_by, expires_on, due_on, wanting, version, ended_at
)
select
    %(institution)s, gen_random_uuid(), 'D-B-' || lpad(n::text, 7, '0'), c.person_id, c.id, 'internal_base', 'ordinary',
    %(sender)s, %(receiver)s, 'Modificación RSH', 'Actualizar el hogar.',
    n %% 200 = 0, case when n %% 200 = 0 then 'Vence esta semana' else '' end, '[]'::jsonb, '',
    case when n %% %(every)s > 0 then 'answered' else (array['sent', 'accepted', 'in_attention'])[n %% 3 + 1] end,
    now() - make_interval(mins => n * 2), %(account)s, %(posting)s,
    d.day, d.day + 7, d.day + 21, d.day + 7, '', 1,
    case when n %% %(every)s > 0 then now() - make_interval(mins => n) end
from generate_series(1, %(number)s) n
join lateral (select current_date - 10 + (n %% 30) as day) d on true
join (
    select row_number() over () - 1 as place, id, person_id from (
        select id, person_id from intake_consultation
        where institution_id = %(institution)s and person_id is not null limit 5000
    ) of_somebody
) c on c.place = n %% %(consultations)s
"""


def fill_referrals(posting: "Posting") -> None:
    """Unless they are there."""
    from django.db import connection

    from ventanilla.access.models import Unit
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.intake.models import Consultation
    from ventanilla.referrals.models import Referral

    actor = actor_in(posting)
    with acting(actor):
        if Referral.objects.filter(folio__startswith="D-B-").exists():
            return
        known = Consultation.objects.filter(institution=actor.institution, person__isnull=False)
        units = Unit.objects.filter(institution_id=actor.institution).order_by("code")
        given = {
            "institution": posting.institution_id,
            "sender": next(unit.pk for unit in units if unit.pk != posting.unit_id),
            "receiver": posting.unit_id,
            "account": posting.account_id,
            "posting": posting.pk,
            "every": OPEN_EVERY,
            "number": HOW_MANY,
            "consultations": min(known.count(), 5000),
        }
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, given)
    with connection.cursor() as cursor:
        cursor.execute("analyze referrals_referral")
