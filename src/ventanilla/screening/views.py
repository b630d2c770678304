"""The screening as a page, and as the aside of a consultation."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core.errors import NotAllowed
from ventanilla.registry.models import Person
from ventanilla.screening.compile import open_screening
from ventanilla.screening.profiles import Profile, widest_profile


@requires(Permission.SCREENING_SUMMARY)
def file(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=person_id)
    profile = widest_profile(request.actor) or Profile.SUMMARY
    try:
        screening = open_screening(person, by=request.actor, profile=profile)
    except NotAllowed:
        return redirect("registry:person", person.pk)
    context = {"screening": screening, "sees_readings": can(request.actor, Permission.READ_LOG_VIEW)}
    return render(request, "screening/file.html", context)


@requires(Permission.SCREENING_SUMMARY)
def aside(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """The few facts that help while attending; the same summary for every profile."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=person_id)
    screening = open_screening(person, by=request.actor, profile=Profile.SUMMARY)
    return render(request, "screening/aside.html", {"screening": screening})
