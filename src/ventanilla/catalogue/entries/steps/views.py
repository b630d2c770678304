"""Pages of the steps of an entry's life: each says what it does, asks what it needs, and acts."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.copying import copy_entry
from ventanilla.catalogue.entries.finding import draft_seen_of, entry_or_404
from ventanilla.catalogue.entries.reach import require_reach
from ventanilla.catalogue.entries.sheet import name_of, verbs_of
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.entries.steps.forms import (
    CloseForm,
    CopyForm,
    PublishForm,
    ReadForm,
    ReturnForm,
    SeenForm,
    SureForm,
    SuspendForm,
)
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id


@requires(Permission.CATALOGUE_WRITE)
def submit(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, draft, is_due = _find(request, entry_id, "submit", Permission.CATALOGUE_WRITE)
    if draft is None or not is_due:
        return _already(request, found)
    if _is_other_than_read(request, draft.version):
        return _read_again(request, found)
    form = ReadForm(_sent(request), initial=_read(found, draft))
    if form.is_valid():
        with show_on(form):
            actions.submit_draft(found, by=request.actor, version=form.cleaned_data["version"])
            messages.success(request, "Se envió a revisión. Cuando se publique o se devuelva, lo verá en su bandeja.")
            return _to(found)
    return _ask(request, found, form, "Enviar a revisión", "Lo leerá quien publica: la jefatura o la contraparte.")


@requires(Permission.CATALOGUE_WRITE)
def discard(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, draft, is_due = _find(request, entry_id, "discard", Permission.CATALOGUE_WRITE)
    if draft is None or not is_due:
        return _already(request, found)
    form = SureForm(_sent(request))
    if form.is_valid():
        actions.discard_draft(found, by=request.actor)
        messages.success(request, "Se descartó el borrador.")
        return _to(found) if found.number else redirect("entries:entries")
    left = "Lo publicado sigue como está." if found.number else "Nunca se publicó: no queda nada que ofrecer."
    text = f"Se pierde lo escrito desde la última publicación. {left}"
    return _ask(request, found, form, "Descartar el borrador", text, is_danger=True)


@requires(Permission.CATALOGUE_WRITE)
def copy(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "copy", Permission.CATALOGUE_WRITE)
    if not is_due:
        return _already(request, found)
    form = CopyForm(_sent(request), initial={"entry_id": new_id()})
    if form.is_valid():
        with show_on(form):
            made = copy_entry(found, by=request.actor, **form.cleaned_data)
            messages.success(request, "Quedó copiada como borrador. Revísela antes de publicarla.")
            return redirect("entries:write", made.pk)
    text = "Nace un borrador local con todo lo que dice esta, para cambiarlo y publicarlo aquí."
    return _ask(request, found, form, "Copiar como local", text)


@requires(Permission.CATALOGUE_PUBLISH)
def publish(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, draft, is_due = _find(request, entry_id, "publish", Permission.CATALOGUE_PUBLISH)
    if draft is None or not is_due:
        return _already(request, found)
    if _is_other_than_read(request, draft.version):
        return _read_again(request, found)
    form = PublishForm(_sent(request), initial=_read(found, draft) | {"starts_on": clock.today()})
    if form.is_valid():
        with show_on(form):
            made = actions.publish_draft(found, by=request.actor, **form.cleaned_data)
            messages.success(request, f"Publicada la versión {made.number}. Vale desde el {made.starts_on:%d-%m-%Y}.")
            return _to(found)
    text = "Lo escrito pasa a ser una versión que no cambia. Las anteriores se conservan tal como estaban."
    return _ask(request, found, form, "Publicar", text)


@requires(Permission.CATALOGUE_PUBLISH)
def give_back(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "give_back", Permission.CATALOGUE_PUBLISH)
    if not is_due:
        return _already(request, found)
    form = ReturnForm(_sent(request))
    if form.is_valid():
        with show_on(form):
            actions.return_draft(found, by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, "Se devolvió a quien la escribió.")
            return _to(found)
    return _ask(request, found, form, "Devolver", "Vuelve a borrador. Nada de lo escrito se pierde.")


@requires(Permission.CATALOGUE_PUBLISH)
def suspend(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "suspend", Permission.CATALOGUE_PUBLISH)
    if not is_due:
        return _already(request, found)
    form = SuspendForm(_sent(request), initial={"ground": found.suspended_for, "until": found.suspended_until})
    if form.is_valid():
        with show_on(form):
            said = form.cleaned_data | {"ground": SuspensionGround(form.cleaned_data["ground"])}
            actions.suspend_entry(found, by=request.actor, **said)
            messages.success(request, "Quedó suspendida. El mesón lo dice a quien pregunta.")
            return _to(found)
    return _ask(request, found, form, "Suspender", "Por un tiempo no se entrega. Sigue en el catálogo, con su causa.")


@requires(Permission.CATALOGUE_PUBLISH)
def resume(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "resume", Permission.CATALOGUE_PUBLISH)
    if not is_due:
        return _already(request, found)
    form = SureForm(_sent(request))
    if form.is_valid():
        actions.resume_entry(found, by=request.actor)
        messages.success(request, "Se vuelve a entregar.")
        return _to(found)
    return _ask(
        request, found, form, "Volver a entregar", "Se ofrece otra vez desde ahora, como dice su versión vigente."
    )


@requires(Permission.CATALOGUE_PUBLISH)
def close(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "close", Permission.CATALOGUE_PUBLISH)
    if not is_due:
        return _already(request, found)
    form = CloseForm(_sent(request), by=request.actor, entry=found)
    if form.is_valid():
        with show_on(form):
            said = form.cleaned_data
            visible = Entry.objects.visible_to(request.actor)
            other = get_object_or_404(visible, pk=said["replaced_by"]) if said["replaced_by"] else None
            actions.close_entry(found, by=request.actor, reason=said["reason"], replaced_by=other)
            messages.success(request, "Quedó cerrada. Lo entregado y lo informado la conservan.")
            return _to(found)
    text = "No se vuelve a abrir: para darla de nuevo se copia. Lo que se entregó o informó la conserva."
    return _ask(request, found, form, "Cerrar la prestación", text, is_danger=True)


@requires(Permission.CATALOGUE_PUBLISH)
def revalidate(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    found, _, is_due = _find(request, entry_id, "revalidate", Permission.CATALOGUE_PUBLISH)
    if not is_due:
        return _already(request, found)
    if _is_other_than_read(request, found.version):
        return _read_again(request, found)
    form = SeenForm(_sent(request), initial={"version": found.version})
    if form.is_valid():
        actions.revalidate_entry(found, by=request.actor, version=form.cleaned_data["version"])
        messages.success(request, "Anotado." if found.closed_on else "Quedó revisada. Vuelve a su bandeja en un año.")
        return _to(found)
    if found.closed_on:
        return _ask(request, found, form, "Dar por visto su retiro", "Sale de su bandeja. La prestación sigue cerrada.")
    return _ask(
        request, found, form, "Sigue vigente", "Usted leyó lo que dice y es cierto hoy. Se revisa otra vez en un año."
    )


def _find(
    request: OperatorRequest, entry_id: UUID, verb: str, right: Permission
) -> tuple[Entry, EntryDraft | None, bool]:
    """The entry, its draft, and whether the step may be taken now; what is another unit's is refused."""
    found = entry_or_404(request, entry_id)
    require_reach(request.actor, right, found.unit_id)
    draft = draft_seen_of(request, found)
    newest = EntryVersion.objects.filter(entry=found).order_by("-number").first()
    return found, draft, getattr(verbs_of(found, draft, newest, by=request.actor), verb)


