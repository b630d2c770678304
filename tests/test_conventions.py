"""What a machine can check of how the code looks, so that people need not remember it (docs/tour.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import ventanilla
from ventanilla.core.tables import tables

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = Path(ventanilla.__file__).parent

LONGEST = 400
ALLOWED_TO_BE_LONGER: dict[str, str] = {}
"""Files past ``LONGEST`` lines, each with its reason."""

VAGUE_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services"),
    *("handler", "handlers", "data", "info", "misc"),
}
UNINDEXED_LOOKUP = re.compile(r"__(i?contains|iexact|i?startswith|i?endswith|i?regex|search|trigram_\w+)\b")
INDEXED_LOOKUPS = {"__startswith"}
ALLOWED_LOOKUPS = {
    ("access/models/operators.py", "__contains"): "the roles of a requirement: a reference table of a few rows",
}
LATE_RESPONSES = {"StreamingHttpResponse", "FileResponse", "TemplateResponse", "SimpleTemplateResponse"}
CLOCKS = {
    *("date.today", "datetime.today", "datetime.now", "datetime.utcnow", "timezone.now", "timezone.localdate"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals", "django.contrib.auth.signals")


def python_files(*folders: str) -> list[Path]:
    """Those under these folders of the checkout; migrations are Django's to shape."""
    found = [path for folder in folders for path in sorted((CHECKOUT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else CHECKOUT).as_posix()


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in python_files(*folders):
        yield named(path), ast.parse(path.read_text())


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of the source, or as much of its end as is made of names."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_says_in_one_sentence_what_belongs_in_it() -> None:
    wrong = []
    for name, tree in trees("src", "tests", "bench", "tools"):
        if name.endswith(("/apps.py", "__init__.py")) and not ast.get_docstring(tree):
            continue  # Django's own shape, or only a folder's mark
        summary = (ast.get_docstring(tree) or "").partition("\n\n")[0]
        if not summary.endswith((".", "?")) or re.search(r"[.?]\s+[A-ZÁÉÍÓÚÑ]", summary):
            wrong.append(name)
    assert wrong == []


def test_no_file_is_too_long_to_read_at_once() -> None:
    files = python_files("src", "tests", "bench", "tools")
    files += [path for kind in ("*.html", "*.js") for path in PACKAGE.rglob(kind)]
    lengths = {named(path): len(path.read_text().splitlines()) for path in files}
    assert {
        name: lines for name, lines in lengths.items() if lines > LONGEST and name not in ALLOWED_TO_BE_LONGER
    } == {}
    assert all(lengths[name] > LONGEST for name in ALLOWED_TO_BE_LONGER), "an exception that is no longer needed"


def test_no_module_or_class_has_a_name_that_says_nothing() -> None:
    wrong = []
    for path in python_files("src", "tests", "bench", "tools"):
        wrong += [named(path)] * bool(VAGUE_NAMES & {*path.stem.lower().split("_")})
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                words = re.findall(r"[A-Z][a-z]+", node.name)
                wrong += [f"{named(path)}: {node.name}"] * bool(VAGUE_NAMES & {word.lower() for word in words})
    assert wrong == []


def test_only_the_clock_reads_the_clock() -> None:
    """Elsewhere the day and the instant are arguments, so that what happened can be written down later."""
    wrong = []
    for name, tree in trees("src"):
        if name == "core/clock.py":
            continue
        wrong += [f"{name}: from {found}" for found in imported(tree) if found in CLOCKS]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in CLOCKS:
                wrong.append(f"{name}:{node.lineno}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                wrong.append(f"{name}:{node.value.lineno}")
            if isinstance(node, ast.Name) and node.id == "Now":
                wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def test_no_filter_of_tenant_rows_goes_round_their_indexes() -> None:
    """Under row-level security only leakproof operators use an index; the others read the whole town."""
    wrong = []
    for path in python_files("src"):
        for found in UNINDEXED_LOOKUP.finditer(path.read_text()):
            lookup = found.group(0)
            if lookup not in INDEXED_LOOKUPS and (named(path), lookup) not in ALLOWED_LOOKUPS:
                wrong.append(f"{named(path)}: {lookup}")
    assert wrong == []


def test_no_answer_is_made_after_the_transaction() -> None:
    """A streamed or late page would be rendered with the institution gone: empty, and without a word."""
    wrong = [
        f"{name}: {found}"
        for name, tree in trees("src")
        for found in imported(tree)
        if found.split(".")[-1] in LATE_RESPONSES
    ]
    assert wrong == []


def test_nothing_happens_by_signal() -> None:
    wrong = [f"{name}: {found}" for name, tree in trees("src") for found in imported(tree) if found.startswith(SIGNALS)]
    assert wrong == []


def test_no_model_hides_a_rule_in_its_saving() -> None:
    wrong = [
        f"{name}: {node.name}.{method.name}"
        for name, tree in trees("src")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Model" in dotted(base) for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "clean"}
    ]
    assert wrong == []


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("ventanilla.")]


def test_every_model_declares_its_class_and_how_long_it_is_kept() -> None:
    declared = tables()
    assert all(declared[model._meta.db_table].retention for model in our_models())
    assert all(declared[model._meta.db_table].table_class for model in our_models())


def test_every_model_has_a_name_in_spanish() -> None:
    assert [model.__name__ for model in our_models() if "verbose_name" not in model._meta.original_attrs] == []


def test_no_table_is_made_behind_our_back() -> None:
    """An automatic many-to-many makes a table without institution, class or audit."""
    assert [model.__name__ for model in our_models() if model._meta.auto_created] == []
    assert [model.__name__ for model in our_models() if model._meta.local_many_to_many] == []


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(r"\sstyle\s*=", id="style attribute"),
        pytest.param(r"\son[a-z]+\s*=\s*[\"']", id="inline event"),
        pytest.param(r"<script(?![^>]*\bsrc=)", id="inline script"),
        pytest.param(r"<style\b", id="inline style sheet"),
        pytest.param(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", id="foreign host"),
        pytest.param(r"\|\s*safe\b|{%\s*autoescape off", id="unescaped text"),
        pytest.param(r"{%\s*now\b", id="clock"),
    ],
)
def test_templates_keep_to_the_content_security_policy(forbidden: str) -> None:
    wrong = [
        f"{named(path)}: {found.group(0)}"
        for path in sorted(PACKAGE.rglob("*.html"))
        for found in re.finditer(forbidden, re.sub(r"{#.*?#}", "", path.read_text()))
    ]
    assert wrong == []


def test_styles_and_scripts_ask_nothing_of_another_host() -> None:
    wrong = [
        f"{named(path)}: {found.group(0)}"
        for kind in ("*.css", "*.js", "*.svg")
        for path in sorted(PACKAGE.rglob(kind))
        for found in re.finditer(r"(?:https?:)//(?!www\.w3\.org/)[^\s\"')]+|@import\s+url", path.read_text())
    ]
    assert wrong == []


def test_no_two_test_files_have_the_same_name() -> None:
    """They are collected by their name alone, and the second is left out with an error that says little."""
    names = [path.name for path in (CHECKOUT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
