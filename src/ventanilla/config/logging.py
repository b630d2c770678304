"""Logs of events with ids: never a name, never a RUN, never what was typed."""

import logging.config
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from structlog.typing import EventDict

PACKAGE = Path(__file__).resolve().parent.parent
FRAMES_LOGGED = 6


def configure(_: dict[str, Any]) -> None:
    """Django calls this with ``LOGGING``; lines are JSON in production and plain in the demo."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if settings.LOG_JSON else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_the_door,
        name_the_mistake,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "filters": {"mistakes": {"()": lambda: _is_mistake}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["console"], "level": "INFO"},
            "loggers": {
                "procrastinate": {"level": "WARNING"},
                "django": {"handlers": []},  # its own would mail the request with all that was typed
                # One line for each failure; a refusal is told by whoever refuses.
                "django.request": {"level": "ERROR", "filters": ["mistakes"]},
                "django.server": {"level": "ERROR"},
                "weasyprint": {"level": "ERROR"},  # tells each step of each PDF
                "fontTools": {"level": "ERROR"},
            },
        }
    )


def _is_mistake(record: logging.LogRecord) -> bool:
    """An error that nobody foresaw. A 500 that was answered on purpose has already left its line."""
    return bool(record.exc_info)


def name_the_door(_: object, __: str, event: EventDict) -> EventDict:
    """A line about a request tells its route, not its address: somebody may write a RUN in an address."""
    request = getattr(event.get("_record"), "request", None)
    if isinstance(request, HttpRequest):
        match = request.resolver_match
        event.update(
            event="page.failed" if "exc_info" in event else "page.refused",
            method=request.method,
            route=match.route if match else None,
            status=getattr(event["_record"], "status_code", None),
        )
    return event


def name_the_mistake(_: object, __: str, event: EventDict) -> EventDict:
    """An exception by its kind and our own lines of code. Its message may quote values: PostgreSQL's do."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(error=type(error).__name__, where=_our_frames(error.__traceback__))
    return event


def _our_frames(where: TracebackType | None) -> list[str]:
    """The last of them, as ``registry/views.py:41 detail``."""
    ours = [
        f"{path.relative_to(PACKAGE)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(where)
        if (path := Path(frame.filename)).is_relative_to(PACKAGE)
    ]
    return ours[-FRAMES_LOGGED:]
