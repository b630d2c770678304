"""What every page keeps: no foreign host, no inline style, fields in order, errors as sentences."""

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import brotli
import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.config import errors
from ventanilla.config.shell import Shell
from ventanilla.core import diseno
from ventanilla.core import forms as core_forms
from ventanilla.core.errors import RuleBroken, StaleVersion
from ventanilla.core.ids import new_id
from ventanilla.core.resend import POSTING_FIELD
from ventanilla.core.templatetags import ventanilla as tags

CORE = Path(core_forms.__file__).parent
PARTS = sorted((CORE / "templates/core/parts").glob("*.html"))
STYLES = sorted((CORE / "static/core/css").glob("*.css"))
SCRIPTS = sorted((CORE / "static/core/js").glob("*.js"))


@pytest.fixture
def page(client: Client, settings: Any) -> str:
    settings.DEMO = True
    return client.get("/diseno/").content.decode()


def attributes(page: str, name: str) -> list[str]:
    return re.findall(rf'\s{name}="([^"]*)"', page)


def test_the_design_page_needs_no_database_and_is_only_for_demonstrations(client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert client.get("/diseno/").status_code == 200
    settings.DEMO = False
    assert client.get("/diseno/").status_code == 404


def test_the_design_page_shows_every_part(page: str) -> None:
    source = (CORE / "templates/core/diseno.html").read_text()
    elsewhere = {"icon", "nav_item", "session_items", "messages", "help", "omnibox", "form", "field", "hint"}
    by_tag = {"panel", "sparkline", "columns", "index_scale", "tile_map", "bracket", "error_summary", "field_error"}
    for part in PARTS:
        assert part.stem in elsewhere | by_tag or f"parts/{part.name}" in source, part.name
    for tag in by_tag - {"error_summary", "field_error", "sparkline"}:
        assert f"{{% {tag}" in source


def test_every_part_says_its_context_in_its_first_line() -> None:
    for part in PARTS:
        assert part.read_text().startswith("{# Context: "), part.name


def test_a_page_obeys_the_content_security_policy(page: str) -> None:
    assert "<style" not in page
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_styles_and_scripts_reach_no_other_host() -> None:
    for file in STYLES + SCRIPTS:
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", file.read_text()), file.name
        assert not re.search(r"\beval\(|new Function", file.read_text()), file.name


def test_every_rule_of_style_is_in_a_layer() -> None:
    for file in STYLES:
        bare = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
        while re.search(r"\{[^{}]*\}", bare):
            bare = re.sub(r"\{[^{}]*\}", "", bare)
        outside = [line for line in re.split(r"[;\n]", bare) if line.strip()]
        assert all(line.strip().startswith("@layer") for line in outside), (file.name, outside)


def test_a_page_with_all_it_loads_weighs_less_than_60_kilobytes(page: str) -> None:
    htmx = Path(str(__import__("django_htmx").__file__)).parent / "static/django_htmx/htmx-2.min.js"
    images = sorted((CORE / "static/core/img").glob("*.svg"))
    loaded = [file.read_bytes() for file in [*STYLES, *SCRIPTS, *images, htmx]]
    assert sum(len(brotli.compress(content)) for content in [page.encode(), *loaded]) < 60_000


def test_a_hostile_name_is_text_and_nothing_else(page: str) -> None:
    assert html.escape(diseno.HOSTILE) in page
    assert "<b>Ñuñoa" not in page


def test_every_label_description_and_error_points_at_something_that_exists(page: str) -> None:
    ids = Counter(attributes(page, "id"))
    assert [name for name, times in ids.items() if times > 1] == []
    pointed = {name for list_ in attributes(page, "aria-describedby") for name in list_.split()}
    pointed |= set(attributes(page, "for")) | set(attributes(page, "aria-labelledby"))
    assert pointed - set(ids) == set()
    summary = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    assert summary is not None
    targets = re.findall(r'href="#([^"]+)"', summary[0])
    assert len(targets) == 2
    assert set(targets) <= set(ids)


class NeighbourForm(forms.Form):
    run = forms.CharField(label="RUN", help_text="Con o sin puntos.", widget=core_forms.RunInput())
    born_on = core_forms.DayField(label="Nacimiento", required=False)
    sex = forms.ChoiceField(label="Sexo", choices=[("f", "Mujer"), ("m", "Hombre")], widget=core_forms.Seg)


def test_a_field_is_written_as_label_hint_control_and_error_in_that_order() -> None:
    group = str(NeighbourForm({"run": ""})["run"].as_field_group())
    places = [group.index(mark) for mark in ("<label", 'id="id_run_helptext"', "<input", 'id="id_run_error"')]
    assert places == sorted(places)
    assert 'class="input w-m"' in group
    assert 'aria-invalid="true"' in group
    assert 'aria-describedby="id_run_helptext id_run_error"' in group


def test_a_group_of_choices_is_a_fieldset_and_its_error_leads_to_the_first() -> None:
    form = NeighbourForm({"run": "1"})
    whole = str(form)
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Sexo", whole)
    assert 'href="#id_sex_0"' in whole
    assert 'id="id_sex_0"' in whole


def test_a_missing_field_is_named_and_what_is_wrong_with_no_field_has_no_link() -> None:
    form = NeighbourForm({"run": "1"})
    assert str(form).count("Falta completar «Sexo».") == 2
    form = NeighbourForm({"run": "1", "sex": "f"})
    form.add_error(None, "Ya hay una persona con este RUN.")
    summary = render_to_string("core/parts/error_summary.html", tags.error_summary(form, "registrar"))
    assert "No se pudo registrar" in summary
    assert "Ya hay una persona con este RUN." in summary
    assert "href" not in summary


def test_a_day_is_read_as_it_is_written_in_chile() -> None:
    form = NeighbourForm({"run": "1", "born_on": "14-05-1983", "sex": "f"})
    assert form.is_valid()
    assert form.cleaned_data["born_on"].isoformat() == "1983-05-14"
    assert 'value="14-05-1983"' in str(NeighbourForm(initial={"born_on": form.cleaned_data["born_on"]})["born_on"])
    wrong = NeighbourForm({"run": "1", "born_on": "31-02-1983", "sex": "f"})
    assert wrong.errors["born_on"] == ["La fecha no existe. Escríbala como 14-05-1983."]


def test_a_form_keeps_a_hostile_value_as_it_was_typed() -> None:
    typed = "\"><script>alert('ñ')</script> 👵🏽"
    control = str(NeighbourForm({"run": typed})["run"])
    assert "<script>" not in control
    assert html.unescape(re.search(r'value="([^"]*)"', control)[1]) == typed  # type: ignore[index]  # it is there


def test_options_of_the_omnibox_do_not_unescape_a_name() -> None:
    answer = render_to_string("core/parts/omnibox_options.html", diseno.samples())
    assert answer.count('role="option"') == 4
    assert answer.count('aria-selected="true"') == 1
    assert "<b>Ñuñoa" not in answer


def test_the_sign_in_page_is_ours() -> None:
    assert Path(Engine.get_default().get_template("account/login.html").origin.name).is_relative_to(CORE)


def test_what_was_just_done_is_told_on_every_page_once() -> None:
    """Outside the blocks that a page may fill: it could forget it, and the words would wait for another page."""
    told = [path.name for path in sorted(CORE.parent.rglob("*.html")) if "core/parts/messages.html" in path.read_text()]
    assert told == ["base.html", "base_plain.html"]
    for name in told:
        before = (CORE / "templates/core" / name).read_text().partition("core/parts/messages.html")[0]
        opened = re.findall(r"{% (block|endblock) (\w+)", before)
        left = [block for kind, block in opened if kind == "block" and ("endblock", block) not in opened]
        assert left == ["body"], name


FORMS_WITHOUT_POSTING = {
    "account_login": "nobody is in yet",
    "account_logout": "one leaves from any posting",
    "access:postings": "it is itself the choice of a posting",
    "{{ action }}": "a form given back carries what it carried, its posting too",
}


def test_every_form_that_is_sent_says_under_which_posting_it_was_shown() -> None:
    """Else a tab left open in one institution would write in another."""
    found = [
        (path.name, form)
        for path in sorted(CORE.parent.rglob("*.html"))
        if path.name != "diseno.html"  # its forms are drawings, which go nowhere
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE)
        if re.search(r"<form[^>]*\bmethod=[\"']?post", form, re.IGNORECASE)
    ]
    assert len(found) >= 15
    missing = [
        (name, form[:80])
        for name, form in found
        if "{% csrf_token %}{% posting_token %}" not in form
        and not any(action in form.partition(">")[0] for action in FORMS_WITHOUT_POSTING)
    ]
    assert missing == []


