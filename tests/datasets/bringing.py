"""Files brought to the browser as somebody would, and the jobs that then have them done one after another."""

from collections.abc import Sequence

from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.operators import actor_in, of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.run import check_digit
from ventanilla.datasets.course import actions, undoing, working
from ventanilla.datasets.models import Load
from ventanilla.datasets.states import LoadState

HEADINGS = ("RUT", "Nombres", "Apellido Paterno", "Apellido Materno", "fuente", "fecha_dato")


def counterpart() -> Actor:
    return actor_in(make.posting(Role.COUNTERPART))


def someone(number: int, name: str = "Amalia", surname: str = "Muñoz") -> tuple[str, ...]:
    """A row whose RUN is 90.000.000 and so many."""
    body = 90_000_000 + number
    return (f"{body}-{check_digit(body)}", name, surname, "Ñancupil", "rsh", "01-10-2026")


def table(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, titles: int = 0) -> bytes:
    """In Latin-1, between semicolons, under so many titles."""
    lines = [f"Datos ficticios {number}" for number in range(titles)]
    lines += [";".join(cells) for cells in (headings, *rows)]
    return "\r\n".join(lines).encode("latin-1")


def bring(content: bytes, *, by: Actor, dataset: str = "personas", name: str = "nómina.csv") -> Load:
    """Received whole, and not looked at yet."""
    with acting(by):
        load = actions.begin_load(DATASETS[dataset], name, len(content), by=by)
        actions.receive(load, iter([content]), at=0, by=by)
    return load


def done(load: Load) -> Load:
    """After every job that it asks for."""
    jobs = {
        LoadState.LOOKING: working.look,
        LoadState.TRYING: working.try_,
        LoadState.APPLYING: working.apply,
        LoadState.UNDOING: undoing.undo,
    }
    by = of_the_command(load.institution_id or 0)
    while (found := again(load)).is_working:
        jobs[LoadState(found.state)](load.pk, by=by)
        assert again(load).state != found.state, "a job that leaves it as it was"
    return found


def again(load: Load) -> Load:
    with acting(of_the_command(load.institution_id or 0)):
        return Load.objects.select_related("account").get(pk=load.pk)


def loaded(content: bytes, *, by: Actor, **options: str) -> Load:
    """Brought, tried, accepted and applied."""
    load = done(bring(content, by=by, **options))
    assert load.state == LoadState.TRIED, load.problem
    with acting(by):
        actions.accept_load(load, by=by)
    return done(load)


def told(load: Load) -> tuple[int, int, int, int]:
    """New, changed, same and rejected; they and the doubtful are all that was read."""
    taken = load.rows_new + load.rows_changed + load.rows_same + load.rows_doubtful
    assert load.rows_read == taken + load.rows_rejected
    return load.rows_new, load.rows_changed, load.rows_same, load.rows_rejected


def left_to_decide(institution: int) -> Load:
    """A load of which somebody has to say what its headings mean."""
    by = make.actor(Role.COUNTERPART, institution)
    with acting(by):
        load = actions.begin_load(DATASETS["personas"], "nómina.csv", 9, by=by)
        Load.objects.filter(pk=load.pk).update(state=LoadState.READY)
    return load
