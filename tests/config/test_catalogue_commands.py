"""``ventanilla catalogue``: an amendment published from a file reaches every institution in one step."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import make
from tests.catalogue.national_files import AMENDED, BONUS

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Entry, NationalEntryVersion, Reason

pytestmark = pytest.mark.django_db(transaction=True)
SomeCommand = Callable[..., Any]


def test_an_amendment_is_published_and_adopted_in_one_step(
    ventanilla: SomeCommand, database_environment: dict[str, str], tmp_path: Path
) -> None:
    for number in (make.MONTE_PATRIA, make.COMBARBALA):
        with make.inside(number):
            make.person()
    first, second = tmp_path / "bono.toml", tmp_path / "enmienda.toml"
    first.write_text(BONUS, encoding="utf-8")
    second.write_text(AMENDED, encoding="utf-8")

    def run(*arguments: object) -> Any:
        made = ventanilla("catalogue", *map(str, arguments), "--json", **database_environment)
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    told = run("publish", first)
    assert told["published"] == {"entries": 1, "versions": 1, "withdrawn": 0, "amounts": 0, "corrected": 0}
    assert {number: done["added"] > 30 for number, done in told["adopted"].items()} == {"4302": True, "4303": True}
    told = run("publish", second, "--no-adopt")
    assert (told["published"]["versions"], told["adopted"]) == (1, {})
    told = run("adopt", "--institution", 4301)
    assert told["adopted"]["4303"] == {"added": 0, "followed": 1, "withdrawn": 0}
    assert told["adopted"]["4301"]["added"] > 30, "an institution that is named adopts it for the first time"
    assert not any(sum(done.values()) for done in run("adopt")["adopted"].values())
    with acting(make.actor(Role.UAS_HEAD, 4301)):
        assert Entry.objects.get(national_id="test_bonus").number == 2
        assert Reason.objects.exists()
    plain = ventanilla("catalogue", "publish", str(first), str(second), **database_environment)
    assert plain.returncode != 0
    assert "está dos veces" in plain.stderr
    plain = ventanilla("catalogue", "publish", str(second), **database_environment)
    assert plain.stdout == "Todo estaba publicado.\nLas instituciones ya estaban al día.\n"


def test_a_bad_file_changes_nothing_and_is_told_in_a_sentence(
    ventanilla: SomeCommand, database_environment: dict[str, str], tmp_path: Path
) -> None:
    before = NationalEntryVersion.objects.count()
    bad = tmp_path / "malo.toml"
    for written, said in (
        (BONUS.replace('plain = "Un bono."', ""), "malo.toml, «test_bonus», versión 1: falta qué es, «plain»."),
        (BONUS.replace('"subsidies"', '"magic"'), "no hay una función con el código «magic»"),
        (BONUS.replace("test_bonus", "suf"), "«suf», versión 1, ya está publicada"),
        ("esto no es", "no es un archivo TOML"),
    ):
        bad.write_text(written, encoding="utf-8")
        made = ventanilla("catalogue", "publish", str(bad), **database_environment)
        assert made.returncode == 1
        assert said in made.stderr
        assert "Traceback" not in made.stderr
    bad.write_bytes("año".encode("latin-1"))
    made = ventanilla("catalogue", "publish", str(bad), **database_environment)
    assert (made.returncode, "no está en UTF-8" in made.stderr) == (1, True)
    made = ventanilla("catalogue", "adopt", "--institution", "99", **database_environment)
    assert (made.returncode, "No hay una institución con el número 99" in made.stderr) == (1, True)
    assert NationalEntryVersion.objects.count() == before
