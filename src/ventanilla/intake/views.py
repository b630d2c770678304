"""Pages of a consultation: the list, the desk, what comes after."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can, require
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import Reason
from ventanilla.core.errors import InvalidTransition, StaleVersion
from ventanilla.core.forms import show_on
from ventanilla.core.ids import parse_uuid
from ventanilla.intake import actions
from ventanilla.intake.asking import ask_whom
from ventanilla.intake.conflict import Conflict, conflict_between
from ventanilla.intake.contacts.reading import contacts_of
from ventanilla.intake.forms import (
    AnswerForm,
    Desk,
    SubjectForm,
    VoidForm,
    desk_for,
    marked_reasons,
    reasons_for,
)
from ventanilla.intake.models import Consultation, LineAssignment, LineSubject, ReasonLine
from ventanilla.intake.reading import draft_of, for_lists, open_consultation, told_in_consultation
from ventanilla.intake.states import ENDED, FOR_OTHERS, ConsultationState, Outcome
from ventanilla.intake.subjects import NOBODY, Subjects, names_subjects, subjects_for
from ventanilla.intake.third_parties import what_may_be_told
from ventanilla.registry.finding import person_or_404, person_with_run
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import PurposeNeeded, log_reading
from ventanilla.registry.watch.telling import tell_if_near

ROWS = 50
FILTERS = (
    ("", "Todas"),
    (ConsultationState.IN_ATTENTION, "En atención"),
    (ConsultationState.ATTENDED, "Con algo pendiente"),
    (ConsultationState.RESOLVED, "Finalizadas"),
)


@requires(Permission.CONSULTATION_READ)
def consultations(request: OperatorRequest) -> HttpResponse:
    """Those of the actor's unit, newest first, fifty at a time by cursor: nothing is ever counted."""
    actor = request.actor
    found = Consultation.objects.visible_to(actor).of_unit(actor.unit_id)
    state = request.GET.get("estado", "")
    if state in ConsultationState.values:
        found = found.filter(state=state)
    if last := _cursor(request.GET.get("antes", "")):
        moment, last_id = last
        found = found.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__lt=last_id))
    rows = list(for_lists(found, ROWS + 1))
    next_url = ""
    if len(rows) > ROWS:
        rows = rows[:ROWS]
        cursor = f"{rows[-1].occurred_at.isoformat()}_{rows[-1].pk}"
        next_url = f"?{urlencode({'estado': state, 'antes': cursor})}"
    if shown := sorted({row.person_id for row in rows if row.person_id}):
        log_reading(ReadEntry.Kind.LIST, shown=shown, note=f"{len(rows)} consultas")
    views = [(label, f"?{urlencode({'estado': value})}" if value else "?", value == state) for value, label in FILTERS]
    context = {"consultations": rows, "filters": views, "next_url": next_url}
    return render(request, "intake/consultations.html", context)


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    """After which row the page begins; an address that somebody cut or changed begins at the newest."""
    before, _, last_id = text.partition("_")
    try:
        moment, found = datetime.fromisoformat(before.replace(" ", "+")), UUID(last_id)
    except ValueError:
        return None
    return (moment, found) if moment.tzinfo else None


