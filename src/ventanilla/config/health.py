"""Whether the server, its database and its worker keep up, for whoever watches them."""

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse

from ventanilla.core.jobs import waiting

LATE = 15 * 60
"""Seconds that a job may be overdue before somebody should look at the worker."""


@transaction.non_atomic_requests
def health(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        jobs = waiting()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    # Pages are served all the same: a balancer must not take them away because of late mail.
    if not jobs["workers"]:
        return JsonResponse({"status": "no worker", "jobs": jobs})
    return JsonResponse({"status": "jobs wait" if jobs["behind"] > LATE else "ok", "jobs": jobs})
