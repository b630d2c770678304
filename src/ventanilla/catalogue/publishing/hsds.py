"""Entries as services of HSDS 3.0, the Human Services Data Specification of Open Referral: pure functions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ventanilla.access.models import Institution, Provider
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.models.content import Audience, Modality
from ventanilla.catalogue.publishing.telling import Telling, email_in, phone_in
from ventanilla.catalogue.rule.conditions import Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject

VERSION = "3.0"
PROFILE = "https://docs.openhumanservices.org/hsds/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """A commune that the institution serves."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, what it serves, and the public address of each entry by its code."""

    institution: Institution
    served: Sequence[Served]
    address: str
    address_of: Callable[[str], str]

    def id_of(self, *parts: object) -> str:
        """The same identifier for ever for what has no row of its own."""
        return str(uuid5(NAMESPACE_URL, ":".join(["urn:ventanilla", str(self.institution.pk), *map(str, parts)])))

    @property
    def organization_id(self) -> str:
        return self.id_of("organization")


def service_in_list(told: Telling, publisher: Publisher) -> Json:
    """As a list of services shows it: itself, its organization and its program."""
    return _service(told, publisher) | _whose(told.version, publisher, full=False)


def service(told: Telling, publisher: Publisher) -> Json:
    """Whole, with all that hangs from it."""
    version, service_id = told.version, str(told.version.entry_id)
    hanging = {
        "phones": list(_phones(told, publisher)),
        "schedules": list(_season(version, publisher)),
        "service_areas": [_area(commune, service_id, publisher) for commune in publisher.served],
        "service_at_locations": [_at_location(place, version, publisher) for place in told.places],
        "languages": [
            {"id": publisher.id_of(service_id, "language"), "service_id": service_id, "name": "Español", "code": "es"}
        ],
        "funding": list(_funding(version, publisher)),
        "cost_options": [_cost(version, publisher)],
        "required_documents": [
            {"id": publisher.id_of(service_id, "document", name), "service_id": service_id, "document": name}
            for name in version.all_documents
        ],
        "attributes": list(_attributes(version, publisher)),
    }
    return _service(told, publisher) | _whose(version, publisher, full=True) | {k: v for k, v in hanging.items() if v}


