"""The SQL of a rule while it is being put together: each table joined once, each value as a parameter."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.eligibility.institution import Here
from ventanilla.registry.vocabulary import ABOUT_HOMES, FactKind, Source

OFFICIAL: Mapping[FactKind, tuple[Source, ...]] = {
    FactKind.RSH_BRACKET: (Source.RSH,),
    FactKind.HOME_INCOME: (Source.RSH,),
    FactKind.FAMILIAS_STAGE: (Source.FAMILIAS,),
    FactKind.SUBSIDY: (Source.SUBSIDIES, Source.IPS),
    FactKind.DISABILITY: (Source.SENADIS,),
    FactKind.DEPENDENCE: (Source.RSH,),
    FactKind.CARER: (Source.RSH,),
    FactKind.PREGNANCY: (Source.MUNICIPAL,),
    FactKind.ENROLMENT: (Source.MINEDUC,),
    FactKind.HEALTH_CHECK: (Source.MUNICIPAL,),
    FactKind.OWN: (Source.MUNICIPAL,),
    FactKind.HOME_OWN: (Source.MUNICIPAL,),
}
"""Who says it: the first before the others, and these before any other registry. What the person declares decides
nothing by itself; when all of these are loaded and say nothing, it is that there is nothing."""

ONLY_ITS_OWN = frozenset({FactKind.RSH_BRACKET})
"""What no other registry may say."""

# Her home now: the RSH's, else the declared one, as ``registry.homes.home_of`` has it.
_AT_HOME = """
select distinct on (mb.person_id) mb.person_id, mb.home_id, mb.kinship, mb.is_head
from registry_membership mb
where mb.institution_id = %(institution)s and mb.ends_on is null
order by mb.person_id, mb.source desc, mb.starts_on desc, mb.id desc
"""
_SHIELDED = """
select distinct home_id, person_id from registry_membership where institution_id = %(institution)s and is_shielded
"""
# Whom the others of the home may know of: living, not blocked, not shielded.
_COMPANION = """
select distinct on (mb.home_id, mb.person_id) mb.home_id, mb.person_id, mb.kinship, q.birth_on
from registry_membership mb
join registry_person q on q.institution_id = mb.institution_id and q.id = mb.person_id
where mb.institution_id = %(institution)s and mb.ends_on is null and not q.processing_blocked and q.died_on is null
    and not exists (select from shielded s where s.home_id = mb.home_id and s.person_id = mb.person_id)
