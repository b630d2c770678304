"""The way of a load: received in pieces, looked at, tried, accepted, applied, and its rest given back."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from python_calamine import CalamineWorkbook
from tests import make
from tests.datasets.bringing import HEADINGS, again, bring, counterpart, done, loaded, someone, table, told
from tests.datasets.tables import workbook

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.datasets import applying
from ventanilla.datasets.course import actions, storing, working
from ventanilla.datasets.course.results import rejected_workbook
from ventanilla.datasets.course.storing import OutOfPlace
from ventanilla.datasets.models import Load, RejectedRow
from ventanilla.datasets.states import LoadState
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db
TWICE = "Otra fila del archivo ya trae lo mismo: se tomó la primera."


@pytest.fixture(autouse=True)
def loads_root(tmp_path: Path, settings: LazySettings) -> Path:
    settings.LOADS_ROOT = tmp_path / "loads"
    return tmp_path / "loads"


@pytest.fixture
def by() -> Actor:
    return counterpart()


def names(by: Actor) -> list[str]:
    with acting(by):
        return sorted(Person.objects.values_list("given_names", flat=True))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# From its file to its result


def test_a_file_that_is_understood_is_tried_at_once_and_nothing_is_written(by: Actor) -> None:
    wrong = ("90.000.009-9", "Fresia", "Soto", "", "rsh", "01-10-2026")
    load = done(bring(table(someone(1), someone(2, "Ramón"), wrong, titles=3), by=by))
    assert load.state == LoadState.TRIED
    assert {name: load.trial[name] for name in ("read", "new", "changed", "same", "rejected")} == {
        "read": 3, "new": 2, "changed": 0, "same": 0, "rejected": 1,
    }  # fmt: skip
    assert load.trial["reasons"][0][1:] == [1, [7]]
    assert told(load) == (0, 0, 0, 0)
    assert names(by) == []


def test_accepted_it_is_applied_and_its_file_is_gone(by: Actor, loads_root: Path) -> None:
    content = table(someone(1), someone(2, "Ramón"), someone(1, "Otra"))
    load = done(bring(content, by=by))
    assert len(files_in(loads_root)) == 1
    with acting(by):
        actions.accept_load(load, by=by)
    load = done(load)
    assert (load.state, told(load)) == (LoadState.APPLIED, (2, 0, 0, 1))
    assert names(by) == ["Amalia", "Ramón"]
    assert files_in(loads_root) == []
    with acting(by):
        assert RejectedRow.objects.get().reason == TWICE
        steps = list(load.steps.order_by("at", "id").values_list("after", "account_id"))
    assert [after for after, _ in steps] == ["receiving", "looking", "trying", "tried", "applying", "applied"]
    assert steps[4][1] == by.account_id


def test_the_try_says_what_the_load_then_does(by: Actor) -> None:
    loaded(table(someone(1), someone(2)), by=by)
    load = done(bring(table(someone(1), someone(2, "Amalia Inés"), someone(3), someone(3)), by=by))
    tried = tuple(load.trial[name] for name in ("new", "changed", "same", "rejected"))
    with acting(by):
        actions.accept_load(load, by=by)
    assert told(done(load)) == tried


def test_the_very_same_file_is_noticed(by: Actor) -> None:
    content = table(someone(1))
    first = loaded(content, by=by)
    assert done(bring(content, by=by)).seen["again"] == first.number
    assert done(bring(table(someone(2)), by=by)).seen["again"] is None


def test_one_of_which_no_row_serves_is_not_accepted(by: Actor) -> None:
    load = done(bring(table(("90.000.009-9", "Fresia", "Soto", "", "rsh", "01-10-2026")), by=by))
    with acting(by), pytest.raises(RuleBroken, match="Ninguna fila"):
        actions.accept_load(load, by=by)
    assert again(load).state == LoadState.TRIED


def test_discarded_nothing_of_it_stays(by: Actor, loads_root: Path, django_capture_on_commit_callbacks: type) -> None:
    load = done(bring(table(someone(1), ("1-9", "Fresia", "Soto", "", "rsh", "01-10-2026")), by=by))
    with django_capture_on_commit_callbacks(execute=True), acting(by):
        actions.discard_load(load, by=by)
    assert files_in(loads_root) == []
    found = again(load)
    assert (found.state, found.seen, found.trial) == (LoadState.DISCARDED, {}, {})
    with acting(by):
        assert not RejectedRow.objects.exists()
        with pytest.raises(InvalidTransition, match="está descartada"):
            actions.accept_load(found, by=by)


# What the headings mean


def test_headings_that_nobody_knows_are_asked_once(by: Actor) -> None:
    strange = ("IDENT", "CHAPA", "AP1", "AP2", "DE DONDE", "CUANDO")
    load = done(bring(table(someone(1), headings=strange), by=by))
    assert load.state == LoadState.READY
    assert "le faltan las columnas" in load.problem
    columns = ("run", "nombres", "primer_apellido", "segundo_apellido", "fuente", "fecha_dato")
    meant = dict(zip(strange, columns, strict=True))

    with acting(by):
        actions.try_load(load, meant, by=by)
    load = done(load)
    assert (load.state, load.trial["new"]) == (LoadState.TRIED, 1)
    following = done(bring(table(someone(2), headings=strange), by=by))
    assert (following.state, following.trial["new"], following.mapping) == (LoadState.TRIED, 1, meant)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.7\n", "es un PDF"), (b"PK\x03\x04....", "dañado"), (b"\n \n;;;\n", "le faltan las columnas")],
)
def test_a_file_of_no_use_says_why_and_can_only_be_discarded(by: Actor, content: bytes, said: str) -> None:
    load = done(bring(content, by=by, name="nómina.xlsx"))
    assert load.state == LoadState.READY
    assert said in load.problem
    with acting(by), pytest.raises(InvalidTransition):
        actions.accept_load(load, by=by)


# In pieces


def test_a_file_in_pieces_goes_on_after_a_cut(by: Actor) -> None:
    content = table(someone(1), someone(2, "Ramón"))
    with acting(by):
        load = actions.begin_load(DATASETS["personas"], "C:\\fakepath\\../nómina.csv", len(content), by=by)
        assert load.file_name == "nómina.csv"
        assert actions.receive(load, iter([content[:50]]), at=0, by=by) == 50
        with pytest.raises(OutOfPlace) as refusal:
            actions.receive(load, iter([content[90:]]), at=90, by=by)
        assert refusal.value.has == 50
        with pytest.raises(OutOfPlace):  # the same piece twice, when its answer was lost
            actions.receive(load, iter([content[:50]]), at=0, by=by)
        assert actions.receive(load, iter([content[50:]]), at=50, by=by) == len(content)
    assert done(load).trial["new"] == 2


def test_more_than_it_weighed_is_refused_and_begins_again(by: Actor) -> None:
    with acting(by):
        load = actions.begin_load(DATASETS["personas"], "a.csv", 10, by=by)
        with pytest.raises(RuleBroken, match="Llegó más"):
            actions.receive(load, iter([b"x" * 11]), at=0, by=by)
        assert actions.receive(load, iter([b"x" * 5]), at=0, by=by) == 5


@pytest.mark.parametrize(("size", "said"), [(0, "está vacío"), (3 * 1024**3, "más de 2 GiB")])
def test_a_file_that_cannot_be_is_refused_before_it_comes(by: Actor, size: int, said: str) -> None:
    with acting(by), pytest.raises(RuleBroken, match=said):
        actions.begin_load(DATASETS["personas"], "a.csv", size, by=by)


def test_a_disk_that_fills_up_keeps_what_was_whole(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with acting(by):
        load = actions.begin_load(DATASETS["personas"], "a.csv", 20, by=by)
        actions.receive(load, iter([b"x" * 5]), at=0, by=by)
        with monkeypatch.context() as broken:
            broken.setattr("os.fsync", full)
            with pytest.raises(RuleBroken, match="No queda espacio"):
                actions.receive(load, iter([b"y" * 5]), at=5, by=by)
        assert actions.receive(load, iter([b"z" * 5]), at=5, by=by) == 10
    assert storing.place_of(load).read_bytes() == b"x" * 5 + b"z" * 5


def test_who_installs_loads_operators_and_nobody_from_a_browser(by: Actor) -> None:
    with acting(by), pytest.raises(RuleBroken, match="no se carga desde aquí"):
        actions.begin_load(DATASETS["operadores"], "a.csv", 20, by=by)
    desk = make.actor(Role.FRONT_DESK)
    with acting(desk), pytest.raises(NotAllowed):
        actions.begin_load(DATASETS["personas"], "a.csv", 20, by=desk)


# Killed


class Killed(BaseException):
    """As a process that ends there."""


@pytest.mark.parametrize("after", [1, 2, 3])
def test_killed_between_batches_it_goes_on_where_it_was_and_takes_each_row_once(
    by: Actor, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The rows of the cut: one repeated across it, one wrong on each side."""
    wrong = ("90.000.009-9", "Fresia", "Soto", "", "rsh", "01-10-2026")
    rows = [someone(1), wrong, someone(2), someone(3), someone(1, "Otra"), wrong, someone(4)]
    monkeypatch.setattr(applying, "BATCH_ROWS", 2)
    monkeypatch.setattr(working, "AT_ONCE", 2)
    load = done(bring(table(*rows), by=by))
    with acting(by):
        actions.accept_load(load, by=by)

    def killed() -> Iterator[None]:
        for _ in range(after):
            yield
        raise Killed

    batches = killed()
    with monkeypatch.context() as dying:
        dying.setattr(working, "refuse_suspended", lambda load: next(batches))
        with pytest.raises(Killed):
            done(load)
    cut = again(load)
    assert cut.state == LoadState.APPLYING
    assert told(cut)[0] < 4
    load = done(load)
    assert (load.state, told(load)) == (LoadState.APPLIED, (4, 0, 0, 3))
    assert names(by) == ["Amalia"] * 4
    with acting(by):
        assert list(RejectedRow.objects.order_by("number").values_list("number", flat=True)) == [3, 6, 7]
        assert RejectedRow.objects.get(number=6).reason == TWICE


