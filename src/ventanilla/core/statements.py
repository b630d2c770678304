"""How statements reach the database: those asked by key over and over are planned once a connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

OPTIONS = {"server_side_binding": True}
"""Of Django's connection: values travel beside the statement, so that its plan can be kept."""

_ASKED_BEFORE = 5


@contextmanager
def planned_once() -> Iterator[None]:
    """What is asked in here more than a few times is planned once and kept: planning is half of what it costs.

    For rows taken by their keys, and for writes. Not for lists: a plan made for any value uses no index that holds
    only some, such as that of what is open, and does not know how few rows are wanted.
    """
    connection.ensure_connection()
    raw = connection.connection
    before, raw.prepare_threshold = raw.prepare_threshold, _ASKED_BEFORE
    try:
        yield
    finally:
        raw.prepare_threshold = before
