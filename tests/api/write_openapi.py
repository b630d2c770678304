"""Writes ``docs/api/openapi.json`` anew: ``python -m tests.api.write_openapi``."""

import os
from pathlib import Path

import django

COMMITTED = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ventanilla.config.settings")
    django.setup()

    from ventanilla.config.api import document_text  # only once Django is set up

    COMMITTED.write_text(document_text())


if __name__ == "__main__":
    main()