def _service(told: Telling, publisher: Publisher) -> Json:
    version = told.version
    lowest, highest = ages_asked(version.asks)
    said: Json = {
        "id": str(version.entry_id),
        "organization_id": _organization_id(version, publisher),
        "program_id": _program_id(version),
        "name": version.name,
        "description": version.plain,
        "url": publisher.address_of(version.entry.code),
        "email": email_in(told.contact),
        "status": status_of(told),
        "application_process": version.steps,
        "fees_description": version.cost or "No tiene costo.",
        "wait_time": told.takes,
        "eligibility_description": eligibility(told),
        "minimum_age": lowest,
        "maximum_age": highest,
        "alert": f"{told.standing.title}. {told.standing.sentence}" if told.standing and not told.is_open else "",
        "last_modified": version.at.isoformat(timespec="seconds"),
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def status_of(told: Telling) -> str:
    """What is suspended or out of its days is closed for a time: it is still told."""
    closed = told.version.entry.state == EntryState.SUSPENDED or not told.is_open
    return "temporarily closed" if closed else "active"


def eligibility(told: Telling) -> str:
    """In words: what was written, then each thing that the rule asks, with its articles."""
    asked = (f"{one.sentence} ({one.articles})." if one.articles else f"{one.sentence}." for one in told.asked)
    return "\n".join(filter(None, [told.version.who, *asked]))


def ages_asked(rule: Rule) -> tuple[int | None, int | None]:
    """The lowest and highest age of whoever receives, when the rule asks one of everybody and without alternative."""
    if rule.subject is not Subject.PERSON:
        return None, None
    asked = [
        clause[0]
        for clause in rule.clauses
        if len(clause) == 1 and clause[0].kind is Kind.AGE and not clause[0].is_of_some_ages
    ]
    lows = [condition.low for condition in asked if condition.low is not None]
    highs = [condition.high for condition in asked if condition.high is not None]
    return max(lows, default=None), min(highs, default=None)


# Whose it is


def _organization_id(version: EntryVersion, publisher: Publisher) -> str:
    return str(version.provider.pk) if version.provider else publisher.organization_id


def _program_id(version: EntryVersion) -> str | None:
    """A unit is a program of the municipality; what somebody outside gives is of none."""
    return str(version.unit.pk) if version.unit and not version.provider else None


def _whose(version: EntryVersion, publisher: Publisher, *, full: bool) -> Json:
    whose: Json = {"organization": _organization(version.provider, publisher, full=full)}
    if version.unit and not version.provider:
        whose["program"] = {
            "id": str(version.unit.pk),
            "organization_id": publisher.organization_id,
            "name": version.unit.name,
            "description": f"{version.unit.name}, {publisher.institution.name}",
        }
    return whose


def _organization(provider: Provider | None, publisher: Publisher, *, full: bool) -> Json:
    name = publisher.institution.name
    if provider is None:
        return {"id": publisher.organization_id, "name": name, "description": name, "website": publisher.address}
    said: Json = {
        "id": str(provider.pk),
        "name": provider.name,
        "description": f"{provider.get_nature_display()}. Atiende a vecinas y vecinos de {name}.",
    }
    if provider.website.startswith(("https://", "http://")):
        said["website"] = provider.website
    if provider.email:
        said["email"] = provider.email
    if full and provider.phone:
        owner = {"organization_id": str(provider.pk)}
        said["phones"] = [_phone(provider.phone, publisher.id_of(provider.pk, "phone"), owner)]
    return said


# What hangs from it


def _phones(told: Telling, publisher: Publisher) -> Iterator[Json]:
    if phone_in(told.contact):
        service_id = str(told.version.entry_id)
        yield _phone(told.contact, publisher.id_of(service_id, "phone"), {"service_id": service_id})


def _phone(written: str, phone_id: str, owner: Mapping[str, str]) -> Json:
    return {"id": phone_id, **owner, "number": phone_in(written) or written, "description": written}


def _season(version: EntryVersion, publisher: Publisher) -> Iterator[Json]:
    if version.opens_on or version.closes_on:
        service_id = str(version.entry_id)
        days = {"valid_from": version.opens_on, "valid_to": version.closes_on}
        yield {
            "id": publisher.id_of(service_id, "season"),
            "service_id": service_id,
            "description": "Plazo para postular",
        } | {name: day.isoformat() for name, day in days.items() if day}


def _area(commune: Served, service_id: str, publisher: Publisher) -> Json:
    return {
        "id": publisher.id_of(service_id, "area", commune.code),
        "service_id": service_id,
        "name": commune.name,
        "description": f"Comuna de {commune.name}, {commune.region}",
        "extent": commune.code,
        "extent_type": "código único territorial",
    }


def _at_location(place: Mapping[str, str], version: EntryVersion, publisher: Publisher) -> Json:
    service_id = str(version.entry_id)
    location_id = place["site"] or publisher.id_of("location", place["name"], place["address"])
    here = publisher.id_of(service_id, "at", location_id, place["hours"])
    said: Json = {
        "id": here,
        "service_id": service_id,
        "location_id": location_id,
        "location": {
            "id": location_id,
            "location_type": "physical",
            "organization_id": _organization_id(version, publisher),
            "name": place["name"],
            "addresses": [_address(place, location_id, publisher)],
        },
    }
    if place["hours"]:
        schedule_id = publisher.id_of(here, "schedule")
        said["schedules"] = [{"id": schedule_id, "service_at_location_id": here, "description": place["hours"]}]
    return said


def _address(place: Mapping[str, str], location_id: str, publisher: Publisher) -> Json:
    """As it was kept, «street, commune»; of somebody outside, as it was written, and the commune is not known.

    The standard asks for a postal code, which nobody here uses: it goes empty.
    """
    street, _, town = place["address"].rpartition(", ") if place["site"] else (place["address"], "", "")
    region = next((commune.region for commune in publisher.served if commune.name == town), "")
    return {
        "id": publisher.id_of(location_id, "address"),
        "location_id": location_id,
        "address_1": street or place["name"],
        "city": town,
        "state_province": region or next((commune.region for commune in publisher.served), ""),
        "postal_code": "",
        "country": "CL",
        "address_type": "physical",
    }


def _funding(version: EntryVersion, publisher: Publisher) -> Iterator[Json]:
    if version.budget_line:
        service_id = str(version.entry_id)
        source = f"Presupuesto de la {publisher.institution.name}, cuenta {version.budget_line}"
        yield {"id": publisher.id_of(service_id, "funding"), "service_id": service_id, "source": source}


def _cost(version: EntryVersion, publisher: Publisher) -> Json:
    """What it costs to the person, not what she receives."""
    said: Json = {"id": publisher.id_of(version.entry_id, "cost"), "service_id": str(version.entry_id)}
    if version.cost:
        return said | {"option": "Con costo", "amount_description": version.cost}
    return said | {"option": "Sin costo", "currency": "CLP", "amount": 0}


def _attributes(version: EntryVersion, publisher: Publisher) -> Iterator[Json]:
    yield _attribute(version, publisher, "modalidad", version.modality, Modality(version.modality).label)
    for audience in version.audience:
        yield _attribute(version, publisher, "para quién", audience, Audience(audience).label)


def _attribute(version: EntryVersion, publisher: Publisher, taxonomy: str, code: str, name: object) -> Json:
    return {
        "id": publisher.id_of(version.entry_id, taxonomy, code),
        "link_id": str(version.entry_id),
        "link_type": taxonomy,
        "link_entity": "service",
        "value": str(name),
        "taxonomy_term": {
            "id": str(uuid5(NAMESPACE_URL, f"urn:ventanilla:{taxonomy}:{code}")),
            "code": code,
            "name": str(name),
            "description": str(name),
            "taxonomy": f"Ventanilla, {taxonomy}",
        },
    }


# Pages and what the whole is


def page_of(services: Sequence[Json], *, total: int, number: int, size: int) -> Json:
    """A page of a list, as the standard's API shapes it. ``services`` are those of the page, numbered from 1."""
    pages = max(1, -(-total // size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(services),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not services,
        "contents": list(services),
    }


def about(publisher: Publisher, *, on: date) -> Json:
    return {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": OPENAPI,
        "publisher": publisher.institution.name,
        "date": on.isoformat(),
    }
