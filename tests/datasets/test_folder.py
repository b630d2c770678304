"""The watched folder: what is whole is taken once, what is safe goes on by itself, and a failed night is seen."""

import os
import time
from datetime import date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests import make
from tests.datasets.bringing import again, counterpart, done, someone, table, told

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.operators import of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.jobs import NotTaken
from ventanilla.datasets.course import actions
from ventanilla.datasets.folder import lateness, looking, taking
from ventanilla.datasets.folder.taking import bring, look_in_folder
from ventanilla.datasets.models import Load, TakenFile, WatchedFolder
from ventanilla.datasets.states import LoadState
from ventanilla.desk.tray import loads as tray

pytestmark = pytest.mark.django_db
AN_HOUR_AGO = time.time() - 3600


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the last change of a file's record is the system's to say: here only what it is compared with."""
    monkeypatch.setattr(looking, "SETTLES", 0)


@pytest.fixture
def by() -> Actor:
    return counterpart()


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings, by: Actor) -> Path:
    settings.LOADS_ROOT, settings.LOADS_FOLDER = tmp_path / "loads", str(tmp_path / "left")
    mine = tmp_path / "left" / f"{by.institution:05}"
    (mine / "personas").mkdir(parents=True)
    return mine


def leave(folder: Path, content: bytes, name: str = "nomina.csv", *, dataset: str = "personas") -> Path:
    path = folder / dataset / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (AN_HOUR_AGO, AN_HOUR_AGO))
    return path


def look(by: Actor) -> taking.Looked:
    looked = look_in_folder(by=of_the_command(by.institution))
    assert looked is not None
    return looked


def night(by: Actor) -> list[Load]:
    """After a look and all that follows from it."""
    taken = look(by).taken
    for load in taken:
        bring(load.pk, by=of_the_command(by.institution))
    return [done(load) for load in taken]


def to_do(by: Actor) -> list[str]:
    with acting(by):
        today = clock.today()
        days = service_days(by.institution, around=today)
        return [item.title for source in (tray.loads_to_decide, tray.folder_amiss) for item in source(by, today, days)]


def test_what_is_whole_is_taken_once_and_goes_on_by_itself(by: Actor, folder: Path) -> None:
    path = leave(folder, table(someone(1), someone(2)))
    (load,) = night(by)
    assert (load.state, load.account_id, told(load)) == (LoadState.APPLIED, None, (2, 0, 0, 0))
    assert path.exists(), "the folder is of whoever leaves files"
    assert (look(by).taken, look(by).before) == ([], 1)
    assert to_do(by) == []


def test_the_very_same_file_with_another_name_is_set_aside(by: Actor, folder: Path) -> None:
    leave(folder, table(someone(1)))
    (first,) = night(by)
    leave(folder, table(someone(1)), "copia.csv")
    (second,) = night(by)
    assert (second.state, second.sha256) == (LoadState.DISCARDED, first.sha256)
    with acting(by):
        assert [step.note for step in second.steps.exclude(note="")] == ["Es idéntico al de la carga 1."]


def test_what_is_not_safe_waits_in_the_tray_of_the_counterpart_and_she_decides(by: Actor, folder: Path) -> None:
    leave(folder, table(someone(1), ("1-1", "Fresia", "Soto", "", "rsh", "01-10-2026")))
    (load,) = night(by)
    assert (load.state, told(load)) == (LoadState.TRIED, (0, 0, 0, 0))
    assert load.problem.startswith("Se rechazarían 1 de sus 2 filas")
    assert to_do(by) == ["Decidir la carga 1, que llegó por la carpeta"]
    assert to_do(make.actor(Role.UAS_HEAD)) == []
    with acting(by):
        actions.accept_load(load, by=by)
    load = done(load)
    assert (load.state, load.account_id, told(load)) == (LoadState.APPLIED, by.account_id, (1, 0, 0, 1))
    assert to_do(by) == []


def test_whoever_said_what_its_columns_are_also_accepts_it(by: Actor, folder: Path) -> None:
    headings = ("RUT", "Xyz", "Apellido Paterno", "Apellido Materno", "fuente", "fecha_dato")
    leave(folder, table(someone(1), headings=headings))
    (load,) = night(by)
    assert load.state == LoadState.READY
    with acting(by):
        actions.try_load(load, {"Xyz": "nombres"}, by=by)
    load = done(load)
    assert (load.state, load.problem, load.to_take) == (LoadState.TRIED, "", 1)
    assert to_do(by) == ["Decidir la carga 1, que llegó por la carpeta"]
    leave(folder, table(someone(2), headings=headings), "otra.csv")
    (second,) = night(by)
    assert second.state == LoadState.APPLIED, "what was said once holds for the next night"


def test_what_still_comes_is_left_alone(by: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SETTLES", 120)
    leave(folder, table(someone(1)))
    leave(folder, table(someone(1)), "otro.csv.part")
    leave(folder, table(someone(1)), ".oculto.csv")
    looked = look(by)
    assert (looked.taken, looked.coming, looked.problems) == ([], 2, [])


def test_what_does_not_serve_is_said(by: Actor, folder: Path) -> None:
    leave(folder, b"")
    leave(folder, b"x", dataset="subsidio")
    leave(folder, b"x", dataset="operadores")
    (folder / "personas" / "secreto.csv").symlink_to("/etc/passwd")
    looked = look(by)
    assert looked.taken == []
    assert [problem.partition("»")[0] for problem in looked.problems] == [
        "«operadores", f"«{by.institution:05}/personas/nomina.csv", "«subsidio",
    ]  # fmt: skip
    assert to_do(by) == ["Avisar lo que pasa con la carpeta de extractos"]


def test_without_a_folder_nothing_is_said_and_one_that_goes_away_is(by: Actor, folder: Path) -> None:
    other = of_the_command(5101)
    assert look_in_folder(by=other) is None
    leave(folder, table(someone(1)))
    look(by)
    folder.rename(folder.with_name("otra"))
    assert look(by).problems == ["La carpeta de esta municipalidad ya no está."]
    with acting(by):
        assert WatchedFolder.objects.get().problem
        TakenFile.objects.update(taken_at=clock.now() - lateness.MISSED_FOR)
    assert look_in_folder(by=of_the_command(by.institution)) is None
    assert to_do(by) == [], "nobody misses it any more"


def test_when_the_folder_of_all_cannot_be_read_only_whoever_uses_it_is_told(
    by: Actor, folder: Path, settings: LazySettings
) -> None:
    leave(folder, table(someone(1)))
    look(by)
    folder.parent.rename(folder.parent.with_name("unmounted"))
    assert look(by).problems[0].startswith("La carpeta de los extractos no se puede leer")
    assert look_in_folder(by=of_the_command(5101)) is None


def test_a_file_that_changed_meanwhile_is_taken_as_it_is_now(by: Actor, folder: Path) -> None:
    path = leave(folder, table(someone(1)))
    (load,) = look(by).taken
    path.write_bytes(table(someone(1), someone(2)))
    bring(load.pk, by=of_the_command(by.institution))
    assert again(load).state == LoadState.DISCARDED
    (load,) = night(by)
    assert told(load) == (2, 0, 0, 0)


def test_killed_while_it_was_copied_it_begins_again(by: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(folder, table(*(someone(number) for number in range(200))))
    (load,) = look(by).taken
    with monkeypatch.context() as dying:
        dying.setattr(taking, "PIECE", 1000)
        read = taking._pieces
        dying.setattr(taking, "_pieces", lambda file: chain(islice(read(file), 2), map(_die, [0])))
        with pytest.raises(KeyboardInterrupt):
            bring(load.pk, by=of_the_command(by.institution))
    assert again(load).state == LoadState.RECEIVING
    assert look(by).taken == [], "it is the same file"
    bring(load.pk, by=of_the_command(by.institution))
    assert told(done(load)) == (200, 0, 0, 0)


def _die(_: int) -> bytes:
    raise KeyboardInterrupt


def test_one_that_cannot_be_read_now_is_tried_again_and_seen(by: Actor, folder: Path, settings: LazySettings) -> None:
    leave(folder, table(someone(1)))
    (load,) = look(by).taken
    root = Path(settings.LOADS_ROOT)
    root.rename(root.with_name("before"))
    root.write_bytes(b"not a folder")
    with pytest.raises(NotTaken):
        bring(load.pk, by=of_the_command(by.institution))
    assert again(load).problem.endswith("Se intenta otra vez más tarde.")
    assert len(to_do(by)) == 1
    root.unlink()
    bring(load.pk, by=of_the_command(by.institution))
    assert done(load).state == LoadState.APPLIED


def test_what_used_to_come_each_night_is_missed_in_the_morning(by: Actor, folder: Path) -> None:
    leave(folder, table(someone(1)))
    (load,) = night(by)
    now = datetime.now().astimezone()
    with acting(by):
        TakenFile.objects.all().delete()
        for days in (30, 29, 28, 27):
            moment = now - timedelta(days=days)
            TakenFile.objects.create(place=f"x/{days}", size=1, modified=1, taken_at=moment, load=load)
    assert [title.partition(":")[0] for title in to_do(by)] == ["No llegó el extracto"]
    night(by)
    assert to_do(by) == [], "it came"
    with acting(by):
        for taken in TakenFile.objects.all():
            TakenFile.objects.filter(pk=taken.pk).update(taken_at=taken.taken_at - timedelta(days=60))
    assert to_do(by) == [], "it is not waited for any more"


@pytest.mark.parametrize(
    ("came", "next_on"),
    [
        ((date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)), date(2026, 11, 5)),
        ((date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 6)), date(2026, 11, 9)),
        ((date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)), date(2026, 11, 23)),
        ((date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 8)), date(2026, 11, 9)),
    ],
)
def test_the_usual_time_is_counted_in_working_days(came: tuple[date, ...], next_on: date) -> None:
    assert lateness.usually_after(list(came), WorkingDays(frozenset())) == next_on


def test_it_is_missed_from_the_morning_of_its_day_on() -> None:
    due = date(2026, 11, 5)
    assert not lateness.is_missed(due, datetime(2026, 11, 5, 8, 59))
    assert lateness.is_missed(due, datetime(2026, 11, 5, 9, 0))
    assert lateness.is_missed(due, datetime(2026, 11, 6, 1, 0))
