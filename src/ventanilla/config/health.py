"""Whether the server and its database answer, for whoever watches them."""

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse


@transaction.non_atomic_requests
def health(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})
