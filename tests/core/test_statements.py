"""What is asked by key over and over is planned once a connection; anything else is planned for its values."""

import pytest
from django.db import connection

from ventanilla.core.statements import planned_once

pytestmark = pytest.mark.django_db


def _asked(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::int + 4303", [number])
        assert cursor.fetchone() == (number + 4303,)


def _kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like '%% + 4303'", [])
        return int(cursor.fetchone()[0])


def test_a_statement_asked_again_and_again_is_planned_once() -> None:
    for number in range(8):
        with planned_once():
            _asked(number)
    assert _kept() == 1


def test_what_is_not_asked_by_key_is_planned_for_its_values() -> None:
    for number in range(8):
        _asked(number)
    assert _kept() == 0