order by mb.home_id, mb.person_id, mb.source desc
"""
_TABLES = {"at_home": _AT_HOME, "shielded": _SHIELDED, "companion": _COMPANION}
_NEEDS = {"companion": ("shielded",)}


@dataclass(slots=True)
class Query:
    """What a rule asks for on a day, of all the people or homes of an institution.

    ``p`` is the person, ``m`` her home now, ``h`` the home when the rule is of homes. Expressions are booleans where
    null is that it is not known.
    """

    subject: Subject
    on: date
    institution: int
    here: Here
    entry_id: UUID | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    _tables: dict[str, str] = field(default_factory=dict)
    _joins: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parameters |= {"institution": self.institution, "on": self.on}

    # What expressions are made of

    @property
    def home(self) -> str:
        """The home asked about; asking it joins it."""
        if self.subject is Subject.HOME:
            return "h.home_id"
        self._table("at_home")
        self._join("m", "left join at_home m on m.person_id = p.id")
        return "m.home_id"

    def value(self, value: Any) -> str:
        """A placeholder for a value; the same value has one, so that the same table asked twice is one."""
        for name, known in self.parameters.items():
            if type(known) is type(value) and known == value:
                return f"%({name})s"
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    def absent(self, *sources: Source) -> str:
        """What it is worth that none of them says anything: no, if all are loaded; else it is not known."""
        return "false" if self.here.loaded.keys() >= set(sources) else "null"

    def table(self, sql: str) -> str:
        """A table of this query alone, by its name; the same asked twice is one."""
        for name, known in self._tables.items():
            if known == sql:
                return name
        name = f"t{len(self._tables)}"
        self._tables[name] = sql
        return name

    def join(self, table: str, on: str) -> str:
        """Join a table to the subject, and its alias; ``{it}`` in ``on`` is that alias. The same asked twice is one."""
        alias = f"j_{table}_{sum(1 for name in self._joins if name.startswith(f'j_{table}_'))}"
        for known, sql in self._joins.items():
            if sql == f"left join {table} {known} on {on.format(it=known)}":
                return known
        self._join(alias, f"left join {table} {alias} on {on.format(it=alias)}")
        return alias

    # Facts, people of the home

    def official(self, kind: FactKind) -> str:
        """The alias of the newest statement of that kind by who says it, about the subject or her home."""
        subject = "home_id" if kind in ABOUT_HOMES else "person_id"
        first = self.value(str(OFFICIAL[kind][0]))
        whose = f"source = {first}" if kind in ONLY_ITS_OWN else "source <> 'declared'"
        table = self.table(
            f"select distinct on ({subject}) {subject}, value, amount, valid_until, as_of from registry_fact"
            f" where {self._about(kind)} and {whose} and {subject} is not null"
            f" order by {subject}, (source = {first}) desc, as_of desc, id desc"
        )
        return self._of_subject(table, subject)

    def declared(self, kind: FactKind) -> str:
        """The alias of whom somebody declares it of, in force."""
        subject = "home_id" if kind in ABOUT_HOMES else "person_id"
        table = self.table(
            f"select distinct {subject} from registry_fact where {self._about(kind)} and source = 'declared'"
            f" and {self.in_force('valid_until')} and {subject} is not null"
        )
        return self._of_subject(table, subject)

    def in_force(self, valid_until: str) -> str:
        return f"({valid_until} is null or {valid_until} >= %(on)s)"

    def kept(self, expires_on: str = "expires_on") -> str:
        """Not over its term to be kept."""
        return f"({expires_on} is null or {expires_on} >= %(on)s)"

    def companion(self) -> str:
        self._table("companion")
        return "companion"

    def is_shielded(self) -> str:
        """Whether the subject is shielded from her home: then only she counts herself in it."""
        if self.subject is Subject.HOME:
            return "false"
        self._table("shielded")
        home = self.home
        self._join("sh", f"left join shielded sh on sh.person_id = p.id and sh.home_id = {home}")
        return "sh.person_id is not null"

    def of_home(self, table: str) -> str:
        return self.join(table, f"{{it}}.home_id = {self.home}")

    def of_person(self, table: str) -> str:
        return self.join(table, "{it}.person_id = p.id")

    # The whole

    def select(self, holds: str) -> str:
        """Id of the subject and whether she meets the rule, of the living whose data are not blocked, each once."""
        if self.subject is Subject.HOME:
            self._table("at_home")
            whose = (
                "(select distinct a.home_id from at_home a join registry_person q"
                " on q.institution_id = %(institution)s and q.id = a.person_id"
                " where not q.processing_blocked and q.died_on is null) h"
            )
            return f"{self._with()}select h.home_id as id, {holds} as holds from {whose} {self._joined()}"
        return (
            f"{self._with()}select p.id, {holds} as holds from registry_person p {self._joined()}"
            " where p.institution_id = %(institution)s and not p.processing_blocked and p.merged_into_id is null"
            " and p.died_on is null"
        )

    def _about(self, kind: FactKind) -> str:
        return f"institution_id = %(institution)s and kind = '{kind}' and {self.kept()}"

    def _of_subject(self, table: str, subject: str) -> str:
        return self.of_home(table) if subject == "home_id" else self.of_person(table)

    def _table(self, name: str) -> None:
        for needed in _NEEDS.get(name, ()):
            self._table(needed)
        self._tables.setdefault(name, _TABLES[name])

    def _join(self, alias: str, sql: str) -> None:
        self._joins.setdefault(alias, sql)

    def _with(self) -> str:
        if not self._tables:
            return ""
        return "with " + ",\n".join(f"{name} as ({sql})" for name, sql in self._tables.items()) + "\n"

    def _joined(self) -> str:
        return "\n".join(self._joins.values())
