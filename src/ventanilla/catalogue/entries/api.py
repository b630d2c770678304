"""The catalogue by API: entries, what is being written of them, their versions, and the steps of their life."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status

from ventanilla.access.actors import Actor
from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.models import Provider, Site, Unit
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries import actions, listing
from ventanilla.catalogue.entries import api_shapes as shapes
from ventanilla.catalogue.entries.details import EntryDetails, Place
from ventanilla.catalogue.entries.listing import Row, Wanted, drafts_seen, known_entries
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion, OwnFact
from ventanilla.core import clock
from ventanilla.core.api import require_version
from ventanilla.core.errors import InvalidTransition, RuleBroken

router = Router(tags=["catalogue"])

READ, WRITE, PUBLISH = Permission.CATALOGUE_READ, Permission.CATALOGUE_WRITE, Permission.CATALOGUE_PUBLISH
ENTRIES = "/catalogue/entries"
ENTRY = ENTRIES + "/{uuid:entry_id}"

LONGEST_QUERY = 120
CLOSED = "cerradas"
"""How the list calls those that it otherwise leaves out."""

M = TypeVar("M", bound=Model)


# Reading


@operation(
    router,
    "GET",
    ENTRIES,
    READ,
    response=shapes.EntryList,
    summary="Prestaciones del catálogo",
    description="En su orden, o las que se encuentran con `q`. Las cerradas, con `state`. Las nunca"
    " publicadas, solo para quien las escribe.",
)
def list_entries(request: ApiRequest, q: str = "", state: EntryState | None = None) -> shapes.EntryList:
    wanted = Wanted(text=q[:LONGEST_QUERY], standing=CLOSED if state is EntryState.CLOSED else "")
    found = listing.list_entries(request.actor, wanted, on=clock.today())
    return shapes.EntryList(items=[_row(row) for row in found.rows if state in (None, row.entry.state)])


@operation(
    router, "GET", ENTRY, READ, response=shapes.EntryShown, summary="Leer una prestación",
    description="Dónde está, y lo que dice hoy.",
)  # fmt: skip
def show_entry(request: ApiRequest, entry_id: UUID) -> shapes.EntryShown:
    entry = get_object_or_404(known_entries(request.actor), pk=entry_id)
    in_force = EntryVersion.objects.visible_to(request.actor).in_force_on(clock.today()).filter(entry=entry).first()
    return shapes.EntryShown(
        **shapes.head_of(entry, draft_version=_draft_version(request, entry)),
        in_force=shapes.version_shown(in_force, _own(request.actor)) if in_force else None,
    )


@operation(
    router, "GET", ENTRY + "/versions", READ, response=shapes.VersionList, summary="Versiones de una prestación",
    description="La más nueva primero. Ninguna cambia nunca.",
)  # fmt: skip
def list_versions(request: ApiRequest, entry_id: UUID) -> shapes.VersionList:
    entry = get_object_or_404(known_entries(request.actor), pk=entry_id)
    versions = EntryVersion.objects.visible_to(request.actor).filter(entry=entry).order_by("-number")
    own = _own(request.actor)
    return shapes.VersionList(items=[shapes.version_shown(version, own) for version in versions])


@operation(
    router, "GET", ENTRY + "/versions/{int:number}", READ, response=shapes.VersionShown,
    summary="Leer una versión",
)  # fmt: skip
def show_version(request: ApiRequest, entry_id: UUID, number: int) -> shapes.VersionShown:
    entry = get_object_or_404(known_entries(request.actor), pk=entry_id)
    versions = EntryVersion.objects.visible_to(request.actor).filter(entry=entry)
    return shapes.version_shown(get_object_or_404(versions, number=number), _own(request.actor))


# Writing


@operation(
    router,
    "POST",
    ENTRIES,
    WRITE,
    response={200: shapes.EntryHead, 201: shapes.EntryHead},
    summary="Escribir una prestación",
    description="Queda como borrador: a nadie se le informa hasta que se publica. 200 si el mismo envío ya estaba.",
)
def write_entry(request: ApiRequest, new: shapes.NewEntry, response: HttpResponse) -> Status[shapes.EntryHead]:
    known = Entry.objects.filter(pk=new.entry_id).first() if new.entry_id else None
    entry = actions.write_entry(_details(request.actor, new), by=request.actor, entry_id=new.entry_id)
    if known is None and new.rule:
        actions.change_rule(entry, new.rule.rule(), by=request.actor, version=1)
    response.headers["Location"] = reverse("api:show_entry", args=[entry.pk])
    return Status(HTTPStatus.OK if known else HTTPStatus.CREATED, _head(request, entry))


@operation(
    router,
    "GET",
    ENTRY + "/draft",
    WRITE,
    response=shapes.DraftShown,
    summary="Leer el borrador",
    description="Lo que dirá la próxima versión y lo que le falta. Sin borrador, lo de la última, con `version` 0.",
)
def show_draft(request: ApiRequest, entry_id: UUID) -> shapes.DraftShown:
    return shapes.draft_shown(_draft_or_new(request, _entry(request, entry_id)), _own(request.actor))


@operation(
    router,
    "PUT",
    ENTRY + "/draft",
    WRITE,
    response=shapes.DraftShown,
    summary="Escribir el borrador",
    has_version=True,
    description="Entero: lo que no venga queda vacío, salvo la regla. De una nacional, solo lo que aquí se completa.",
)
def change_draft(request: ApiRequest, entry_id: UUID, given: shapes.DraftGiven) -> shapes.DraftShown:
    entry = _entry(request, entry_id)
    read = _version_read(request, entry, given.version)
    draft = actions.change_draft(
        entry, _details(request.actor, given), by=request.actor, version=read, number=given.number
    )
    if given.rule:
        draft = actions.change_rule(entry, given.rule.rule(), by=request.actor, version=draft.version)
    return shapes.draft_shown(draft, _own(request.actor))


@operation(
    router, "DELETE", ENTRY + "/draft", WRITE, response=shapes.EntryHead, summary="Descartar el borrador",
    has_version=True, description="Una que nunca se publicó queda cerrada.",
)  # fmt: skip
def discard_draft(request: ApiRequest, entry_id: UUID) -> shapes.EntryHead:
    entry = _entry(request, entry_id)
    require_version(request, _draft_or_new(request, entry))
    actions.discard_draft(entry, by=request.actor)
    return _head(request, entry)


@operation(
    router, "POST", ENTRY + "/submit", WRITE, response=shapes.EntryHead, summary="Enviar el borrador a revisión",
    has_version=True, description="`If-Match` y `version` son los del borrador.",
)  # fmt: skip
def submit_draft(request: ApiRequest, entry_id: UUID, given: shapes.DraftStep) -> shapes.EntryHead:
    entry = _entry(request, entry_id)
    read = _version_read(request, entry, given.version)
    if read == 0:
        raise InvalidTransition("No hay ningún cambio que enviar a revisión.")
    actions.submit_draft(entry, by=request.actor, version=read)
    return _head(request, entry)


# Publishing and after


@operation(
    router, "POST", ENTRY + "/return", PUBLISH, response=shapes.EntryHead, summary="Devolver el borrador",
    description="A quien lo escribió, con lo que hay que corregir.",
)  # fmt: skip
def return_draft(request: ApiRequest, entry_id: UUID, given: shapes.Because) -> shapes.EntryHead:
    entry = _entry(request, entry_id)
    actions.return_draft(entry, by=request.actor, reason=given.reason)
    return _head(request, entry)


@operation(
    router,
    "POST",
    ENTRY + "/publish",
    PUBLISH,
    response={201: shapes.VersionShown},
    summary="Publicar el borrador",
    has_version=True,
    description="Como una versión que ya no cambia. `If-Match` y `version` son los del borrador.",
)
def publish_draft(
    request: ApiRequest, entry_id: UUID, given: shapes.Publication, response: HttpResponse
) -> Status[shapes.VersionShown]:
    entry = _entry(request, entry_id)
    version = actions.publish_draft(
        entry,
        by=request.actor,
        starts_on=given.starts_on or clock.today(),
        version=_version_read(request, entry, given.version),
        number=given.number,
        note=given.note,
    )
    response.headers["Location"] = reverse("api:show_version", args=[entry.pk, version.number])
    return Status(HTTPStatus.CREATED, shapes.version_shown(version, _own(request.actor)))


@operation(
    router, "POST", ENTRY + "/suspend", PUBLISH, response=shapes.EntryHead, summary="Suspender una prestación",
    has_version=True, description="A quien pregunte se le dice que lo está, y por qué.",
)  # fmt: skip
def suspend_entry(request: ApiRequest, entry_id: UUID, given: shapes.Suspension) -> shapes.EntryHead:
    entry = _entry_to_write(request, entry_id)
    actions.suspend_entry(entry, by=request.actor, ground=given.ground, until=given.until, reason=given.reason)
    return _head(request, entry)


@operation(
    router, "POST", ENTRY + "/resume", PUBLISH, response=shapes.EntryHead, summary="Reanudar una prestación",
    has_version=True,
)  # fmt: skip
def resume_entry(request: ApiRequest, entry_id: UUID) -> shapes.EntryHead:
    entry = _entry_to_write(request, entry_id)
    actions.resume_entry(entry, by=request.actor)
    return _head(request, entry)


@operation(
    router, "POST", ENTRY + "/close", PUBLISH, response=shapes.EntryHead, summary="Cerrar una prestación",
    has_version=True, description="Lo entregado con ella queda como estaba.",
)  # fmt: skip
def close_entry(request: ApiRequest, entry_id: UUID, given: shapes.Closing) -> shapes.EntryHead:
    entry = _entry_to_write(request, entry_id)
    others = Entry.objects.visible_to(request.actor)
    replaced_by = _named(others, given.replaced_by, field="replaced_by")
    actions.close_entry(entry, by=request.actor, reason=given.reason, replaced_by=replaced_by)
    return _head(request, entry)


@operation(
    router, "POST", ENTRY + "/revalidate", PUBLISH, response=shapes.EntryHead, summary="Decir que sigue vigente",
    has_version=True, description="Se leyó de nuevo y sigue siendo cierta; en un año se vuelve a leer.",
)  # fmt: skip
def revalidate_entry(request: ApiRequest, entry_id: UUID, given: shapes.Revalidation) -> shapes.EntryHead:
    entry = _entry_to_write(request, entry_id)
    read = entry.version if given.version is None else given.version
    actions.revalidate_entry(entry, by=request.actor, version=read)
    return _head(request, entry)


# The pieces


def _entry(request: ApiRequest, entry_id: UUID) -> Entry:
    return get_object_or_404(known_entries(request.actor), pk=entry_id)


def _entry_to_write(request: ApiRequest, entry_id: UUID) -> Entry:
    entry = _entry(request, entry_id)
    require_version(request, entry)
    return entry


def _draft_or_new(request: ApiRequest, entry: Entry) -> EntryDraft:
    """The draft that she sees or, if none, what one would begin with."""
    return drafts_seen(request.actor).filter(entry=entry).first() or actions.draft_from(entry)


def _draft_version(request: ApiRequest, entry: Entry) -> int:
    return drafts_seen(request.actor).filter(entry=entry).values_list("version", flat=True).first() or 0


def _version_read(request: ApiRequest, entry: Entry, given: int | None) -> int:
    """The version of the draft that the client read: that of its body or, when it says none, the present one."""
    draft = _draft_or_new(request, entry)
    require_version(request, draft)
    return draft.version if given is None else given


def _own(actor: Actor) -> dict[str, str]:
    return dict(OwnFact.objects.visible_to(actor).values_list("code", "name"))


def _row(row: Row) -> shapes.EntryRow:
    head = shapes.head_of(row.entry, draft_version=row.draft.version if row.draft else 0)
    return shapes.EntryRow(**head, name=row.said.name, plain=row.said.plain)


def _head(request: ApiRequest, entry: Entry) -> shapes.EntryHead:
    return shapes.head_shown(entry, draft_version=_draft_version(request, entry))


def _details(actor: Actor, given: shapes.EntryGiven) -> EntryDetails:
    own = {"institution_id": actor.institution}
    apart = {"rule", "version", "number", "entry_id", "unit_id", "provider_id", "amounts", "places", "modality"}
    apart |= {"documents", "steps", "local_documents"}
    return EntryDetails(
        **given.model_dump(exclude=apart),
        documents="\n".join(given.documents),
        steps="\n".join(given.steps),
        local_documents="\n".join(given.local_documents),
        modality=given.modality or "",
        amounts=[one.amount() for one in given.amounts],
        places=_places(given.places, actor),
        unit=_named(Unit.objects.filter(**own), given.unit_id, field="unit_id"),
        provider=_named(Provider.objects.filter(**own), given.provider_id, field="provider_id"),
    )


def _places(given: Sequence[shapes.PlaceGiven], actor: Actor) -> list[Place]:
    sites = Site.objects.filter(institution_id=actor.institution).select_related("commune")
    known = sites.in_bulk([place.site_id for place in given])
    if any(place.site_id not in known for place in given):
        raise RuleBroken("Esa dependencia no existe en la municipalidad.", field="places")
    return [Place(known[place.site_id], place.hours) for place in given]


def _named(rows: QuerySet[M], row_id: UUID | None, *, field: str) -> M | None:
    if row_id is None:
        return None
    if (found := rows.filter(pk=row_id).first()) is None:
        raise RuleBroken("No existe en la municipalidad. Revise el identificador.", field=field)
    return found
