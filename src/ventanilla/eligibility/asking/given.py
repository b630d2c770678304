"""What is received and was given: other benefits, this one before, own facts; and what is to be proved."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.catalogue.rule.kinds import RECEIVED, Subject, Whose
from ventanilla.catalogue.words import listed, number
from ventanilla.core.clock import months_before
from ventanilla.eligibility.asking.asked import Asked
from ventanilla.eligibility.finding import DAY, NAMED, Finding, Who, declares, found, is_in_force, official_of
from ventanilla.eligibility.kleene import negated
from ventanilla.eligibility.query import Query
from ventanilla.registry.models import Fact
from ventanilla.registry.vocabulary import FactKind, Source

PAID_BY_IPS = frozenset({"sdm", "pgu", "pbsi"})


def tells(codes: Iterable[str]) -> list[Source]:
    """The registries that would say who receives these."""
    return sorted({Source.IPS if code in PAID_BY_IPS else Source.SUBSIDIES for code in codes})


# Other benefits


def _asked_people(c: Condition, who: Who) -> list[UUID]:
    if c.whose is Whose.HOME or who.member is None:
        return [one.person.pk for one in who.companions]
    return [who.member.person.pk]


def _judge_receives(c: Condition, who: Who) -> Finding:
    declared: Fact | None = None
    for person_id in _asked_people(c, who):
        facts = who.household.of(person_id, FactKind.SUBSIDY)
        for code in c.values:
            mine = [fact for fact in facts if fact.value == code]
            said = next((fact for fact in mine if fact.source != Source.DECLARED), None)
            if said and is_in_force(said, who.on):
                until = f" hasta el {said.valid_until:{DAY}}" if said.valid_until else ""
                whose = "Recibe" if person_id == who.id else "En el hogar se recibe"
                return found(c, True, f"{whose} {said.label}{until}.", said, on=who.on)
            told = (fact for fact in mine if fact.source == Source.DECLARED and is_in_force(fact, who.on))
            declared = declared or next(told, None)
    if declared is not None:
        return declares(c, declared, what=f"recibe {declared.label}")
    if c.whose is Whose.HOME and who.member is not None and not who.household.has_home:
        return Finding(c, None, "No se sabe con quién vive: falta su hogar.")
    sources = tells(c.values)
    names = " ni ".join(NAMED[source] for source in sources)
    if not who.is_loaded(sources):
        return Finding(c, None, f"No se sabe qué recibe: falta cargar {names}.")
    as_of = min(who.household.here.loaded[source] for source in sources)
    what = listed([RECEIVED[code] for code in c.values], last="ni")
    return Finding(c, False, f"No consta que reciba {what}.", sources[0], as_of)


def _receiving(c: Condition, q: Query) -> str:
    codes = q.value(list(c.values))
    official = q.table(
        "select person_id, bool_or(valid_until is null or valid_until >= %(on)s) as yes from ("
        "select distinct on (person_id, value) person_id, valid_until from registry_fact"
        f" where institution_id = %(institution)s and kind = 'subsidy' and value = any({codes})"
        f" and source <> 'declared' and {q.kept()} and person_id is not null"
        " order by person_id, value, as_of desc, id desc) newest group by person_id"
    )
    declared = q.table(
        "select distinct person_id from registry_fact where institution_id = %(institution)s and kind = 'subsidy'"
        f" and value = any({codes}) and source = 'declared' and {q.kept()} and {q.in_force('valid_until')}"
        " and person_id is not null"
    )
    yes, maybe = [], []
    if q.subject is Subject.PERSON:
        yes.append(f"coalesce({q.of_person(official)}.yes, false)")
        maybe.append(f"{q.of_person(declared)}.person_id is not null")
    if c.whose is Whose.HOME:
        of_home = q.of_home(
            q.table(
                f"select c.home_id, bool_or(coalesce(o.yes, false)) as yes, bool_or(d.person_id is not null) as maybe"
                f" from {q.companion()} c left join {official} o on o.person_id = c.person_id"
                f" left join {declared} d on d.person_id = c.person_id group by c.home_id"
            )
        )
        yes.append(f"coalesce({of_home}.yes, false)")
        maybe.append(f"coalesce({of_home}.maybe, false)")
        maybe.append(f"{q.home} is null")
    return (
        f"(case when {' or '.join(yes)} then true when {' or '.join(maybe)} then null"
        f" else {q.absent(*tells(c.values))} end)"
    )


RECEIVES = Asked(_judge_receives, _receiving)


def _judge_not_receives(c: Condition, who: Who) -> Finding:
    does = _judge_receives(c, who)
    return Finding(c, negated(does.holds), does.why, does.source, does.as_of, does.aside)


NOT_RECEIVES = Asked(_judge_not_receives, lambda c, q: f"(not {_receiving(c, q)})")


# This one, before


def _judge_frequency(c: Condition, who: Who) -> Finding:
    if not who.household.here.keeps_deliveries:
        return Finding(c, None, "No se sabe: falta cargar el registro municipal de ayudas.")
    if c.whose is Whose.HOME and who.member is not None and not who.household.has_home:
        return Finding(c, None, "No se sabe con quién vive: falta su hogar.")
    since = months_before(who.on, c.months or 0)
    people = set(_asked_people(c, who))
    mine = [
        one
        for one in who.household.given
        if one.entry_id == who.entry_id and one.on > since and _is_of(one.person_id, people, c)
    ]
    times = number(len(mine), "vez", "veces")
    period = f"en los últimos {number(c.months or 0, 'mes', 'meses')}"
    words = f"Lo recibió {times} {period}." if mine else f"No lo ha recibido {period}."
    if mine:
        words = f"{words[:-1]}, la última el {max(one.on for one in mine):{DAY}}."
    return Finding(c, len(mine) < (c.times or 0), words, Source.MUNICIPAL)


def _is_of(person_id: UUID | None, people: set[UUID], c: Condition) -> bool:
    return c.whose is Whose.HOME if person_id is None else person_id in people


def _compile_frequency(c: Condition, q: Query) -> str:
    if not q.here.keeps_deliveries:
        return "null::boolean"
    since = q.value(months_before(q.on, c.months or 0))
    delivered = q.table(
        "select d.person_id, d.home_id, d.id from benefits_delivery d join catalogue_entryversion v"
        " on v.institution_id = d.institution_id and v.id = d.version_id"
        f" where d.institution_id = %(institution)s and v.entry_id = {q.value(q.entry_id)} and d.delivered_on > {since}"
    )
    wanted = q.value(c.times)
    by_person = q.table(
        f"select person_id, count(*) as n from {delivered} where person_id is not null group by person_id"
    )
    if c.whose is not Whose.HOME:
        return f"(coalesce({q.of_person(by_person)}.n, 0) < {wanted})"
    by_home = q.of_home(
        q.table(
            "select home_id, sum(n) as n from ("
            f"select home_id, count(*) as n from {delivered} where person_id is null group by home_id"
            f" union all select c.home_id, b.n from {q.companion()} c join {by_person} b on b.person_id = c.person_id"
            ") one group by home_id"
        )
    )
    count = f"coalesce({by_home}.n, 0)"
    shielded = q.is_shielded()
    if shielded != "false":
        count += f" + (case when {shielded} then coalesce({q.of_person(by_person)}.n, 0) else 0 end)"
    return f"(case when {q.home} is not null then {count} < {wanted} end)"


FREQUENCY = Asked(_judge_frequency, _compile_frequency)


# The municipality's own facts


def _judge_own(c: Condition, who: Who) -> Finding:
    return replace(_find_own(c, who), own_name=who.household.here.own_names.get(c.values[0], ""))


def _find_own(c: Condition, who: Who) -> Finding:
    (code,) = c.values
    about = who.household.here.own_about.get(code)
    if about is None or (about is Subject.PERSON and who.member is None):
        return Finding(c, None, "No se sabe: la municipalidad no tiene ese dato.")
    if about is Subject.HOME and not who.household.has_home:
        return Finding(c, None, "No se sabe con quién vive: falta su hogar.")
    kind = FactKind.HOME_OWN if about is Subject.HOME else FactKind.OWN
    mine = [fact for fact in who.household.of(None if about is Subject.HOME else who.id, kind) if fact.value == code]
    said = official_of(mine, kind)
    if said is not None:
        holds = is_in_force(said, who.on)
        return found(c, holds, "Consta." if holds else f"Dejó de constar el {said.valid_until:{DAY}}.", said, on=who.on)
    told = next((f for f in mine if f.source == Source.DECLARED and is_in_force(f, who.on)), None)
    if told is not None:
        return declares(c, told, what="no consta en el registro municipal")
    if code not in who.household.here.own_kept:
        return Finding(c, None, "No se sabe: nadie ha cargado ese dato.")
    return Finding(
        c,
        False,
        "No consta en el registro municipal.",
        Source.MUNICIPAL,
        who.household.here.loaded.get(Source.MUNICIPAL),
    )


def _compile_own(c: Condition, q: Query) -> str:
    (code,) = c.values
    about = q.here.own_about.get(code)
    if about is None or (about is Subject.PERSON and q.subject is Subject.HOME):
        return "null::boolean"
    kind, subject = ("home_own", "home_id") if about is Subject.HOME else ("own", "person_id")
    about_it = f"institution_id = %(institution)s and kind = '{kind}' and value = {q.value(code)} and {q.kept()}"
    first = q.value(str(Source.MUNICIPAL))
    official = q.table(
        f"select distinct on ({subject}) {subject}, valid_until from registry_fact"
        f" where {about_it} and source <> 'declared' and {subject} is not null"
        f" order by {subject}, (source = {first}) desc, as_of desc, id desc"
    )
    declared = q.table(
        f"select distinct {subject} from registry_fact where {about_it} and source = 'declared'"
        f" and {q.in_force('valid_until')} and {subject} is not null"
    )
    join = q.of_home if about is Subject.HOME else q.of_person
    said, told = join(official), join(declared)
    nothing = "false" if code in q.here.own_kept else "null"
    unknown = f"{told}.{subject} is not null" + (f" or {q.home} is null" if about is Subject.HOME else "")
    return (
        f"(case when {said}.{subject} is not null then {q.in_force(f'{said}.valid_until')}"
        f" when {unknown} then null else {nothing} end)"
    )


OWN = Asked(_judge_own, _compile_own)


# What nobody can know beforehand


TO_PROVE = Asked(
    lambda c, who: Finding(c, None, "Se comprueba al postular."),
    lambda c, q: "null::boolean",
)
