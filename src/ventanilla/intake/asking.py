"""The page that asks who somebody is: what is typed in it, and whom that names."""

from typing import NamedTuple

from ventanilla.access.gate import OperatorRequest
from ventanilla.core.forms import show_on
from ventanilla.intake.forms import WhoForm
from ventanilla.intake.waiting.places import ids_in
from ventanilla.intake.whom import Whom, find_whom, registered_now
from ventanilla.registry.models import Person


class Asked(NamedTuple):
    """The form, those to choose from, and the one who was chosen or whose whole RUN was typed."""

    form: WhoForm
    whom: Whom | None = None
    chosen: Person | None = None


def ask_whom(request: OperatorRequest) -> Asked:
    """What the page knows now; who was registered a moment ago comes back in its address, to be chosen as any other."""
    if request.method != "POST":
        return _to_choose(WhoForm(), registered_now(request.GET.get("persona", ""), by=request.actor))
    form = WhoForm(request.POST)
    named = ids_in(request.POST.get("person", ""))
    if chosen := Person.objects.visible_to(request.actor).filter(pk__in=named).first():
        return Asked(WhoForm({"who": chosen.full_name}), chosen=chosen)
    if form.is_valid():
        with show_on(form):
            whom = find_whom(form.cleaned_data["who"], by=request.actor, field="who")
            return Asked(form, chosen=whom.person) if whom.person else _to_choose(form, whom)
    return Asked(form)


def _to_choose(form: WhoForm, whom: Whom | None) -> Asked:
    if whom:
        form.fields["who"].widget.attrs.pop("autofocus")  # the choice has the focus
    return Asked(form, whom)
