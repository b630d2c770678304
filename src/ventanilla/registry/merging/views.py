"""Pages of possible duplicates: the queue, two records side by side, and a merge with its undoing."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from ventanilla.access.actors import Actor
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core.forms import show_on
from ventanilla.registry.merging import actions
from ventanilla.registry.merging.comparing import compare_pair, pair_or_404
from ventanilla.registry.merging.forms import DecisionForm, UndoForm
from ventanilla.registry.merging.queue import (
    LIKELY,
    ORIGINS,
    Wanted,
    cursor_of,
    last_search,
    next_to_decide,
    queue_page,
    read_wanted,
    to_decide,
)
from ventanilla.registry.merging.searching import ask_search
from ventanilla.registry.merging.states import TO_DECIDE, PairState
from ventanilla.registry.merging.telling import merge_or_404, tell
from ventanilla.registry.models import PossibleDuplicate
from ventanilla.registry.watch.telling import tell_if_near

ROWS = 50


@requires(Permission.REGISTRY_MERGE)
def queue(request: OperatorRequest) -> HttpResponse:
    """Those to decide, likeliest first, or those decided, newest first; by cursor. Nothing is counted."""
    wanted = read_wanted(request.GET)
    page = queue_page(wanted, by=request.actor, cursor=request.GET.get("desde", ""), most=ROWS)
    context = {
        "wanted": wanted,
        "page": page,
        "next_url": wanted.after(page.next_cursor) if page.next_cursor else "",
        "likely": [("", "De todo parecido"), *((code, words) for code, (words, _, _) in LIKELY.items())],
        "origins": [("", "De todo origen"), *((code, origin.label) for code, origin in ORIGINS.items())],
        "search": last_search(request.actor),
    }
    return render(request, "registry/merging/queue.html", context)


@require_POST
@requires(Permission.REGISTRY_MERGE)
def search(request: OperatorRequest) -> HttpResponse:
    ask_search(by=request.actor)
    messages.success(request, "La búsqueda quedó pedida. Los pares nuevos aparecerán en esta lista.")
    return redirect("duplicates:queue")


@requires(Permission.REGISTRY_MERGE)
def pair(request: OperatorRequest, pair_id: UUID) -> HttpResponse:
    """Both records until somebody decides; afterwards, who did and what. The next pair opens by itself."""
    found, wanted = pair_or_404(pair_id, by=request.actor), read_wanted(request.GET)
    place = cursor_of(found)
    if found.state not in TO_DECIDE or found.first.merged_into_id or found.second.merged_into_id:
        return _show_decided(request, found, wanted)
    comparison = compare_pair(found, by=request.actor)
    if request.method != "POST":
        tell_if_near(request, comparison.kept)
        tell_if_near(request, comparison.absorbed)
    form = DecisionForm(request.POST if request.method == "POST" else None, comparison=comparison)
    if form.is_valid():
        with show_on(form):
            messages.success(request, _decide(found, form, by=request.actor))
            following = next_to_decide(found, place, wanted, by=request.actor)
            page = reverse("duplicates:pair", args=[following.pk]) if following else reverse("duplicates:queue")
            return redirect(f"{page}{wanted.suffix}")
    following = next_to_decide(found, place, wanted, by=request.actor)
    context = {"comparison": comparison, "form": form, "wanted": wanted, "following": following}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "registry/merging/pair.html", context, status=status)


def _decide(found: PossibleDuplicate, form: DecisionForm, *, by: Actor) -> str:
    """Do what was decided; the sentence says it, with the way to undo it. It names nobody: it waits in a cookie."""
    decision, reason = PairState(form.cleaned_data["decision"]), form.cleaned_data["reason"]
    if decision is PairState.SAME:
        merge = actions.merge_pair(found, form.joining, by=by)
        return _told("Las dos fichas quedaron unidas.", reverse("duplicates:merge", args=[merge.pk]))
    if decision is PairState.DIFFERENT:
        actions.set_apart(found, by=by, reason=reason)
        return _told("Quedaron como personas distintas.", reverse("duplicates:pair", args=[found.pk]))
    actions.leave_for_later(found, by=by, reason=reason)
    return _told("El par quedó para después.", reverse("duplicates:pair", args=[found.pk]), "Volver a verlo")


def _told(sentence: str, url: str, verb: str = "Deshacer…") -> SafeString:
    return format_html(
        '{} <a href="{}" data-key="u">{}</a> <kbd class="only-wide js-only" aria-hidden="true">U</kbd>',
        sentence,
        url,
        verb,
    )


def _show_decided(request: OperatorRequest, found: PossibleDuplicate, wanted: Wanted) -> HttpResponse:
    """Also to the second of two clerks, who comes with her own answer: it is not taken, and she sees whose was."""
    steps = list(found.steps.select_related("account").order_by("-at", "-id"))
    context = {
        "pair": found,
        "steps": steps,
        "last": next((step for step in steps if step.after not in TO_DECIDE), None),
        "merge": found.merges.standing().first(),
        "is_late": request.method == "POST",
        "wanted": wanted,
        "following": next(iter(to_decide(wanted, by=request.actor, most=1)), None),
    }
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "registry/merging/decided.html", context, status=status)


@require_POST
@requires(Permission.REGISTRY_MERGE)
def reopen(request: OperatorRequest, pair_id: UUID) -> HttpResponse:
    found = actions.reconsider(pair_or_404(pair_id, by=request.actor), by=request.actor)
    return redirect("duplicates:pair", found.pk)


@requires(Permission.REGISTRY_MERGE)
def merge(request: OperatorRequest, merge_id: UUID) -> HttpResponse:
    """Who joined which records, when and why, what moved; and undoing it, with a reason."""
    found = merge_or_404(merge_id, by=request.actor)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with show_on(form):
            actions.undo_merge(found, by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, "La unión se deshizo: son otra vez dos fichas.")
            return redirect("duplicates:merge", found.pk)
    context = {"merge": found, "told": tell(found, by=request.actor), "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "registry/merging/merge.html", context, status=status)
