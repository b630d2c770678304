"""The floor: the same server, session, actor, tenancy, base page and bytes, with one ``select 1``.

With ``?escribe=1`` it also leaves one durable row of the read log, as the pages that show people do.
"""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

LINE = "Rosa Elvira Araya Contreras, 90.000.001-4, 43 años, El Palqui. "


def _work(request: HttpRequest) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    if request.GET.get("escribe"):
        log_reading(ReadEntry.Kind.SEARCH, note="piso")
    size = int(request.GET.get("bytes", "0"))
    return (LINE * (size // len(LINE) + 1))[:size]


@requires(Permission.SESSION_USE)
def page(request: OperatorRequest) -> HttpResponse:
    return render(request, "floor.html", {"filling": _work(request)})


@requires(Permission.SESSION_USE)
def fragment(request: OperatorRequest) -> HttpResponse:
    return HttpResponse(_work(request))
