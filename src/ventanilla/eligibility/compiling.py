"""A rule as SQL: the same definition, asked of everybody in an institution at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.eligibility.asking import ASKED
from ventanilla.eligibility.institution import what_is_here
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.query import Query


def compiled(rule: Rule, *, by: Actor, on: date, entry_id: UUID | None = None) -> tuple[str, dict[str, Any]]:
    """The statement that gives ``id`` and ``holds`` (null: not known) of every subject, and its parameters.

    Whoever runs it sees all the facts of the institution: it is for aggregates and for lists that have their own right.
    """
    query = Query(rule.subject, on, by.institution, what_is_here(by), entry_id)
    clauses = [" or ".join(_expression(condition, query) for condition in clause) for clause in rule.clauses]
    holds = " and ".join(f"({clause})" for clause in clauses) or "true"
    return query.select(f"({holds})"), query.parameters


def _expression(condition: Condition, query: Query) -> str:
    asked = ASKED[condition.kind].compile(condition, query)
    if not condition.is_of_some_ages or query.subject is Subject.HOME:
        return f"({asked})"
    ages = Condition(Kind.AGE, low=condition.only_from, high=condition.only_to)
    return f"(not {ASKED[Kind.AGE].compile(ages, query)} or ({asked}))"


def verdicts(rule: Rule, *, by: Actor, on: date, entry_id: UUID | None = None) -> Iterator[tuple[UUID, Known]]:
    """Each subject and whether it meets the rule."""
    statement, parameters = compiled(rule, by=by, on=on, entry_id=entry_id)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def counts(rule: Rule, *, by: Actor, on: date, entry_id: UUID | None = None) -> dict[Known, int]:
    """How many subjects meet it, do not, and of how many it is not known."""
    statement, parameters = compiled(rule, by=by, on=on, entry_id=entry_id)
    with connection.cursor() as cursor:
        cursor.execute(f"select holds, count(*) from ({statement}) one group by holds", parameters)  # noqa: S608 - ours
        found = dict(cursor.fetchall())
    return {value: found.get(value, 0) for value in (True, False, None)}
