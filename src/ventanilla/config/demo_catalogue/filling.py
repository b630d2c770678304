"""The catalogues of the demonstration's two municipalities, written as the heads of their units would."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Provider, Site, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.actions import (
    change_draft,
    change_rule,
    close_entry,
    publish_draft,
    submit_draft,
    suspend_entry,
    write_entry,
)
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.entries.details import Amount, EntryDetails, Place
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion, OwnFact, Reason
from ventanilla.catalogue.rule.conditions import Rule, read_rule
from ventanilla.core import clock

FILES = {4303: "monte_patria.toml", 4302: "combarbala.toml"}
_LISTS = ("documents", "steps", "local_documents")
_APART = {"starts_on", "note", "season", "amounts", "places", "subject", "conditions", "unit", *_LISTS}


def fill_catalogue(institution: int) -> None:
    """The first time, all of it or nothing; before its deliveries are loaded, so that they point at its versions."""
    text = files("ventanilla.config.demo_catalogue").joinpath(FILES[institution]).read_text(encoding="utf-8")
    with acting(Actor(Agent.COMMAND, institution)):
        adopt_national_entries()
        if (
            Entry.objects.filter(national__isnull=True).exists()
            or not Unit.objects.filter(institution_id=institution).exists()
        ):
            return
        _Catalogue(institution, tomllib.loads(text)).write()


class _Catalogue:
    """What a file says, with the units, sites and people of the municipality it is for."""

    def __init__(self, institution: int, said: Mapping[str, Any]) -> None:
        self.institution = institution
        self.said = said
        self.today = clock.today()
        self.units = {unit.code: unit for unit in Unit.objects.filter(institution_id=institution)}
        self.reasons = dict(Reason.objects.filter(is_local=False).values_list("national_id", "id"))
        self.providers = {key: self._provider(one) for key, one in said["providers"].items()}
        self.sites = {key: self._site(one) for key, one in said["places"].items()}

    def write(self) -> None:
        for fact in self.said["own_fact"]:
            OwnFact.objects.create(**fact)
        made = {one["version"][0]["name"]: self._entry(one) for one in self.said["entry"]}
        for one in self.said["entry"]:
            self._settle(made[one["version"][0]["name"]], one, made)
        for completion in self.said["national"]:
            for code in completion["codes"]:
                self._complete(code, completion)

    def _entry(self, said: Mapping[str, Any]) -> Entry:
        """A local entry with its versions; one in review stays a draft."""
        by = self._head(said)
        entry: Entry | None = None
        written: dict[str, Any] = {}
        for one in said["version"]:
            written |= {"note": ""} | one
            details = self._details(said, written)
            if entry is None:
                entry = write_entry(details, by=by)
                version = 1
            else:
                version = change_draft(entry, details, by=by, version=0).version
            if written.get("conditions"):
                version = change_rule(entry, _rule(written), by=by, version=version).version
            if said.get("state") != "in_review":
                starts_on = self._day(written["starts_on"])
                is_past = starts_on < self.today
                publish_draft(
                    entry, by=by, starts_on=starts_on, version=version, note=written["note"], is_history=is_past
                )
        assert entry is not None
        return entry

    def _settle(self, entry: Entry, said: Mapping[str, Any], made: Mapping[str, Entry]) -> None:
        by, state = self._head(said), said.get("state")
        if state == "suspended":
            ground = SuspensionGround(said["suspended_for"])
            suspend_entry(entry, by=by, ground=ground, until=self._day("next_year"), reason=said["reason"])
        elif state == "closed":
            close_entry(entry, by=by, reason=said["reason"], replaced_by=made[said["replaced_by"]])
        elif state == "in_review":
            submit_draft(entry, by=by, version=EntryDraft.objects.get(entry=entry).version)

    def _complete(self, code: str, said: Mapping[str, Any]) -> None:
        """A national entry with its unit, where it is asked for, and what to bring here besides."""
        entry = Entry.objects.get(national_id=code)
        suggested = entry.suggested_by.values_list("reason_id", flat=True)
        details = EntryDetails(
            unit=self._unit(said),
            places=list(self._places(said["places"])),
            local_documents="\n".join(said.get("local_documents", ())),
            local_note=said.get("local_note", ""),
            contact=self.said["common"]["contact"],
            reasons=list(suggested),
        )
        by = self._counterpart()
        version = change_draft(entry, details, by=by, version=0).version
        starts_on = max(self.today, EntryVersion.objects.filter(entry=entry).latest("number").starts_on)
        publish_draft(entry, by=by, starts_on=starts_on, version=version, note="Se completó aquí")

    def _details(self, entry: Mapping[str, Any], written: Mapping[str, Any]) -> EntryDetails:
        said = {**self.said["common"], **written}
        opens_on, closes_on = self._season(said["season"]) if "season" in said else (None, None)
        texts: dict[str, Any] = {name: value for name, value in said.items() if name not in _APART}
        texts |= {name: "\n".join(said.get(name, ())) for name in _LISTS}
        return EntryDetails(
            **texts,
            amounts=[_amount(one) for one in said.get("amounts", ())],
            places=list(self._places(said["places"])),
            opens_on=opens_on,
            closes_on=closes_on,
            unit=self._unit(entry),
            provider=self.providers[entry["provider"]] if "provider" in entry else None,
            reasons=[self.reasons[code] for code in entry.get("reasons", ())],
            secrecy=entry.get("secrecy", "ordinary"),
        )

    def _day(self, said: date | str) -> date:
        if isinstance(said, date):
            return said
        return self.today if said == "today" else date(self.today.year + 1, 1, 1)

    def _season(self, said: Sequence[str]) -> tuple[date, date]:
        """The one that is running, or the next."""
        opens, closes = (date.fromisoformat(f"{self.today.year}-{day}") for day in said)
        if closes < self.today:
            return opens.replace(year=opens.year + 1), closes.replace(year=closes.year + 1)
        return opens, closes

    def _places(self, keys: Sequence[str]) -> Iterator[Place]:
        for key in keys:
            yield Place(self.sites[key], self.said["places"][key]["hours"])

    def _unit(self, said: Mapping[str, Any]) -> Unit:
        """The one that is named, or social assistance where the municipality is too small to have it."""
        return self.units.get(said.get("unit", "UAS")) or self.units["UAS"]

    def _head(self, said: Mapping[str, Any]) -> Actor:
        unit = self._unit(said)
        heads = Posting.objects.in_force_on(self.today).filter(unit=unit, role__in=(Role.UAS_HEAD, Role.UNIT_HEAD))
        posting = heads.with_context().order_by("id").first()
        return actor_in(posting) if posting else self._counterpart()

    def _counterpart(self) -> Actor:
        here = Posting.objects.in_force_on(self.today).filter(institution_id=self.institution, role=Role.COUNTERPART)
        return actor_in(here.with_context().earliest("id"))

    def _provider(self, said: Mapping[str, str]) -> Provider:
        provider, _ = Provider.objects.get_or_create(
            institution_id=self.institution,
            name=said["name"],
            defaults={key: value for key, value in said.items() if key != "name"},
        )
        return provider

    def _site(self, said: Mapping[str, str]) -> Site:
        site, _ = Site.objects.get_or_create(
            institution_id=self.institution, name=said["site"], defaults={"commune_id": f"{self.institution:05d}"}
        )
        if not site.address:
            site.address = said["address"]
            site.save()
        return site


def _rule(written: Mapping[str, Any]) -> Rule:
    return read_rule({"subject": written["subject"], "conditions": written["conditions"]})


def _amount(said: Mapping[str, Any]) -> Amount:
    return Amount(said["label"], pesos=said["pesos"], starts_on=said["from"], ends_on=said.get("until"))