def test_a_form_says_nothing_of_a_posting_where_there_is_none() -> None:
    assert tags.posting_token(Context({})) == ""
    assert tags.posting_token(Context({"shell": Shell()})) == ""
    actor = Actor(Role.FRONT_DESK, posting_id=new_id())
    shown = tags.posting_token(Context({"shell": Shell(actor=actor)}))
    assert shown == f'<input type="hidden" name="{POSTING_FIELD}" value="{actor.posting_id}">'


def test_scripts_send_the_posting_with_every_order_they_make() -> None:
    """The omnibox posts without a form of the page: what it searches and whom it starts with."""
    omnibox = (CORE / "static/core/js/omnibox.js").read_text()
    assert f"'csrfmiddlewaretoken', '{POSTING_FIELD}'" in omnibox
    made = [file.name for file in SCRIPTS if re.search(r"createElement\('form'\)|method: 'POST'", file.read_text())]
    assert made == ["omnibox.js"]


FAILED: dict[int, Any] = {
    400: lambda request: errors.bad_request(request, Exception()),
    403: lambda request: errors.permission_denied(request, PermissionDenied()),
    404: lambda request: errors.not_found(request, Http404()),
    409: lambda request: errors.domain_error(request, StaleVersion("Andrea guardó antes que usted.")),
    422: lambda request: errors.domain_error(request, RuleBroken("El cierre no puede ser anterior a la apertura.")),
    500: errors.server_error,
}


@pytest.mark.parametrize("status", FAILED)
def test_an_error_is_a_page_with_a_sentence_and_a_way_out(status: int) -> None:
    answer: HttpResponse = FAILED[status](RequestFactory().get("/personas/"))
    shown = answer.content.decode()
    assert answer.status_code == status
    assert re.search(r"<h1>[^<]{8,}</h1>\s*<p>[^<]{20,}\.</p>", shown)
    assert 'href="/"' in shown


@pytest.mark.parametrize("status", FAILED)
def test_an_error_under_the_api_is_problem_json(status: int) -> None:
    answer: HttpResponse = FAILED[status](RequestFactory().get("/api/v1/people"))
    problem = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status == answer.status_code
    assert problem["title"]
    assert problem["detail"]


def test_a_form_sent_after_the_session_ended_gives_back_what_was_written() -> None:
    note = "Trae certificado de defunción <b>y</b> cartola."
    request = RequestFactory().post("/consultas/", {"notes": note, "reason": "suf", "password": "una clave larga"})
    shown = errors.csrf_failure(request).content.decode()
    assert "Su sesión terminó" in shown
    assert html.escape(note) in shown
    assert "una clave larga" not in shown
