"""Rows of which no rule says whose they are: nothing of anybody changes, nothing is lost, and somebody decides."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st
from tests.datasets.bringing import HEADINGS, bring, counterpart, done, loaded, someone, table
from tests.datasets.file_of import loaded_rows
from tests.make import MONTE_PATRIA, actor

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.datasets.applying import Figures
from ventanilla.datasets.course import actions as loads
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import command_actor
from ventanilla.datasets.states import LoadState
from ventanilla.registry.loading.doubtful import LIKE_ANOTHER, OF_ANOTHER, Name, disagree
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.actions import Joining, merge_pair, set_apart
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.states import FoundBy, PairState
from ventanilla.registry.models import Identifier, Person, PossibleDuplicate

pytestmark = pytest.mark.django_db

ROSA = {"run": "90.000.001-4", "nombres": "Rosa Elvira", "primer_apellido": "Araya", "segundo_apellido": "Tapia",
        "fecha_nacimiento": "14-05-1983", "fuente": "rsh", "fecha_dato": "01-10-2026"}  # fmt: skip
ANOTHER = ROSA | {"nombres": "Luis Alberto", "primer_apellido": "Vega", "segundo_apellido": "Pizarro",
                  "fecha_nacimiento": "03-03-1990", "fecha_dato": "01-11-2026"}  # fmt: skip
COMMAND = command_actor


def told(found: Figures) -> tuple[int, int, int, int, int]:
    assert found.read == found.new + found.changed + found.same + found.doubtful + found.rejected
    return found.new, found.changed, found.same, found.doubtful, found.rejected


def load(folder: Path, *rows: dict[str, str], **options: int) -> Figures:
    return loaded_rows(folder, "personas", *rows, **options).figures


def people() -> dict[str, str | None]:
    with acting(command_actor(MONTE_PATRIA)):
        return {
            f"{person.given_names} {person.first_surname}": person.run
            for person in Person.objects.filter(merged_into=None)
        }


def pair() -> PossibleDuplicate:
    with acting(command_actor(MONTE_PATRIA)):
        return PossibleDuplicate.objects.select_related("first", "second").get()


# Which names disagree

SAME = [
    (Name("Rosa Elvira", "Araya", "Tapia"), Name("Rosa", "Araya", "")),
    (Name("Rosa Elvira", "Araya", "Tapia"), Name("Elvira", "Araya", "Tapia")),
    (Name("Rosa", "Araya", "Tapia"), Name("Roza", "Haraya", "Tapia")),
    (Name("Rosa", "Araya", "Tapia"), Name("Rosa", "Tapia", "Araya")),
    (Name("Rosa", "Araya", "Tapia"), Name("Rosa", "Contreras", "Tapia")),
    (Name("R.", "Araya", "Tapia"), Name("Rosa", "Araya", "Tapia")),
    (Name("Gonzalo", "González", "Muñoz"), Name("GONSALO", "GONSALES", "MUNOZ")),
    (Name("Luis", "Vega", "Soto", "Amanda"), Name("Amanda", "Vega", "Soto")),
    (Name("Rosa", ""), Name("Rosa Elvira", "Araya", "Tapia")),
    (Name("Rosa", "San Martín", "Soto"), Name("Rosa", "Sanmartín")),
    (Name("Rosa", "De la Fuente"), Name("Rosa", "Delafuente")),
    (Name("María José", "Díaz"), Name("Mariajosé", "Díaz")),
    (Name("Mª Elena", "Huenchumilla"), Name("María Elena", "Wenchumilla")),
    (Name("Bryan", "Díaz"), Name("Brayan", "Dias")),
]
OTHERS = [
    (Name("Rosa", "Araya", "Tapia"), Name("Luis", "Araya", "Tapia")),
    (Name("Rosa", "Araya", "Tapia"), Name("Rosa", "Vega", "Pizarro")),
    (Name("Rosa", "Araya", "Tapia"), Name("Luis", "Vega", "Pizarro")),
    (Name("María", "Soto"), Name("Marcos", "Soto")),
    (Name("María de los Ángeles", "De la Cruz"), Name("María de la Luz", "De la Fuente")),
    (Name("Rosa", ""), Name("Luis", "Araya", "Tapia")),
    (Name("Araya Rosa", "Tapia"), Name("Luis", "Rosa", "Vega")),
    (Name("李", "王"), Name("Luis", "Vega")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_slip_or_a_name_left_out_is_no_disagreement(one: Name, other: Name) -> None:
    assert not disagree(one, other)
    assert not disagree(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_no_given_name_or_no_surname_in_common_is(one: Name, other: Name) -> None:
    assert disagree(one, other)
    assert disagree(other, one)


WORDS = st.sampled_from(["Rosa", "Luis", "M", "Ñusta", "Del", "", "O'Ryan", "José Luis"])
NAMES = st.builds(Name, WORDS, WORDS, WORDS, WORDS)


@given(NAMES, NAMES)
def test_the_order_of_the_two_does_not_matter(one: Name, other: Name) -> None:
    assert disagree(one, other) == disagree(other, one)


# A RUN with another name


def test_a_run_with_another_name_changes_nothing_of_hers_and_is_kept_apart(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    found = load(tmp_path, ANOTHER)
    assert told(found) == (0, 0, 0, 1, 0)
    assert found.doubts == {OF_ANOTHER: 1}
    assert found.doubt_rows == {OF_ANOTHER: [2]}
    assert people() == {"Rosa Elvira Araya": "90000001-4", "Luis Alberto Vega": None}
    assert (pair().found_by, pair().state, pair().evidence["run"]) == (FoundBy.LOAD, PairState.PENDING, "claimed")


def test_a_name_with_a_slip_is_brought_up_to_date(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    slip = ROSA | {"nombres": "Rosa", "primer_apellido": "Arraya", "fecha_dato": "01-11-2026"}
    assert told(load(tmp_path, slip)) == (0, 1, 0, 0, 0)
    assert people() == {"Rosa Arraya": "90000001-4"}


def test_the_same_file_again_asks_nothing_again(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    load(tmp_path, ANOTHER)
    assert told(load(tmp_path, ANOTHER)) == (0, 0, 1, 0, 0)
    assert len(people()) == 2
    assert told(load(tmp_path, ANOTHER | {"fecha_dato": "15-11-2026"})) == (0, 1, 0, 0, 0)
    assert len(people()) == 2


@pytest.mark.parametrize(
    "his", [{"referencia": "P-1"}, {"documento_tipo": "pasaporte", "documento_pais": "PE", "documento_numero": "X1"}]
)
@pytest.mark.parametrize("decision", ["none", "different", "same"])
def test_one_kept_apart_with_his_own_reference_or_document_is_found_by_it(
    tmp_path: Path, his: dict[str, str], decision: str
) -> None:
    load(tmp_path, ROSA)
    assert told(load(tmp_path, ANOTHER | his)) == (0, 0, 0, 1, 0)
    by = actor(Role.UAS_HEAD)
    with acting(by):
        if decision == "different":
            set_apart(pair(), by=by)
        elif decision == "same":
            merge_pair(pair(), Joining(taken={}, reason="Cambió su nombre en el Registro Civil"), by=by)
    known = people()
    found = told(load(tmp_path, ANOTHER | his))
    assert found in ((0, 0, 1, 0, 0), (0, 1, 0, 0, 0))
    assert people() == known


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_whoever_is_kept_apart_takes_nothing_from_the_row_that_is_hers(tmp_path: Path, batch_rows: int) -> None:
    load(tmp_path, ROSA)
    found = load(tmp_path, ANOTHER, without_run(ROSA, "A-9"), batch_rows=batch_rows)
    assert told(found) == (0, 1, 0, 1, 0)


def test_a_reference_of_a_third_person_is_rejected_whatever_the_name(tmp_path: Path) -> None:
    load(tmp_path, ROSA, without_run(ANOTHER, "P-3", nombres="Fresia", primer_apellido="Soto"))
    assert told(load(tmp_path, ANOTHER | {"referencia": "P-3"})) == (0, 0, 0, 0, 1)


def test_the_run_of_a_record_that_was_joined_brings_no_other_name_to_the_one_kept(tmp_path: Path) -> None:
    """The RUN that was mistyped for Rosa is of Luis, who comes one day."""
    load(tmp_path, ROSA, ROSA | {"run": "90.000.002-2", "nombres": "Rosa"})
    by = actor(Role.UAS_HEAD)
    with acting(command_actor(MONTE_PATRIA)):
        first, second = Person.objects.order_by("run")
        put_doubts([Doubt(first.pk, second.pk, 20, {})], by=command_actor(MONTE_PATRIA), found_by=FoundBy.SEARCH)
    with acting(by):
        merge_pair(pair(), Joining(taken={}, reason="Un RUN mal escrito"), by=by)
    ((name, run),) = people().items()
    absorbed = "90.000.002-2" if run == "90000001-4" else "90.000.001-4"
    slip = ROSA | {"run": absorbed, "nombres": "Roza", "fecha_dato": "20-10-2026"}
    assert told(load(tmp_path, slip)) == (0, 1, 0, 0, 0)
    assert people() == {name: run}
    assert told(load(tmp_path, ANOTHER | {"run": absorbed})) == (0, 0, 0, 1, 0)
    assert people() == {name: run, "Luis Alberto Vega": None}


def test_a_doubt_found_in_a_trial_leaves_nothing(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    assert told(load(tmp_path, ANOTHER, dry_run=True)) == (0, 0, 0, 1, 0)
    assert len(people()) == 1
    with acting(command_actor(MONTE_PATRIA)):
        assert not PossibleDuplicate.objects.exists()


def test_one_reference_for_both_stays_with_her_who_has_it(tmp_path: Path) -> None:
    load(tmp_path, ROSA | {"referencia": "P-1"})
    assert told(load(tmp_path, ANOTHER | {"referencia": "P-1"})) == (0, 0, 0, 1, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Identifier.objects.get(value="P-1").person.given_names == "Rosa Elvira"


def test_decided_to_be_different_the_next_file_is_his(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    load(tmp_path, ANOTHER)
    by = actor(Role.UAS_HEAD)
    with acting(by):
        set_apart(pair(), by=by)
    assert told(load(tmp_path, ANOTHER | {"sexo": "hombre", "fecha_dato": "20-11-2026"})) == (0, 1, 0, 0, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Person.objects.get(given_names="Luis Alberto").sex == "male"
        assert Person.objects.get(run="90000001-4").sex == ""


@pytest.mark.parametrize("takes_name", [True, False])
def test_decided_to_be_the_same_the_name_that_was_chosen_stays(tmp_path: Path, takes_name: bool) -> None:
    load(tmp_path, ROSA)
    load(tmp_path, ANOTHER)
    by = actor(Role.UAS_HEAD)
    taken = dict.fromkeys((name for name in rules.NAMES if name != "run"), takes_name)
    with acting(by):
        merge_pair(pair(), Joining(taken=taken, reason="Cambió su nombre en el Registro Civil"), by=by)
    chosen = people()
    assert told(load(tmp_path, ANOTHER | {"fecha_dato": "20-11-2026"})) == (0, 1, 0, 0, 0)
    assert people() == chosen == {"Luis Alberto Vega" if takes_name else "Rosa Elvira Araya": "90000001-4"}


# Without RUN


def without_run(row: dict[str, str], reference: str, **cells: str) -> dict[str, str]:
    return row | {"run": "", "referencia": reference} | cells


def test_the_same_name_and_birth_date_of_one_alone_are_hers(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    assert told(load(tmp_path, without_run(ROSA, "A-9", nombres="ROSA ELVIRA"))) == (0, 1, 0, 0, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Identifier.objects.get(value="A-9").person.run == "90000001-4"
    assert len(people()) == 1


@pytest.mark.parametrize(
    "other", [{"nombres": "Rosa"}, {"fecha_nacimiento": "05-14-1983"[3:5] + "-05-1983"}, {"segundo_apellido": ""}]
)
def test_much_like_somebody_is_registered_and_somebody_decides(tmp_path: Path, other: dict[str, str]) -> None:
    load(tmp_path, ROSA)
    unsure = without_run(ROSA, "A-9", nombres="Rosa Elvirra") | other
    found = load(tmp_path, unsure)
    assert told(found) == (0, 0, 0, 1, 0)
    assert found.doubts == {LIKE_ANOTHER: 1}
    assert len(people()) == 2 if unsure["nombres"] != "Rosa Elvira" else 1
    assert told(load(tmp_path, unsure)) == (0, 0, 1, 0, 0)


def test_two_of_the_same_name_and_birth_date_are_not_decided_by_a_rule(tmp_path: Path) -> None:
    load(tmp_path, ROSA, ROSA | {"run": "90.000.002-2"})
    assert told(load(tmp_path, without_run(ROSA, "A-9"))) == (0, 0, 0, 1, 0)


def test_like_nobody_is_new(tmp_path: Path) -> None:
    load(tmp_path, ROSA)
    assert told(load(tmp_path, without_run(ANOTHER, "A-9"))) == (1, 0, 0, 0, 0)


# In the browser


def test_the_pages_of_a_load_count_them_and_undoing_takes_them_back(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOADS_ROOT = tmp_path / "loads"
    by = counterpart()
    loaded(table(someone(1)), by=by)
    row = (someone(1)[0], "Luis Alberto", "Vega", "Pizarro", "rsh", "01-11-2026")
    tried = done(bring(table(row, headings=HEADINGS), by=by))
    assert (tried.trial["doubtful"], tried.trial["doubts"]) == (1, [[OF_ANOTHER, 1, [2]]])
    with acting(by):
        loads.accept_load(tried, by=by)
    applied = done(tried)
    assert (applied.state, applied.rows_doubtful, applied.rows_read) == (LoadState.APPLIED, 1, 1)
    with acting(by):
        assert PossibleDuplicate.objects.count() == 1
        loads.undo_load(Load.objects.get(pk=applied.pk), by=by)
    assert done(applied).state == LoadState.UNDONE
    assert len(people()) == 1
    with acting(by):
        assert not PossibleDuplicate.objects.exists()