def _is_other_than_read(request: OperatorRequest, version: int) -> bool:
    """Whether what she read before coming here, by the address of the button, has changed since."""
    return request.method == "GET" and request.GET.get("leido", str(version)) != str(version)


def _read_again(request: OperatorRequest, found: Entry) -> HttpResponse:
    messages.warning(request, "Otra persona la cambió después de que usted la leyó. Léala de nuevo antes de seguir.")
    return redirect("entries:draft", found.pk)


def _sent(request: OperatorRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _read(found: Entry, draft: EntryDraft) -> dict[str, object]:
    return {"version": draft.version, "number": found.number}


def _to(found: Entry) -> HttpResponse:
    return redirect("entries:entry", found.pk)


def _already(request: OperatorRequest, found: Entry) -> HttpResponse:
    """The same form sent twice, or a page that was left open: nothing is done, and it is told."""
    messages.info(request, "No hay nada que hacer: así está ahora la prestación.")
    return _to(found)


def _ask(
    request: OperatorRequest, found: Entry, form: forms.Form, title: str, text: str, *, is_danger: bool = False
) -> HttpResponse:
    draft = draft_seen_of(request, found)
    name = name_of(found.pk, request.actor, clock.today()) or (draft.name if draft else "")
    context = {"entry": found, "name": name, "form": form, "title": title, "text": text, "is_danger": is_danger}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "catalogue/entries/step.html", context, status=status)
