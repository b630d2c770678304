"""Pages of loads: those of the institution, and one of them from its file to its result."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from ventanilla.access.actors import Actor, can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core.errors import RuleBroken
from ventanilla.core.forms import show_on
from ventanilla.core.jobs import waiting
from ventanilla.datasets.course import actions
from ventanilla.datasets.course.results import reasons_of, rejected_workbook
from ventanilla.datasets.course.storing import OutOfPlace
from ventanilla.datasets.declared import declared, for_the_browser
from ventanilla.datasets.forms import AT_ONCE, ColumnsForm, FileForm, WhereForm
from ventanilla.datasets.models import Load, WatchedFolder
from ventanilla.datasets.states import LoadState
from ventanilla.datasets.template import template_of

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

VERBS = {
    "aceptar": (actions.accept_load, "Se está cargando. Puede salir de esta página."),
    "seguir": (actions.accept_load, "Sigue desde donde quedó."),
    "deshacer": (actions.undo_load, "Se está deshaciendo."),
    "descartar": (actions.discard_load, "La carga se descartó: de ella no se guardó nada."),
}


@requires(Permission.LOAD_RUN)
def loads(request: OperatorRequest) -> HttpResponse:
    """The last of the institution, with who, when, of what and what became of them; and one more."""
    form = FileForm()
    return _show_all(request, form)


@require_POST
@requires(Permission.LOAD_RUN)
def begin(request: OperatorRequest) -> HttpResponse:
    """Without scripts the file comes here whole; with them, its name, and the answer says where its pieces go."""
    form = FileForm(request.POST, request.FILES)
    in_pieces = bool(request.POST.get("name"))
    if form.is_valid():
        with show_on(form):
            load = _begun(form, request.actor)
            return JsonResponse(_where_to_send(load), status=HTTPStatus.CREATED) if in_pieces else redirect(load)
    if in_pieces:
        sentence = next(error for errors in form.errors.values() for error in errors)
        return JsonResponse({"problem": sentence}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _show_all(request, form)


def _begun(form: FileForm, by: Actor) -> Load:
    said = form.cleaned_data
    sent = said["file"]
    if sent is None:
        return actions.begin_load(form.chosen, said["name"], said["size"] or 0, by=by, modified=said["modified"])
    if sent.size > AT_ONCE:
        raise RuleBroken("Sin scripts se reciben hasta 5 MB. Para más, actívelos en su navegador.", field="file")
    load = actions.begin_load(form.chosen, sent.name, sent.size, by=by)
    actions.receive(load, sent.chunks(), at=0, by=by)
    return load


def _where_to_send(load: Load) -> dict[str, Any]:
    return {"piece": reverse("datasets:piece", args=[load.pk]), "page": load.get_absolute_url()}


@require_POST
@requires(Permission.LOAD_RUN)
def piece(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    """A piece of its file from a byte on; when it does not follow, from which one it would."""
    load, sent = actions.find_load(load_id, by=request.actor), request.FILES.get("piece")
    at = request.POST.get("from", "")
    if sent is None or not at.isdecimal():
        return JsonResponse({"problem": "Falta el trozo, o desde dónde va."}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        has = actions.receive(load, sent.chunks(), at=int(at), by=request.actor)
    except OutOfPlace as refusal:
        return JsonResponse({"has": refusal.has}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"has": has})


@requires(Permission.LOAD_RUN)
def load(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    return _show(request, actions.find_load(load_id, by=request.actor))


@requires(Permission.LOAD_RUN)
def progress(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    """How far it is, for a page that asks again and again."""
    found = actions.find_load(load_id, by=request.actor)
    return JsonResponse({"state": found.state, "percent": found.percent, "working": found.is_working})


@requires(Permission.LOAD_RUN)
def columns(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    """What its headings mean, by whoever brought it."""
    found = actions.find_load(load_id, by=request.actor)
    if found.state not in (LoadState.READY, LoadState.TRIED) or not found.seen.get("headings"):
        return redirect(found)
    form = ColumnsForm(request.POST if request.method == "POST" else None, load=found)
    if form.is_valid():
        actions.try_load(found, form.mapping, by=request.actor, constants=form.constants)
        return redirect(found)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "datasets/columns.html", _context(found) | {"form": form}, status=status)


@require_POST
@requires(Permission.LOAD_RUN)
def look_again(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    found, form = actions.find_load(load_id, by=request.actor), WhereForm(request.POST)
    if form.is_valid():
        actions.look_again(found, by=request.actor, **form.cleaned_data)
    return redirect(found)


@require_POST
@requires(Permission.LOAD_RUN)
def act(request: OperatorRequest, load_id: UUID, step: str) -> HttpResponse:
    if step not in VERBS:
        raise Http404
    found = actions.find_load(load_id, by=request.actor)
    do, told = VERBS[step]
    said = {"accept_gone": True} if step == "aceptar" and "accept_gone" in request.POST else {}
    do(found, by=request.actor, **said)
    messages.success(request, told)
    return redirect("datasets:loads" if step == "descartar" else found)


@requires(Permission.LOAD_RUN)
def rejected(request: OperatorRequest, load_id: UUID) -> HttpResponse:
    """Every row not taken, as a workbook."""
    found = actions.find_load(load_id, by=request.actor)
    book = rejected_workbook(found, by=request.actor)
    name = slugify(found.file_name.rpartition(".")[0]) or "archivo"
    headers = {"Content-Disposition": f'attachment; filename="{name}-carga-{found.number}-rechazadas.xlsx"'}
    return HttpResponse(book, content_type=XLSX, headers=headers)


@requires(Permission.LOAD_RUN)
def template(request: OperatorRequest, name: str) -> HttpResponse:
    """The workbook to fill a dataset in. It says nothing of anybody."""
    dataset = next((one for one in for_the_browser() if one.name == name), None)
    if dataset is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="plantilla-{dataset.name}.xlsx"'}
    return HttpResponse(template_of(dataset), content_type=XLSX, headers=headers)


def _show_all(request: OperatorRequest, form: FileForm) -> HttpResponse:
    found = Load.objects.visible_to(request.actor).tried_or_applied().select_related("account").order_by("-number")
    titles = {name: dataset.title for name, dataset in declared().items()}
    shown = list(found.exclude(state=LoadState.DISCARDED)[:ROWS])
    context = {
        "rows": [(one, titles.get(one.dataset, one.dataset)) for one in shown],
        "form": form,
        "templates": for_the_browser(),
        "folder": WatchedFolder.objects.visible_to(request.actor).first(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "datasets/loads.html", context, status=status)


def _show(request: OperatorRequest, found: Load) -> HttpResponse:
    context = _context(found) | {
        "reasons": reasons_of(found),
        "steps": list(found.steps.select_related("account").order_by("-at", "-id")[:20]),
        "jobs": waiting() if found.is_working else None,
        "same": Load.objects.visible_to(request.actor).filter(number=found.seen.get("again")).first(),
        "where_to_send": _where_to_send(found),
        "may_decide": can(request.actor, Permission.REGISTRY_MERGE),
    }
    return render(request, "datasets/load.html", context)


def _context(found: Load) -> dict[str, Any]:
    dataset = declared().get(found.dataset)
    return {"load": found, "title": dataset.title if dataset else found.dataset, "matched": _matched(found)}


def _matched(found: Load) -> list[tuple[str, str]]:
    """Each heading of the file with what it is."""
    seen, mapping = found.seen, found.mapping
    digits = set(seen.get("digits", []))
    columns = [
        "dígito verificador" if place in digits else mapping.get(heading, column)
        for place, (heading, column) in enumerate(zip(seen.get("headings", []), seen.get("columns", []), strict=True))
    ]
    named = zip(seen.get("headings", []), columns, strict=True)
    return [(heading, column.replace("_", " ")) for heading, column in named if heading]
