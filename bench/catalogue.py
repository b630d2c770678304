"""A catalogue of sixty entries with their rules, and one rule over everybody against the same asked by hand in SQL."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ventanilla.access.actors import Actor
    from ventanilla.access.models import Posting
    from ventanilla.catalogue.rule.conditions import Rule

ENTRIES = 60
ROUNDS = 5
ASKED_OF = "menor de 18, tramo hasta 60 con cartola de no más de 12 meses, que no recibe SUF ni SDM"

# The rule of ``measured_rule`` as somebody would write it for one report. Null is that it is not known.
BY_HAND = """
with home as (
    select distinct on (person_id) person_id, home_id from registry_membership
    where institution_id = %(institution)s and ends_on is null
    order by person_id, source desc, starts_on desc, id desc
), bracket as (
    select distinct on (home_id) home_id, value, as_of from registry_fact
    where institution_id = %(institution)s and kind = 'rsh_bracket' and source = 'rsh' and home_id is not null
        and (expires_on is null or expires_on >= %(on)s)
    order by home_id, as_of desc, id desc
), receives as (
    select person_id, bool_or(valid_until is null or valid_until >= %(on)s) as yes from (
        select distinct on (person_id, value) person_id, valid_until from registry_fact
        where institution_id = %(institution)s and kind = 'subsidy' and value in ('suf', 'sdm')
            and source <> 'declared' and person_id is not null and (expires_on is null or expires_on >= %(on)s)
        order by person_id, value, as_of desc, id desc
    ) newest group by person_id
), says_so as (
    select distinct person_id from registry_fact
    where institution_id = %(institution)s and kind = 'subsidy' and value in ('suf', 'sdm') and source = 'declared'
        and person_id is not null and (valid_until is null or valid_until >= %(on)s)
        and (expires_on is null or expires_on >= %(on)s)
)
select holds, count(*) from (
    select p.birth_on > %(of_age)s
        and case when b.as_of >= %(recent)s then b.value::int <= 60 end
        and case when r.yes then false when s.person_id is not null then null else true end as holds
    from registry_person p
    left join home h on h.person_id = p.id
    left join bracket b on b.home_id = h.home_id
    left join receives r on r.person_id = p.id
    left join says_so s on s.person_id = p.id
    where p.institution_id = %(institution)s and not p.processing_blocked and p.died_on is null
) one group by holds
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds over all the people of all the institutions, by the rule compiled and by hand; medians of the rounds."""

    people: int
    institutions: int
    compiled: float
    by_hand: float


def measured_rule() -> "Rule":
    from ventanilla.catalogue.rule.conditions import Condition, Rule
    from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose

    return Rule(
        Subject.PERSON,
        (
            Condition(Kind.AGE, high=17),
            Condition(Kind.BRACKET, high=60, months=12),
            Condition(Kind.NOT_RECEIVES, values=("suf", "sdm"), whose=Whose.PERSON),
        ),
    )


def fill(posting: "Posting") -> None:
    """Sixty entries in the institution of that operator, the nation's among them, each with a rule; once."""
    from ventanilla.access.actors import Actor
    from ventanilla.access.permissions import Agent
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.entries.adopting import adopt_national_entries
    from ventanilla.catalogue.models import Entry, EntryVersion
    from ventanilla.catalogue.rule.conditions import write_rule
    from ventanilla.core import clock

    with acting(Actor(Agent.COMMAND, posting.institution_id)):
        adopt_national_entries()
        rules = [*_local_rules()]
        for number in range(ENTRIES - Entry.objects.count()):
            entry = Entry.objects.create(code=f"local-{number}", state="published", number=1, position=100 + number)
            EntryVersion.objects.create(
                entry=entry,
                number=1,
                starts_on=clock.today() - timedelta(days=30),
                name=f"Ayuda local {number}: {WORDS[number % len(WORDS)]}",
                plain="Una ayuda de la municipalidad, para medir.",
                words=WORDS[(number * 7) % len(WORDS)],
                modality="in_kind",
                rule=write_rule(rules[number % len(rules)]),
                at=clock.now(),
            )


WORDS = ("alimentos", "gas", "pañales", "remedios", "arriendo", "colchón", "pasajes", "beca", "materiales", "lentes")


def _local_rules() -> "Iterator[Rule]":
    from ventanilla.catalogue.rule.conditions import Condition, Rule
    from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose

    here, poor = Condition(Kind.RESIDENCE), Condition(Kind.BRACKET, high=60, months=24)
    once = Condition(Kind.FREQUENCY, times=1, months=12, whose=Whose.HOME)
    yield measured_rule()
    yield Rule(Subject.HOME, (here, poor, once))
    yield Rule(Subject.HOME, (here, poor, Condition(Kind.HOME_AGES, high=5, times=1), once))
    yield Rule(Subject.PERSON, (here, Condition(Kind.AGE, low=60), Condition(Kind.DEPENDENCE), once))
    yield Rule(Subject.PERSON, (here, poor, Condition(Kind.ENROLMENT, values=("higher",))))
    yield Rule(Subject.PERSON, (here, Condition(Kind.DISABILITY, group="A"), Condition(Kind.CARER, group="A")))


def compare() -> Compared:
    """Both over every institution, in turns, as the application role under row-level security; they must agree."""
    from ventanilla.access.models import Institution
    from ventanilla.registry.models import Person

    rule = measured_rule()
    numbers, people = [], 0
    for number in Institution.objects.order_by("id").values_list("id", flat=True):
        with _inside(number):
            if found := Person.objects.count():
                numbers.append(number)
                people += found
    compiled, by_hand = [], []
    for _ in range(ROUNDS):
        compiled.append(sum(_compiled(number, rule) for number in numbers))
        by_hand.append(sum(_by_hand(number) for number in numbers))
    _must_agree(numbers[0], rule)
    return Compared(people, len(numbers), statistics.median(compiled), statistics.median(by_hand))


@contextmanager
def _inside(number: int) -> "Iterator[Actor]":
    from ventanilla.access.actors import Actor
    from ventanilla.access.permissions import Agent
    from ventanilla.access.tenancy import acting

    by = Actor(Agent.COMMAND, number)
    with acting(by):
        yield by


def _compiled(number: int, rule: "Rule") -> float:
    from ventanilla.core import clock
    from ventanilla.eligibility.compiling import counts

    with _inside(number) as by:
        began = time.perf_counter()
        counts(rule, by=by, on=clock.today())
        return time.perf_counter() - began


def _by_hand(number: int) -> float:
    began = time.perf_counter()
    _ask_by_hand(number)
    return time.perf_counter() - began


def _ask_by_hand(number: int) -> dict[bool | None, int]:
    from django.db import connection

    from ventanilla.core import clock
    from ventanilla.eligibility.asking.asked import years_before

    on = clock.today()
    values: dict[str, Any] = {
        "institution": number,
        "on": on,
        "of_age": years_before(on, 18),
        "recent": clock.months_before(on, 12),
    }
    with _inside(number), connection.cursor() as cursor:
        cursor.execute(BY_HAND, values)
        return dict(cursor.fetchall())


def _must_agree(number: int, rule: "Rule") -> None:
    from ventanilla.core import clock
    from ventanilla.eligibility.compiling import counts

    with _inside(number) as by:
        ours = {value: count for value, count in counts(rule, by=by, on=clock.today()).items() if count}
    theirs = _ask_by_hand(number)
    if ours != theirs:
        raise RuntimeError(f"the rule says {ours} and the SQL by hand {theirs}")
