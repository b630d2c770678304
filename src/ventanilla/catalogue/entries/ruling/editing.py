"""A rule changed one condition at a time; each change is a change of the draft, with the draft's version."""

import json
from collections.abc import Collection
from dataclasses import replace

from ventanilla.access.actors import Actor
from ventanilla.catalogue.entries.actions import change_rule, draft_from, own_about
from ventanilla.catalogue.models import Entry, EntryDraft
from ventanilla.catalogue.rule.checks import check_condition
from ventanilla.catalogue.rule.conditions import Condition, Rule, write_rule
from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import digest

Read = tuple[int, int]
"""Of what she read: the version of the draft, and the newest version published."""


def key_of(condition: Condition) -> str:
    """By which a condition is named on the page: two that say the same have the same."""
    (kept,) = write_rule(Rule(conditions=(condition,)))["conditions"]
    return digest(json.dumps(kept, sort_keys=True))[:12]


def draft_of(entry: Entry) -> EntryDraft:
    """What is being written of it, or what it says now."""
    return EntryDraft.objects.filter(entry=entry).select_related("entry", "written_by").first() or draft_from(entry)


def add_condition(entry: Entry, condition: Condition, subject: Subject, *, by: Actor, read: Read) -> EntryDraft:
    """``subject`` counts while the rule is empty. One that is already there is not added again."""
    rule = draft_of(entry).asks
    rule = replace(rule, subject=subject) if rule.is_empty else rule
    check_condition(condition, rule.subject, own=own_about())
    if key_of(condition) not in map(key_of, rule.conditions):
        rule = replace(rule, conditions=(*rule.conditions, condition))
    return _change(entry, rule, by=by, read=read)


def replace_condition(entry: Entry, key: str, condition: Condition, *, by: Actor, read: Read) -> EntryDraft:
    """In its place, with its alternatives."""
    rule = draft_of(entry).asks
    check_condition(condition, rule.subject, own=own_about())
    conditions = tuple(replace(condition, group=one.group) if key_of(one) == key else one for one in rule.conditions)
    return _change(entry, replace(rule, conditions=conditions), by=by, read=read)


def remove_condition(entry: Entry, key: str, *, by: Actor, read: Read) -> EntryDraft:
    rule = draft_of(entry).asks
    kept = tuple(one for one in rule.conditions if key_of(one) != key)
    return _change(entry, replace(rule, conditions=_without_lonely_groups(kept)), by=by, read=read)


def group_conditions(entry: Entry, keys: Collection[str], *, by: Actor, read: Read) -> EntryDraft:
    """From now on one of them is enough."""
    rule = draft_of(entry).asks
    if len({key_of(one) for one in rule.conditions} & set(keys)) < 2:
        raise RuleBroken("Marque al menos dos condiciones: bastará con una de ellas.")
    taken = {one.group for one in rule.conditions if key_of(one) not in keys}
    group = next(str(number) for number in range(1, 99) if str(number) not in taken)
    conditions = tuple(replace(one, group=group) if key_of(one) in keys else one for one in rule.conditions)
    return _change(entry, replace(rule, conditions=_without_lonely_groups(conditions)), by=by, read=read)


def separate_conditions(entry: Entry, group: str, *, by: Actor, read: Read) -> EntryDraft:
    """From now on all of them are asked."""
    rule = draft_of(entry).asks
    conditions = tuple(replace(one, group="") if one.group == group else one for one in rule.conditions)
    return _change(entry, replace(rule, conditions=conditions), by=by, read=read)


def change_subject(entry: Entry, subject: Subject, *, by: Actor, read: Read) -> EntryDraft:
    return _change(entry, replace(draft_of(entry).asks, subject=subject), by=by, read=read)


def _change(entry: Entry, rule: Rule, *, by: Actor, read: Read) -> EntryDraft:
    version, number = read
    return change_rule(entry, rule, by=by, version=version, number=number)


def _without_lonely_groups(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """An alternative left alone is a condition like any other."""
    groups = [one.group for one in conditions]
    return tuple(replace(one, group="") if groups.count(one.group) == 1 else one for one in conditions)
