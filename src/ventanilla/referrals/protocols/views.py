"""Pages of protocols: the list, a version with its signatures, writing it, and each step of its life."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can, require
from ventanilla.access.gate import OperatorRequest, public, requires
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock, documents
from ventanilla.core.errors import InvalidTransition, NotAllowed, StaleVersion
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id
from ventanilla.referrals.models import ProtocolVersion
from ventanilla.referrals.protocols import actions
from ventanilla.referrals.protocols.content import digest_of, sections_of, senders_of
from ventanilla.referrals.protocols.forms import (
    GROUPS,
    ApproveForm,
    EndForm,
    PaperForm,
    ProtocolForm,
    ReasonForm,
    SureForm,
    initial_of,
)
from ventanilla.referrals.protocols.parties import bound_by, may_write, on_paper, takes_part, to_sign_by
from ventanilla.referrals.protocols.reading import (
    list_protocols,
    protocol_or_404,
    standing_of,
    version_or_404,
    versions_of,
    whole,
)
from ventanilla.referrals.protocols.states import Party, ProtocolState


@requires(Permission.PROTOCOL_READ)
def protocols(request: OperatorRequest) -> HttpResponse:
    only_mine = request.GET.get("ver") == "mios" and request.actor.unit_id is not None
    context = {
        "rows": list_protocols(request.actor, on=clock.today(), only_mine=only_mine),
        "only_mine": only_mine,
        "has_unit": request.actor.unit_id is not None,
        "can_write": can(request.actor, Permission.PROTOCOL_WRITE),
    }
    return render(request, "referrals/protocols/protocols.html", context)


@requires(Permission.PROTOCOL_READ)
def protocol(request: OperatorRequest, protocol_id: UUID, number: int | None = None) -> HttpResponse:
    """A version, whole: the one in force unless another is asked for."""
    today = clock.today()
    version = version_or_404(protocol_id, number, by=request.actor, on=today)
    versions = versions_of(protocol_id, by=request.actor)
    context = {
        "version": version,
        "standing": standing_of(version, on=today),
        "sections": sections_of(version),
        "senders": senders_of(version),
        "bound": bound_by(version),
        "approval": _approval(version),
        "versions": [(one, standing_of(one, on=today)) for one in versions],
        "steps": list(version.steps.select_related("account").order_by("-at", "-id")),
        "verbs": [verb for verb in VERBS.values() if verb.is_due(version, request.actor)],
        "can_write": version.state == ProtocolState.DRAFT and may_write(version, request.actor),
        "can_renew": _can_renew(versions, request.actor),
    }
    return render(request, "referrals/protocols/protocol.html", context)


def _approval(version: ProtocolVersion) -> Any:
    return next((one for one in version.signatures.all() if one.party == Party.APPROVAL), None)


def _can_renew(versions: Sequence[ProtocolVersion], by: Actor) -> bool:
    """Whether she may begin the next version: one is approved, and none is being written."""
    states = {one.state for one in versions}
    is_written = states & {ProtocolState.DRAFT, ProtocolState.IN_SIGNATURE, ProtocolState.SIGNED}
    return ProtocolState.APPROVED in states and not is_written and may_write(versions[0], by)


@requires(Permission.PROTOCOL_WRITE)
def new(request: OperatorRequest) -> HttpResponse:
    own = [str(request.actor.unit_id)] if request.actor.unit_id else []
    form = ProtocolForm(_sent(request), by=request.actor, initial={"protocol_id": new_id(), "senders": own})
    if form.is_valid():
        with show_on(form):
            made = actions.draft_protocol(
                form.details(), by=request.actor, protocol_id=form.cleaned_data["protocol_id"]
            )
            messages.success(request, f"{made.protocol.code} quedó como borrador.")
            return redirect(made.protocol)
    return _ask_whole(request, form, None)


@requires(Permission.PROTOCOL_WRITE)
def write(request: OperatorRequest, protocol_id: UUID) -> HttpResponse:
    version = _in_writing(protocol_id, by=request.actor)
    form = ProtocolForm(_sent(request), by=request.actor, initial=initial_of(version))
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            with show_on(form):
                actions.write_version(version, form.details(), by=request.actor, read=form.cleaned_data["version"])
                messages.success(request, "Guardado.")
                return redirect("protocols:version", protocol_id, version.number)
        except StaleVersion as error:
            form.add_error(None, str(error))
            status = HTTPStatus.CONFLICT
    return _ask_whole(request, form, version, status=status)


def _ask_whole(
    request: OperatorRequest, form: ProtocolForm, version: ProtocolVersion | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    groups = [(title, [form[name] for name in names]) for title, names in GROUPS]
    context = {"form": form, "version": version, "groups": groups}
    if form.errors and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "referrals/protocols/write.html", context, status=status)


def _in_writing(protocol_id: UUID, *, by: Actor) -> ProtocolVersion:
    version = versions_of(protocol_id, by=by)[0]
    if not may_write(version, by):
        raise NotAllowed("Lo escribe la jefatura de una de sus unidades, o la contraparte municipal.")
    if version.state != ProtocolState.DRAFT:
        raise InvalidTransition(f"{version} no es un borrador. Para cambiarlo, comience una versión nueva.")
    return version


@requires(Permission.PROTOCOL_WRITE)
def renew(request: OperatorRequest, protocol_id: UUID) -> HttpResponse:
    """Begin the next version, or go on with the one that is being written."""
    found = protocol_or_404(protocol_id, by=request.actor)
    if request.method == "POST":
        made = actions.draft_next_version(found, by=request.actor)
        return redirect("protocols:write" if made.state == ProtocolState.DRAFT else "protocols:protocol", found.pk)
    text = "Nace un borrador con el mismo texto. La versión vigente sigue rigiendo hasta que se apruebe la nueva."
    return _ask(request, versions_of(protocol_id, by=request.actor)[0], SureForm(), "Preparar una versión nueva", text)


@dataclass(frozen=True, slots=True)
class Verb:
    """A step of its life: who sees it, what it asks, what it does."""

    code: str
    label: str
    text: str
    is_due: Callable[[ProtocolVersion, Actor], bool]
    form: Callable[..., forms.Form]
    act: Callable[[ProtocolVersion, dict[str, Any], Actor], Any]
    is_main: bool = False


def _is(state: ProtocolState, version: ProtocolVersion) -> bool:
    return version.state == state


def _may_return(version: ProtocolVersion, by: Actor) -> bool:
    if version.state not in (ProtocolState.IN_SIGNATURE, ProtocolState.SIGNED):
        return False
    is_party = takes_part(version, by) and can(by, Permission.PROTOCOL_SIGN)
    return is_party or can(by, Permission.PROTOCOL_APPROVE) or may_write(version, by)


VERBS: Mapping[str, Verb] = {
    verb.code: verb
    for verb in (
        Verb(
            "enviar-a-firma",
            "Enviar a firma",
            "El texto queda fijo y las jefaturas de las unidades que toman parte lo verán en su bandeja.",
            lambda version, by: _is(ProtocolState.DRAFT, version) and may_write(version, by),
            lambda sent, version: SureForm(sent),
            lambda version, said, by: actions.submit_to_signature(version, by=by),
            is_main=True,
        ),
        Verb(
            "firmar",
            "Firmar",
            "Usted compromete a su unidad con este texto. Queda con su nombre, su cargo, el día y la hora.",
            lambda version, by: _is(ProtocolState.IN_SIGNATURE, version) and to_sign_by(version, by) is not None,
            lambda sent, version: SureForm(sent),
            lambda version, said, by: actions.sign(version, by=by),
            is_main=True,
        ),
        Verb(
            "firma-en-papel",
            "Anotar firma en papel",
            "Para quien no tiene cuenta aquí: imprima el PDF, hágalo firmar y anote quién firmó y cuándo.",
            lambda version, by: (
                _is(ProtocolState.IN_SIGNATURE, version) and may_write(version, by) and bool(on_paper(version))
            ),
            lambda sent, version: PaperForm(sent, bound=on_paper(version)),
            lambda version, said, by: actions.sign_on_paper(version, said.pop("bound"), by=by, **said),
        ),
        Verb(
            "aprobar",
            "Aprobar",
            "Rige desde el día que fije. La versión anterior termina la víspera, y lo que va en curso sigue por ella.",
            lambda version, by: _is(ProtocolState.SIGNED, version) and can(by, Permission.PROTOCOL_APPROVE, version),
            lambda sent, version: ApproveForm(sent, initial={"starts_on": clock.today()}),
            lambda version, said, by: actions.approve(version, by=by, **said),
            is_main=True,
        ),
        Verb(
            "devolver",
            "Devolver a borrador",
            "Vuelve a quien lo escribe. Lo ya firmado queda en el historial y se firmará de nuevo.",
            _may_return,
            lambda sent, version: ReasonForm(sent),
            lambda version, said, by: actions.return_to_draft(version, by=by, **said),
        ),
        Verb(
            "terminar",
            "Terminar",
            "Desde el día siguiente, lo que cubría se deriva sin protocolo, con los plazos de la municipalidad.",
            lambda version, by: (
                _is(ProtocolState.APPROVED, version)
                and version.ends_on is None
                and can(by, Permission.PROTOCOL_APPROVE, version)
            ),
            lambda sent, version: EndForm(sent, initial={"on": clock.today()}),
            lambda version, said, by: actions.end_protocol(version, by=by, **said),
        ),
        Verb(
            "descartar",
            "Descartar el borrador",
            "Se deja de escribir. Lo que estaba vigente sigue igual.",
            lambda version, by: _is(ProtocolState.DRAFT, version) and may_write(version, by),
            lambda sent, version: SureForm(sent),
            lambda version, said, by: actions.discard(version, by=by),
        ),
    )
}


@requires(Permission.PROTOCOL_READ)
def step(request: OperatorRequest, protocol_id: UUID, number: int, verb: str) -> HttpResponse:
    """Each verb asks its own right again."""
    version = version_or_404(protocol_id, number, by=request.actor, on=clock.today())
    chosen = VERBS.get(verb)
    if chosen is None:
        raise Http404
    if not chosen.is_due(version, request.actor):
        messages.info(request, f"{version} está {version.get_state_display().lower()}: eso ya no corresponde aquí.")
        return redirect("protocols:version", protocol_id, number)
    form = chosen.form(_sent(request), version)
    if form.is_valid():
        with show_on(form):
            chosen.act(version, dict(form.cleaned_data), request.actor)
            messages.success(request, f"{version}: {chosen.label.lower()}, listo.")
            return redirect("protocols:version", protocol_id, number)
    return _ask(request, version, form, chosen.label, chosen.text)


def _ask(request: OperatorRequest, version: ProtocolVersion, form: forms.Form, title: str, text: str) -> HttpResponse:
    context = {"version": version, "form": form, "title": title, "text": text}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "referrals/protocols/step.html", context, status=status)


@requires(Permission.PROTOCOL_READ)
def as_pdf(request: OperatorRequest, protocol_id: UUID, number: int) -> HttpResponse:
    """To be signed on paper, kept, or hung beside the desk."""
    version = version_or_404(protocol_id, number, by=request.actor, on=clock.today())
    address = _address_of(request, version) if version.token else ""
    context = {
        "version": version,
        "standing": standing_of(version, on=clock.today()),
        "sections": sections_of(version),
        "senders": senders_of(version),
        "bound": bound_by(version),
        "approval": _approval(version),
        "institution": request.posting.institution,
        "address": address,
        "drawing": documents.code_for(address) if address else "",
        "made_at": clock.now(),
        "is_demo": settings.DEMO,
    }
    name = f"protocolo-{version.protocol.code.lower()}-v{version.number}.pdf"
    return documents.answer("referrals/protocols/protocol_pdf.html", context, name=name, opens=True)


@public("whoever holds the paper may ask whether it is true and in force; it says nobody's data")
def verify(request: HttpRequest, institution_id: int, token: str) -> HttpResponse:
    institution = get_object_or_404(Institution, pk=institution_id)
    actor = Actor(Agent.VISITOR, institution.pk, time_zone=institution.time_zone)
    require(actor, Permission.PROTOCOL_VERIFY)
    tenancy.enter(actor)
    approved = whole(ProtocolVersion.objects.visible_to(actor).filter(state=ProtocolState.APPROVED))
    version = get_object_or_404(approved, token=token)
    context = {
        "institution": institution,
        "version": version,
        "senders": senders_of(version),
        "standing": standing_of(version, on=clock.today()),
        "is_as_signed": digest_of(version) == version.digest,
        "signatures": list(version.signatures.filter(digest=version.digest)),
        "now": clock.now(),
    }
    answer = render(request, "referrals/protocols/verify.html", context)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _sent(request: OperatorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _address_of(request: HttpRequest, version: ProtocolVersion) -> str:
    return request.build_absolute_uri(reverse("protocols:verify", args=[version.institution_id, version.token]))
