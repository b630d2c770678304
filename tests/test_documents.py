"""The papers that come with the code, held against it: glossary, settings, locks, decisions, public metadata."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import models

from ventanilla.access.permissions import Role
from ventanilla.core.secrecy import Secrecy
from ventanilla.datasets.states import LoadState
from ventanilla.intake.states import ConsultationState, Outcome
from ventanilla.referrals.protocols.states import ProtocolState
from ventanilla.referrals.states import AnswerOutcome, ReferralState
from ventanilla.registry.merging.states import PairState

CHECKOUT = Path(__file__).resolve().parent.parent
DOCS = CHECKOUT / "docs"
READERS = {"text", "number", "flag", "words", "secret_key", "_from_environment"}


def table_rows(text: str) -> dict[str, str]:
    """Of tables whose first cell is in backticks: that cell, and the one after it."""
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text, re.MULTILINE))


def glossary_sections() -> dict[str, dict[str, str]]:
    parts = re.split(r"^## ", (DOCS / "glossary.md").read_text(), flags=re.MULTILINE)
    return {part.partition("\n")[0]: table_rows(part) for part in parts}


@pytest.mark.parametrize(
    "app", [config.label for config in apps.get_app_configs() if config.name.startswith("ventanilla.")]
)
def test_the_glossary_has_every_record_of_an_app_and_none_that_is_gone(app: str) -> None:
    expected = {model.__name__: model._meta.verbose_name for model in apps.get_app_config(app).get_models()}
    found = {title: words for title, words in glossary_sections().items() if title.endswith(f"(`{app}`)")}
    assert list(found.values()) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Roles", Role),
        ("States of a consultation", ConsultationState),
        ("Outcomes of a reason", Outcome),
        ("States of a protocol", ProtocolState),
        ("States of a referral", ReferralState),
        ("States of a load", LoadState),
        ("States of a possible duplicate", PairState),
        ("Outcomes of a counter-referral", AnswerOutcome),
        ("Secrecy", Secrecy),
    ],
)
def test_the_glossary_has_every_code_and_its_words(title: str, codes: type[models.TextChoices]) -> None:
    assert glossary_sections()[title] == {str(code): str(code.label) for code in codes}


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def settings_read() -> set[str]:
    """The names of all environment variables that the package reads, by its typed readers or as an option's default."""
    found = set()
    for path in (CHECKOUT / "src").rglob("*.py"):
        tree = ast.parse(path.read_text())
        known = dict(constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "envvar" and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
            called = getattr(node, "func", None)
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if isinstance(node, ast.Call) and name in READERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and str(first.value).isupper():
                    found.add(str(first.value))
                elif isinstance(first, ast.Name) and first.id in known:
                    found.add(known[first.id])
    return found


def test_every_setting_is_explained_to_municipal_it() -> None:
    assert set(table_rows((DOCS / "howto" / "instalar.md").read_text())) == settings_read()


def test_no_setting_is_read_round_the_typed_readers() -> None:
    wrong = [
        path.as_posix()
        for path in (CHECKOUT / "src").rglob("*.py")
        if path.name != "environment.py"
        and re.search(r"os\.(getenv|environ\.get|environ\[[^]]+\](?! =))", path.read_text())
    ]
    assert wrong == []


def project() -> dict[str, Any]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def test_every_dependency_says_why_it_is_here() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in lists for line in block.splitlines()]
    assert len(lines) == sum(
        map(len, [project()["project"]["dependencies"], project()["project"]["optional-dependencies"]["dev"]])
    )
    assert [line for line in lines if not re.search(r'",\s+# \S', line)] == []


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (CHECKOUT / "requirements" / name).read_text(), re.MULTILINE))


def test_every_dependency_is_locked_with_its_hash_and_without_an_address() -> None:
    runtime, dev = locked("runtime.txt"), locked("dev.txt")
    wanted = [re.split(r"[\[<>=]", line)[0] for line in project()["project"]["dependencies"]]
    assert set(wanted) <= set(runtime)
    assert runtime.items() <= dev.items(), "what is tested must be what runs"
    for name in ("runtime.txt", "dev.txt"):
        text = (CHECKOUT / "requirements" / name).read_text()
        pinned = re.findall(r"^[a-z0-9._\[\],-]+==.+", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9._\[\],-]+==.+ \\\n    --hash=sha256:", text, re.MULTILINE)) > 0
        assert "://" not in text
        assert "--index-url" not in text


def test_decisions_are_numbered_without_gaps_and_say_their_state() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    for path in files:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]}. "), path.name
        for heading in ("Status: ", "## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{path.name}: {heading}"


PAGES = ["README.md", "README.es.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]


@pytest.mark.parametrize(
    "page",
    [CHECKOUT / name for name in PAGES] + sorted(DOCS.rglob("*.md")),
    ids=lambda page: str(page.relative_to(CHECKOUT)),
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("page", ["README.md", "docs/tour.md"])
def test_the_files_an_engineer_is_sent_to_are_there(page: str) -> None:
    named = re.findall(r"`((?:src|tests|docs|tools|bench|requirements)/[\w./-]*)`", (CHECKOUT / page).read_text())
    assert len(named) >= 5
    assert [name for name in named if not (CHECKOUT / name).exists()] == []


def test_public_metadata_has_what_the_standard_asks() -> None:
    found = yaml.safe_load((CHECKOUT / "publiccode.yaml").read_text())
    required = {"publiccodeYmlVersion", "name", "url", "developmentStatus", "softwareType", "platforms", "categories"}
    required |= {"releaseDate", "description", "legal", "maintenance", "localisation"}
    assert required <= set(found)
    assert found["publiccodeYmlVersion"] == "0.4"
    assert found["legal"]["license"] == project()["project"]["license"]
    assert found["softwareVersion"] == project()["project"]["version"]
    assert found["maintenance"]["contacts"]
    assert {"localisationReady", "availableLanguages"} <= set(found["localisation"])
    assert set(found["description"]) == {"en", "es"}
    for words in found["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_the_licence_is_apache_2_whole() -> None:
    text = (CHECKOUT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.splitlines()) == 202


def test_make_explains_itself() -> None:
    help_text = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^\.PHONY: (.+)$", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)[0].split()
    assert [target for target in targets if not re.search(rf"^  {target} +\S", help_text, re.MULTILINE)] == []
