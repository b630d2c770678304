"""How long whoever reads what is public may keep it."""

from collections.abc import Callable
from typing import cast

from django.http import HttpResponse
from django.views.decorators.cache import cache_control

from ventanilla.core.api import conditional

FIVE_MINUTES = 300


def kept_by_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any cache may keep the answer five minutes and then asks, by its ``ETag``, whether it changed.

    Only for views that answer the same to everybody: no session is read, no cookie set.
    """
    kept = cache_control(public=True, max_age=FIVE_MINUTES)(conditional(view))
    return cast(Callable[..., HttpResponse], kept)
