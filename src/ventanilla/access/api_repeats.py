"""Requests sent again: what was answered to a write is kept a day, and said again to the same ``Idempotency-Key``."""

from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from ventanilla.access.actors import Actor
from ventanilla.access.models import KeptAnswer
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import digest

IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=1)
LONGEST_KEY = 200
SWEPT_AT_ONCE = 20


def earlier_answer(request: HttpRequest, *, by: Actor) -> HttpResponse | None:
    """What this same request was answered before; None when it is new, and then nobody else does it meanwhile.

    Raises ``RuleBroken`` when the key was used for another request. The gate has passed already: whoever asks again
    still has her posting, its rights and her institution, and only answers of that posting are looked at.
    """
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        raise RuleBroken(f"Debe tener entre 1 y {LONGEST_KEY} caracteres.", field=IDEMPOTENCY_KEY)
    assert by.posting_id is not None  # a key of the API is of a posting
    asked = KeptAnswer(posting_id=by.posting_id, key=digest(key), request=_digest_of(request), at=clock.now())
    _wait_for_others(asked)
    kept = KeptAnswer.objects.of(by.posting_id).filter(key=asked.key, at__gt=asked.at - KEPT_FOR).first()
    if kept is None:
        request.asked_once = asked  # type: ignore[attr-defined]  # keep_answer fills it
        return None
    if kept.request != asked.request:
        raise RuleBroken("Esa llave ya se usó con otro pedido. Use una distinta en cada uno.", field=IDEMPOTENCY_KEY)
    answer = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
    answer.headers[REPLAYED] = "true"
    if kept.location:
        answer.headers["Location"] = kept.location
    return answer


def keep_answer(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep what was done and answered. What failed is not kept: it left nothing, and may be tried again."""
    asked: KeptAnswer | None = getattr(request, "asked_once", None)
    is_done = HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES
    if asked is None or not is_done or transaction.get_rollback() or not isinstance(response, HttpResponse):
        return
    asked.status = response.status_code
    asked.location = response.headers.get("Location", "")
    asked.body = response.content.decode()
    _sweep(asked)
    KeptAnswer.objects.bulk_create(  # over the one of the same key, if its day has passed
        [asked],
        update_conflicts=True,
        unique_fields=["institution", "posting", "key"],
        update_fields=["request", "status", "location", "body", "at"],
    )


def _digest_of(request: HttpRequest) -> str:
    return sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()


def _wait_for_others(asked: KeptAnswer) -> None:
    """Until the end of the transaction nobody else does what this key is for; who does it now is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"once {asked.posting_id} {asked.key}"]
        )


def _sweep(asked: KeptAnswer) -> None:
    """Some of the institution's answers whose day has passed; those that another request sweeps are left to it."""
    past = KeptAnswer.objects.filter(at__lte=asked.at - KEPT_FOR).order_by("at")
    KeptAnswer.objects.filter(pk__in=past.select_for_update(skip_locked=True).values("pk")[:SWEPT_AT_ONCE]).delete()
