"""The manual as pages of the application: each chapter of docs/manual, and which one helps on which page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import cache_control
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

import ventanilla
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission

FOLDER = Path(ventanilla.__file__).resolve().parents[2] / "docs" / "manual"
COVER = "README"

HELPS = {
    "access": "entrar",
    "access:calendar": "calendario",
    "access:new_operator": "operadores",
    "access:new_provider": "oficina",
    "access:new_site": "oficina",
    "access:new_unit": "oficina",
    "access:office": "oficina",
    "access:operator": "operadores",
    "access:operators": "operadores",
    "access:provider": "oficina",
    "access:recertification": "operadores",
    "access:site": "oficina",
    "access:unit": "oficina",
    "catalogue": "motivos",
    "datasets": "cargas",
    "desk": "bandeja",
    "desk:search": "atender",
    "desk:search_results": "atender",
    "duplicates": "duplicados",
    "eligibility": "catalogo",
    "entries": "catalogo",
    "entries:end_provider": "oficina",
    "intake": "atender",
    "intake:agenda": "citas",
    "intake:agendas": "citas",
    "intake:appointment": "citas",
    "intake:appointment_book": "citas",
    "intake:appointment_cancel": "citas",
    "intake:appointment_find": "citas",
    "intake:appointment_link": "citas",
    "intake:appointment_move": "citas",
    "intake:appointments": "citas",
    "intake:appointments_to_move": "citas",
    "intake:arrivals": "sala",
    "intake:assign": "bandeja",
    "intake:contact": "contactos",
    "intake:contacts": "contactos",
    "intake:deferred": "contactos",
    "intake:note_contact": "contactos",
    "intake:pending": "bandeja",
    "intake:queue": "sala",
    "intake:queues": "sala",
    "intake:register_from_contact": "contactos",
    "intake:reminders": "citas",
    "intake:room": "sala",
    "intake:room_day": "sala",
    "intake:sheets": "contactos",
    "protocols": "protocolos",
    "referrals": "derivaciones",
    "registry": "ficha",
    "registry:readings": "proteccion-de-datos",
    "registry:readings_of_person": "proteccion-de-datos",
    "registry:register": "registrar",
    "screening": "ficha",
    "watch": "proteccion-de-datos",
}
"""The chapter for a page by the name of its address, or for all pages of an app."""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    body: SafeString


def help_url(view_name: str) -> str:
    """Where the help for a page is; the cover of the manual for those that have none of their own."""
    chapter = HELPS.get(view_name) or HELPS.get(view_name.partition(":")[0])
    return reverse("manual:chapter", args=[chapter]) if chapter else reverse("manual:cover")


@requires(Permission.SESSION_USE, before_operating=True)
def cover(request: OperatorRequest) -> HttpResponse:
    return _show(request, COVER)


@requires(Permission.SESSION_USE, before_operating=True)
def chapter(request: OperatorRequest, chapter: str) -> HttpResponse:
    return _show(request, chapter)


def _show(request: OperatorRequest, name: str) -> HttpResponse:
    file = FOLDER / f"{name}.md"
    if not file.is_file():
        raise Http404
    found = _read(file, file.stat().st_mtime)
    return render(request, "core/manual.html", {"chapter": found, "is_cover": name == COVER})


@cache_control(private=True, max_age=3600)
@requires(Permission.SESSION_USE, before_operating=True)
def image(request: OperatorRequest, image: str) -> HttpResponse:
    file = FOLDER / "img" / f"{image}.png"
    if not file.is_file():
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return HttpResponse(file.read_bytes(), content_type="image/png")


@lru_cache(maxsize=64)
def _read(file: Path, changed: float) -> Chapter:
    """The chapter as HTML; read again when the file changed."""
    text = file.read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("image", _fold_image)
    markdown.add_render_rule("link_open", _open_link)
    title = text.partition("\n")[0].removeprefix("# ").strip()
    body = markdown.render(text.partition("\n")[2])
    body = body.replace("<table>", '<table class="table">').replace("<p><details", "<details")
    return Chapter(title, mark_safe(body.replace("</details></p>", "</details>")))  # noqa: S308 - our own text


def _fold_image(renderer: RendererHTML, tokens: Sequence[Token], place: int, *_: object) -> str:
    """Folded until asked for, so that on a slow line the words come alone."""
    token = tokens[place]
    name = Path(str(token.attrs["src"])).stem
    return format_html(
        '<details class="more"><summary>Ver: {}</summary><img src="{}" alt="{}" loading="lazy"></details>',
        token.content,
        reverse("manual:image", args=[name]),
        token.content,
    )


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    """From one file to another in the folder; here, from one page to another."""
    token = tokens[place]
    if found := re.fullmatch(r"([\w-]+)\.md(#.*)?", str(token.attrs["href"])):
        token.attrs["href"] = reverse("manual:chapter", args=[found[1]]) + (found[2] or "")
    return renderer.renderToken(tokens, place, options, env)


app_name = "manual"
urlpatterns = [
    path("", cover, name="cover"),
    path("<slug:chapter>/", chapter, name="chapter"),
    path("img/<slug:image>.png", image, name="image"),
]
