"""Writes ``docs/api/openapi.json`` anew (``make openapi``), or what a release promises of it (``make promise``)."""

import os
import sys
from pathlib import Path

import django

COMMITTED = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
PROMISED = COMMITTED.with_name("promised.txt")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ventanilla.config.settings")
    django.setup()

    from tests.api.promised import written_down

    from ventanilla.config.api import api, document_text  # only once Django is set up

    COMMITTED.write_text(document_text())
    if "--promise" in sys.argv:
        PROMISED.write_text(written_down(api.get_openapi_schema()))


if __name__ == "__main__":
    main()