def test_two_that_apply_the_same_load_do_not_take_a_row_twice(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    load = done(bring(table(someone(1), someone(2)), by=by))
    with acting(by):
        actions.accept_load(load, by=by)

    def another(load: Load) -> None:
        with acting(by):
            Load.objects.filter(pk=load.pk).update(row_done=2)

    monkeypatch.setattr(working, "refuse_suspended", another)
    stopped = done(load)
    assert stopped.state == LoadState.STOPPED
    assert "Otro proceso" in stopped.problem
    assert names(by) == []


def test_of_an_operator_who_was_suspended_meanwhile_nothing_more_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    posting = make.posting(Role.COUNTERPART)
    by = actor_in(posting)
    monkeypatch.setattr(working, "AT_ONCE", 1)
    load = done(bring(table(someone(1), someone(2, "Ramón")), by=by))
    with acting(by):
        actions.accept_load(load, by=by)
    asked = working.refuse_suspended

    def suspended_after_the_first(load: Load) -> None:
        Account.objects.filter(pk=posting.account_id).update(is_active=again(load).row_done == 0)
        asked(load)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(working, "refuse_suspended", suspended_after_the_first)
        load = done(load)
    assert load.state == LoadState.STOPPED
    assert "ya no puede cargar" in load.problem
    somebody = counterpart()
    with acting(somebody):
        actions.accept_load(load, by=somebody)
    assert told(done(load)) == (2, 0, 0, 0)
    assert names(by) == ["Amalia", "Ramón"]


# What was not taken


def test_what_was_not_taken_is_corrected_in_its_workbook_and_loaded(by: Actor, tmp_path: Path) -> None:
    wrong = ("90.000.009-9", "=Fresia", "Soto", "", "rsh", "01-10-2026")
    load = loaded(table(someone(1), wrong), by=by)
    with acting(by):
        book = rejected_workbook(load, by=by)
        last = load.steps.latest("at", "id")
    assert last.note == "Se descargaron 1 filas rechazadas."
    headings, row = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert headings == [*HEADINGS, "fila", "motivo"]
    assert row[1:7] == ["'=Fresia", "Soto", "", "rsh", "01-10-2026", 3]
    assert "dígito verificador" in str(row[7])
    corrected = workbook(tmp_path / "corregidas.xlsx", Rechazadas=[headings, [someone(9)[0], "Fresia", *row[2:]]])
    assert told(loaded(corrected.read_bytes(), by=by, name=corrected.name)) == (1, 0, 0, 0)
    assert names(by) == ["Amalia", "Fresia"]
