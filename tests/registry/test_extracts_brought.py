"""Extracts of the State brought in the browser: their try writes nothing, and says who would no longer figure."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.datasets.bringing import bring, counterpart, done, someone, table
from tests.datasets.bringing import loaded as brought_and_loaded
from tests.intake.desk_page import browser_of
from tests.registry.extract_rows import OCTOBER, RUNS, SEPTEMBER, facts

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.tenancy import acting
from ventanilla.datasets.course import actions
from ventanilla.datasets.models import Load, RejectedRow
from ventanilla.datasets.states import LoadState
from ventanilla.registry.models import Extract

pytestmark = pytest.mark.django_db(transaction=True)  # the trial writes on two connections
HEADINGS = ("persona", "subsidio", "monto", "desde", "fecha_extracto")
HOLDERS = range(501, 521)
FIRST = [str(RUNS[number - 501]) for number in HOLDERS]


@pytest.fixture(autouse=True)
def loads_root(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOADS_ROOT = tmp_path / "loads"


@pytest.fixture
def by() -> Actor:
    by = counterpart()
    brought_and_loaded(table(*(someone(number) for number in HOLDERS)), by=by)
    return by


def extract(runs: Sequence[str], on: str, *more: Sequence[str]) -> bytes:
    return table(*((run, "suf", "22007", "01-06-2025", on) for run in runs), *more, headings=HEADINGS)


def tried(content: bytes, by: Actor) -> Load:
    return done(bring(content, by=by, dataset="subsidios", name="suf.csv"))


def accepted(load: Load, by: Actor, *, gone: bool = False) -> Load:
    with acting(by):
        actions.accept_load(load, by=by, accept_gone=gone)
    return done(load)


def gone() -> int:
    return len(facts(is_gone=True))


def test_its_try_writes_nothing(by: Actor) -> None:
    load = tried(extract([*FIRST[:3], "90.000.999-9"], SEPTEMBER), by)
    assert (load.state, load.trial["new"], load.trial["rejected"]) == (LoadState.TRIED, 3, 1)
    assert facts() == []
    with acting(by):
        assert not Extract.objects.exists()
        assert RejectedRow.objects.filter(load=load).count() == 1


def test_its_try_says_how_many_would_no_longer_figure(by: Actor) -> None:
    accepted(tried(extract(FIRST, SEPTEMBER), by), by)
    load = tried(extract(FIRST[:-1], OCTOBER), by)
    assert (load.trial["gone"], load.trial["too_many_gone"]) == (1, [])
    assert gone() == 0
    accepted(load, by)
    assert gone() == 1


def test_when_too_many_would_they_are_marked_only_if_it_is_accepted(by: Actor) -> None:
    accepted(tried(extract(FIRST, SEPTEMBER), by), by)
    load = tried(extract(FIRST[:4], OCTOBER), by)
    assert load.trial["gone"] == 16
    assert "dejarían de figurar 16 de 20" in load.trial["too_many_gone"][0]
    load = accepted(load, by)
    assert (load.state, gone()) == (LoadState.APPLIED, 0)
    assert "dejarían de figurar 16 de 20" in load.problem
    again = accepted(tried(extract(FIRST[:4], OCTOBER), by), by, gone=True)
    assert (again.state, again.problem, gone()) == (LoadState.APPLIED, "", 16)


def test_with_rows_to_correct_nobody_is_marked_and_the_try_says_so(by: Actor) -> None:
    accepted(tried(extract(FIRST, SEPTEMBER), by), by)
    load = tried(extract(FIRST[:4], OCTOBER, (FIRST[4], "suf", "mil", "", OCTOBER)), by)
    assert load.trial["gone"] == 0
    assert "hay filas rechazadas que corregir" in load.trial["not_marked"][0]
    accepted(load, by)
    assert gone() == 0


def test_the_page_asks_before_so_many_no_longer_figure(by: Actor) -> None:
    accepted(tried(extract(FIRST, SEPTEMBER), by), by)
    load = tried(extract(FIRST[:4], OCTOBER), by)
    client = browser_of(Posting.objects.get(pk=by.posting))
    text = client.get(load.get_absolute_url()).content.decode()
    assert "dejarían de figurar 16 de 20" in text
    assert "que 16 dejen de figurar" in text
    client.post(f"{load.get_absolute_url()}aceptar/", {"accept_gone": "on"})
    done(load)
    assert gone() == 16