@require_POST
@requires(Permission.CONSULTATION_WORK)
def start(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """Choosing a person starts her consultation, or resumes the one this operator has open."""
    person = person_or_404(person_id, by=request.actor)
    continues = None
    if came_back := parse_uuid(request.POST.get("continues", "")):
        theirs = Consultation.objects.visible_to(request.actor).filter(person=person)
        continues = get_object_or_404(theirs, pk=came_back)
    started = actions.start_consultation(person, by=request.actor, continues=continues)
    tell_if_near(request, person)
    return redirect(started)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def start_anonymous(request: OperatorRequest) -> HttpResponse:
    submission_id = parse_uuid(request.POST.get("submission_id", ""))
    return redirect(actions.start_consultation(None, by=request.actor, submission_id=submission_id))


@requires(Permission.CONSULTATION_READ)
def consultation(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    if request.method == "POST" and (mine := _in_my_hands(request, consultation_id)):
        return _write(request, mine)
    try:
        found = open_consultation(consultation_id, by=request.actor)
    except PurposeNeeded:
        about = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
        messages.warning(request, "Para ver esa consulta, inicie una con la persona o escriba para qué la necesita.")
        return redirect("registry:person", about.person_id)
    if found.is_in_attention and can(request.actor, Permission.CONSULTATION_WORK, found):
        return _open_desk(request, found)
    if request.method == "POST" and not _was_sent_before(request, found):
        raise InvalidTransition(f"{found.folio} ya no está en atención con usted. Lo guardado no cambió.")
    return _show(request, found)


def _open_desk(request: OperatorRequest, found: Consultation) -> HttpResponse:
    """The desk with what is kept, or with what she had typed and not sent."""
    draft = draft_of(found, by=request.actor)
    typed = draft.typed if draft else None
    subjects = _subjects(request, found, typed)
    desk = desk_for(found, reasons_for(found, typed), subjects, typed)
    conflict = _conflict(request, found, desk) if draft and draft.version != found.version else None
    context = {
        "consultation": found,
        "desk": desk,
        "subjects": subjects,
        "draft": draft,
        "conflict": conflict,
        "origin": contacts_of(found, by=request.actor),
    }
    return render(request, "intake/attend.html", context)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def draft(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """What is being typed, kept as it comes; or forgotten, when asked so."""
    found = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
    if "discard" in request.POST:
        actions.discard_draft(found, by=request.actor)
        return redirect(found)
    if not found.is_in_attention and _says_nothing(request):
        return redirect(found)
    kept = actions.keep_draft(found, request.POST, by=request.actor)
    return HttpResponse(f"Guardado {timezone.localtime(kept.saved_at):%H:%M}", content_type="text/plain; charset=utf-8")


@requires(Permission.CONSULTATION_WORK)
def identify(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """Find whoever is attended without a name, by what she says now; she may have been registered a moment ago."""
    found = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
    if found.person_id or not found.is_in_attention or found.recorded_by_id != request.actor.account_id:
        return redirect(found)
    form, whom, chosen = ask_whom(request)
    if chosen:
        with show_on(form):
            identified = actions.identify(found, chosen, by=request.actor)
            tell_if_near(request, chosen)
            return redirect(identified)
    context = {"consultation": found, "form": form, "whom": whom}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/identify.html", context, status=status)


def _in_my_hands(request: OperatorRequest, consultation_id: UUID) -> Consultation | None:
    """The consultation, if it is to be written by who sends the form. Nothing of it is shown yet, nor logged."""
    visible = Consultation.objects.visible_to(request.actor).select_related("person")
    found = visible.filter(pk=consultation_id).first()
    is_mine = found and found.is_in_attention and can(request.actor, Permission.CONSULTATION_WORK, found)
    return found if is_mine else None


def _was_sent_before(request: OperatorRequest, found: Consultation) -> bool:
    """The form that ended the consultation, sent again, or an empty one, is no loss; any other text would be."""
    if _says_nothing(request):
        return True
    desk = desk_for(found, reasons_for(found, request.POST), _subjects(request, found, request.POST), request.POST)
    return desk.is_valid() and actions.is_kept(found, desk.writing())


def _says_nothing(request: OperatorRequest) -> bool:
    told = (request.POST.get("notes", "") + request.POST.get("requester_detail", "")).strip()
    return not told and not any(name.endswith("-marked") for name in request.POST)


def _subjects(request: OperatorRequest, found: Consultation, typed: QueryDict | None = None) -> Subjects:
    about = LineSubject.objects.filter(line__consultation=found, person__isnull=False)
    kept = set(about.values_list("person_id", flat=True))
    return subjects_for(found, by=request.actor, typed=typed, kept=kept)


def _write(request: OperatorRequest, found: Consultation) -> HttpResponse:
    marked = list(Reason.objects.filter(pk__in=marked_reasons(request.POST)).in_order().with_words())
    subjects = _subjects(request, found, request.POST) if names_subjects(request.POST) else Subjects()
    desk = desk_for(found, marked, subjects, request.POST)
    is_stale = False
    try:
        with show_on(desk.form):
            is_valid = desk.is_valid()
            if is_valid and "keep" in request.POST:
                actions.write_consultation(found, desk.writing(), by=request.actor)
                messages.success(request, "Guardado.")
                return redirect(found)
            if is_valid:
                ended = actions.end_attention(found, desk.writing(), by=request.actor)
                return redirect(f"{ended.get_absolute_url()}?terminada")
    except StaleVersion:
        is_stale = True  # what is kept is shown beside what was typed, and which one stays is her choice
    shown = open_consultation(found.pk, by=request.actor)
    subjects = _subjects(request, shown, request.POST)
    desk.lines = desk_for(shown, reasons_for(shown, request.POST), subjects, request.POST).lines
    conflict = _conflict(request, shown, desk) if is_stale else None
    context = {
        "consultation": shown,
        "desk": desk,
        "subjects": subjects,
        "conflict": conflict,
        "origin": contacts_of(shown, by=request.actor),
    }
    return render(request, "intake/attend.html", context, status=409 if is_stale else 422)


def _conflict(request: OperatorRequest, found: Consultation, desk: Desk) -> Conflict:
    return conflict_between(found, list(found.lines.order_by("position")), desk, by=request.actor)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def find_subject(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """Somebody who is not of the home, by her RUN: the tick box of her name, or a sentence."""
    found = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
    require(request.actor, Permission.CONSULTATION_WORK, found)
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.complaint, status=422, content_type="text/plain; charset=utf-8")
    run = form.cleaned_data["run"]
    person = person_with_run(run.canonical, by=request.actor)
    if person is None:
        said = f"{NOBODY} {run}. Revíselo, o registre primero a la persona."
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note="sobre quién es la consulta")
    context = {"name": form.cleaned_data["name"], "value": person.pk, "label": person.full_name, "is_marked": True}
    return render(request, "intake/parts/subject.html", context)


def _show(request: OperatorRequest, found: Consultation, form: AnswerForm | None = None) -> HttpResponse:
    if "terminada" in request.GET and found.state in ENDED:
        # Said by the address: a message kept in the session for the next page is two durable writes more.
        messages.success(request, f"{found.folio}: {found.get_state_display().lower()}.")
    lines = list(
        found.lines.select_related("assigned_to").prefetch_related(
            "subjects__person", "referred__referral__to_unit", "referred__referral__to_provider"
        )
    )
    told_entries = told_in_consultation(found, by=request.actor)
    context = {
        "consultation": found,
        "lines": lines,
        "steps": list(found.transitions.select_related("account")),
        "origin": contacts_of(found, by=request.actor),
        "answers_letters": found.state in ENDED and found.unit_id == request.actor.unit_id,
        "told_entries": told_entries,
        "told": what_may_be_told(found.requester_evidence, age=found.age_then),
        "assignments": list(
            LineAssignment.objects.filter(line__consultation=found).select_related("line", "after", "account")
        ),
        "answer_form": form or AnswerForm(),
        "can_answer": can(request.actor, Permission.CONSULTATION_WORK, found),
        "can_refer": _waits_for_others(found, lines) and can(request.actor, Permission.REFERRAL_WORK, found),
        "can_receive": found.state in ENDED,
        "can_call": found.state in ENDED and "desk" in request.session and can(request.actor, Permission.ROOM_WORK),
        "can_continue": found.person is not None
        and found.state == ConsultationState.ATTENDED
        and can(request.actor, Permission.CONSULTATION_WORK),
        "can_void": can(request.actor, Permission.CONSULTATION_VOID, found)
        and found.state not in (ConsultationState.VOIDED, ConsultationState.ABANDONED),
    }
    return render(request, "intake/consultation.html", context)


def _waits_for_others(found: Consultation, lines: Sequence[ReasonLine]) -> bool:
    """Whether something of it is to be sent to somebody else, and is pending here still."""
    is_hers = found.person_id is not None and found.state == ConsultationState.ATTENDED
    return is_hers and any(line.pending_in_id and line.outcome in FOR_OTHERS for line in lines)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def answer(request: OperatorRequest, consultation_id: UUID, line_id: UUID) -> HttpResponse:
    found = open_consultation(consultation_id, by=request.actor)
    line = get_object_or_404(ReasonLine.objects.select_related("consultation"), pk=line_id, consultation=found)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with show_on(form):
            actions.answer_line(
                line,
                by=request.actor,
                outcome=Outcome(form.cleaned_data["outcome"]),
                answer=form.cleaned_data["answer"],
            )
            messages.success(request, f"{line}: respondido.")
            return redirect(found)
    return _show(request, found, form)


@requires(Permission.CONSULTATION_VOID)
def void(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    found = open_consultation(consultation_id, by=request.actor)
    form = VoidForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            actions.void_consultation(found, by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, f"{found.folio} quedó anulada.")
            return redirect(found)
    back = reverse("intake:consultation", args=[found.pk])
    return render(request, "intake/void.html", {"consultation": found, "form": form, "back": back})
