"""The page «Quién puede recibirla»: a rule written without code, one condition at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.finding import entry_or_404
from ventanilla.catalogue.entries.reach import require_reach
from ventanilla.catalogue.entries.ruling import editing
from ventanilla.catalogue.entries.ruling.forms import ConditionForm, kinds_for, said_in_form
from ventanilla.catalogue.entries.sheet import names_of_own_facts
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import Entry, EntryDraft
from ventanilla.catalogue.rule.conditions import Condition, Rule, in_words
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.core.errors import StaleVersion
from ventanilla.core.forms import show_on

SAID = {
    "add": "Condición agregada.",
    "change": "Condición cambiada.",
    "remove": "Condición quitada.",
    "group": "Basta cumplir una de ellas.",
    "separate": "Ahora se piden todas.",
    "subject": "Cambió quién la recibe.",
}


class OrderForm(forms.Form):
    """What a button of the page asks, of what was read."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in SAID])
    version = forms.IntegerField(min_value=0)
    number = forms.IntegerField(min_value=0)
    subject = forms.TypedChoiceField(
        choices=Subject.choices, coerce=Subject, required=False, empty_value=Subject.PERSON
    )
    kind = forms.TypedChoiceField(choices=Kind.choices, coerce=Kind, required=False, empty_value=None)
    key = forms.CharField(max_length=12, required=False)
    group = forms.CharField(max_length=4, required=False)
    keys = forms.MultipleChoiceField(required=False)

    def __init__(self, posted: QueryDict, rule: Rule) -> None:
        super().__init__(posted)
        keys: forms.MultipleChoiceField = self.fields["keys"]  # type: ignore[assignment]  # the field above
        keys.choices = [(editing.key_of(one), one.kind) for one in rule.conditions]


@dataclass(frozen=True, slots=True)
class Line:
    """A condition as the page shows it."""

    key: str
    words: str
    article: str
    group: str
    is_first_of_group: bool
    is_of_group: bool


@requires(Permission.CATALOGUE_WRITE)
def rule(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """Shows the rule as it is being written; a POST is one change of it."""
    found = entry_or_404(request, entry_id)
    require_reach(request.actor, Permission.CATALOGUE_WRITE, found.unit_id)
    if found.state == EntryState.CLOSED:
        messages.info(request, "La prestación está cerrada. Cópiela como una nueva.")
        return redirect("entries:entry", found.pk)
    draft = editing.draft_of(found)
    if request.method != "POST":
        asked = _asked(request.GET, draft.asks)
        return _show(request, found, draft, *asked)
    order = OrderForm(request.POST, draft.asks)
    form = _form_posted(request.POST, draft.asks)
    is_asking = request.POST.get("verb") in ("add", "change")
    if order.is_valid() and (form.is_valid() if form else not is_asking):
        try:
            with show_on(form or order):
                _do(order, form, found, request)
                messages.success(request, SAID[order.cleaned_data["verb"]])
                return redirect(f"{reverse('entries:rule', args=[found.pk])}#condiciones")
        except StaleVersion as error:  # the rule as it is now is shown; what was typed stays, to send again is a choice
            (form or order).add_error(None, str(error))
            found = entry_or_404(request, entry_id)
            draft = editing.draft_of(found)
            return _show(request, found, draft, form, request.POST.get("key", ""), order, status=HTTPStatus.CONFLICT)
    return _show(
        request, found, draft, form, request.POST.get("key", ""), order, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _do(order: OrderForm, form: ConditionForm | None, found: Entry, request: OperatorRequest) -> None:
    said = order.cleaned_data
    by, read = request.actor, (said["version"], said["number"])
    condition = form.condition() if form else None
    orders: dict[str, Callable[[], EntryDraft]] = {
        "remove": lambda: editing.remove_condition(found, said["key"], by=by, read=read),
        "group": lambda: editing.group_conditions(found, said["keys"], by=by, read=read),
        "separate": lambda: editing.separate_conditions(found, said["group"], by=by, read=read),
        "subject": lambda: editing.change_subject(found, said["subject"], by=by, read=read),
    }
    if condition is None:
        orders[said["verb"]]()
    elif said["verb"] == "change":
        editing.replace_condition(found, said["key"], condition, by=by, read=read)
    else:
        editing.add_condition(found, condition, said["subject"], by=by, read=read)


def _subject(asked: str, rule: Rule) -> Subject:
    """Of an empty rule, the one being chosen."""
    return Subject(asked) if rule.is_empty and asked in Subject.values else rule.subject


def _asked(asked: QueryDict, rule: Rule) -> tuple[ConditionForm | None, str]:
    """The form to add a condition of a kind, or to change one of those it has."""
    key = asked.get("cambiar", "")
    if condition := _by_key(rule, key):
        return ConditionForm(kind=condition.kind, subject=rule.subject, initial=said_in_form(condition)), key
    if (kind := asked.get("tipo", "")) in Kind.values:
        return ConditionForm(kind=Kind(kind), subject=_subject(asked.get("de", ""), rule)), ""
    return None, ""


def _form_posted(posted: QueryDict, rule: Rule) -> ConditionForm | None:
    verb, kind = posted.get("verb"), posted.get("kind", "")
    if verb not in ("add", "change") or kind not in Kind.values:
        return None
    return ConditionForm(posted, kind=Kind(kind), subject=_subject(posted.get("subject", ""), rule))


def _by_key(rule: Rule, key: str) -> Condition | None:
    return next((one for one in rule.conditions if editing.key_of(one) == key), None)


def _lines(rule: Rule) -> list[Line]:
    own = names_of_own_facts()
    lines = []
    for clause in rule.clauses:
        for place, one in enumerate(clause):
            words = in_words(one, own)
            lines.append(Line(editing.key_of(one), words, one.article, one.group, place == 0, len(clause) > 1))
    return lines


def _show(
    request: OperatorRequest,
    found: Entry,
    draft: EntryDraft,
    form: ConditionForm | None,
    key: str,
    order: OrderForm | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rule_now = draft.asks
    subject = _subject(request.POST.get("subject", request.GET.get("de", "")), rule_now)
    context = {
        "entry": found,
        "draft": draft,
        "lines": _lines(rule_now),
        "subject": subject,
        "subjects": Subject.choices,
        "kinds": kinds_for(subject),
        "form": form,
        "key": key if _by_key(rule_now, key) else "",
        "order": order,
    }
    return render(request, "catalogue/entries/rule.html", context, status=status)
