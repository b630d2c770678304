"""What an institution has that its rules ask: registries loaded, communes served, facts of its own; in one query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.benefits.reading import HAS_DELIVERIES
from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.registry.freshness import REACH
from ventanilla.registry.vocabulary import Source

_HERE = f"""
select
    (select json_object_agg(source, as_of) from ({REACH}) reach),
    {HAS_DELIVERIES},
    (select array_agg(commune_id) from access_institutioncommune where institution_id = %(institution)s),
    (select json_agg(json_build_array(code, about, name)) from catalogue_ownfact
        where institution_id = %(institution)s),
    (select array_agg(distinct value) from registry_fact
        where institution_id = %(institution)s and kind in ('own', 'home_own'))
"""  # noqa: S608 - our own


@dataclass(frozen=True, slots=True)
class Here:
    """``loaded`` says until when each registry reaches; those never loaded are not in it."""

    loaded: Mapping[Source, date] = field(default_factory=dict)
    keeps_deliveries: bool = False
    served: frozenset[str] = frozenset()
    own_about: Mapping[str, Subject] = field(default_factory=dict)
    own_names: Mapping[str, str] = field(default_factory=dict)
    own_kept: frozenset[str] = frozenset()
    """The own facts that somebody, or some home, has."""


def what_is_here(by: Actor) -> Here:
    with connection.cursor() as cursor:
        cursor.execute(_HERE, {"institution": by.institution, "sources": [str(source) for source in Source]})
        reach, keeps_deliveries, served, own, own_kept = cursor.fetchone()
    own = own or []
    return Here(
        loaded={Source(source): date.fromisoformat(as_of) for source, as_of in (reach or {}).items() if as_of},
        keeps_deliveries=keeps_deliveries,
        served=frozenset(served or ()),
        own_about={code: Subject(about) for code, about, _ in own},
        own_names={code: name for code, _, name in own},
        own_kept=frozenset(own_kept or ()),
    )
