"""How templates write what Chile writes: RUN, pesos, days, ages; and the tags that need more than an include."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, Field
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ventanilla.core import charts
from ventanilla.core.clock import age_on, today
from ventanilla.core.money import format_pesos
from ventanilla.core.plain import plain
from ventanilla.core.resend import POSTING_FIELD

register = template.Library()

_CANONICAL_RUN = re.compile(r"^(\d{1,8})-([\dK])$")
_DAY_IN_TEXT = re.compile(r"\b(\d\d)-(\d\d)-(\d{4})\b")
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "do", "von", "van"})
_NARROW_SPACE = "\u00a0"


@register.simple_tag
@lru_cache(512)
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of ``img/icons.svg``; silent for a screen reader unless it has a ``label``."""
    address = f"{static('core/img/icons.svg')}#i-{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
@lru_cache(1024, typed=True)
def badge(label: str, tone: str = "", *, drawing: str = "", line: bool = False) -> SafeString:
    """A state in words and colour; ``tone`` is ok, warn, bad, info or none. Remembered: lists have many.

    Text that is safe and text that is not are told apart by their types.
    """
    return format_html(
        '<span class="badge{}"{}>{}{}</span>',
        " badge--line" if line else "",
        format_html(' data-tone="{}"', tone) if tone else "",
        icon(drawing) if drawing else "",
        label,
    )


@register.filter
def run(canonical: str | None) -> str:
    """The stored form 12345678-5 as 12.345.678-5; any other text as it comes."""
    match = _CANONICAL_RUN.match(canonical or "")
    return f"{int(match[1]):,}".replace(",", ".") + f"-{match[2]}" if match else canonical or ""


@register.filter
def pesos(amount: int | None) -> str:
    return "" if amount is None else format_pesos(amount)


@register.filter
def count(number: int | None) -> str:
    """1284 as 1.284."""
    return "" if number is None else f"{number:,}".replace(",", ".")


@register.filter
def decimal(number: float | Decimal | int | None, places: int = 1) -> str:
    """79.64 as 79,6: halves go up, as the ministry rounds."""
    if number is None:
        return ""
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}".translate(str.maketrans(",.", ".,"))


@register.filter
def percent(number: float | Decimal | int | None, places: int = 1) -> str:
    """86.2, already in per cent, as 86,2 %."""
    return "" if number is None else f"{decimal(number, places)}{_NARROW_SPACE}%"


@register.filter
def day(value: date | None) -> SafeString:
    """A business date, or an instant's day at the institution, as 23-11-2026 in its ``<time>``; nothing for none."""
    if value is None:
        return mark_safe("")
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", f"{value:%d-%m-%Y}")


@register.filter
def whole_days(text: str) -> SafeString:
    """A sentence in which each day, 23-11-2026, is in its ``<time>``, and so in one line."""
    escaped = str(conditional_escape(text))
    return mark_safe(_DAY_IN_TEXT.sub(r'<time datetime="\3-\2-\1">\g<0></time>', escaped))  # noqa: S308 - just escaped


@register.filter
def moment(value: datetime | None) -> SafeString:
    """An aware instant, at the institution's time zone, as 23-11-2026 14:32 in its ``<time>``."""
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), f"{local:%d-%m-%Y %H:%M}")


@register.filter
def clock_time(value: datetime | time | None) -> SafeString:
    """An aware instant, or an hour of the day, as 14:32 in its ``<time>``."""
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return format_html('<time datetime="{0}">{0}</time>', f"{local:%H:%M}")


@register.filter
def weekday(value: date | None) -> str:
    """lunes, martes…"""
    names = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
    return "" if value is None else names[value.weekday()]


@register.filter
def age(born_on: date | None, on: date | None = None) -> str:
    """Completed years on ``on`` (today when not given), as text; nothing when the birth is unknown."""
    return "" if born_on is None else str(age_on(born_on, on or today()))


@register.filter
def ago(value: date | None, on: date | None = None) -> str:
    """How long before ``on`` (today when not given): hoy, ayer, hace 3 días, hace 14 meses, hace 2 años."""
    if value is None:
        return ""
    now = on or today()
    days = (now - value).days
    if days < 0:
        return "mañana" if days == -1 else f"en {-days} días"
    if days <= 1:
        return ("hoy", "ayer")[days]
    months = (now.year - value.year) * 12 + now.month - value.month - (now.day < value.day)
    if months < 1:
        return f"hace {days} días"
    if months < 24:
        return "hace 1 mes" if months == 1 else f"hace {months} meses"
    return f"hace {months // 12} años"


@register.filter
def freshness(value: date | None, on: date | None = None) -> str:
    """The tone of a source: ``ok``, ``warn`` when older than a year; none when its date is not known."""
    if value is None:
        return ""
    return "warn" if age_on(value, on or today()) >= 1 else "ok"


@register.filter
def initials(name: str | None) -> str:
    """Two letters of a name: the first given name and the first surname, as far as one can tell from its words."""
    words = [word for word in (name or "").split() if word.lower() not in _PARTICLES]
    letters = [letter for word in words if (letter := next(filter(str.isalpha, word), ""))]
    if len(letters) < 2:
        return "".join(letters).upper() or "?"
    return (letters[0] + letters[2 if len(letters) >= 4 else 1]).upper()


@register.filter
def marked(text: str, query: str) -> SafeString:
    """``text`` with the beginning of each word that ``query`` asks for inside ``<mark>``; accents do not matter."""
    wanted = sorted({_plain(word) for word in query.split() if _plain(word)}, key=len, reverse=True)
    return format_html_join(" ", "{}", ((_mark_word(word, wanted),) for word in text.split(" ")))


def _plain(text: str) -> str:
    return plain(text).replace(" ", "")


def _mark_word(word: str, wanted: Sequence[str]) -> SafeString:
    for beginning in wanted:
        if _plain(word).startswith(beginning):
            end = next(i for i in range(1, len(word) + 1) if len(_plain(word[:i])) >= len(beginning))
            return format_html("<mark>{}</mark>{}", word[:end], word[end:])
    return conditional_escape(word)


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context,
    content: str,
    title: str = "",
    *,
    id: str = "",
    level: int = 2,
    count: int | str | None = None,
    aside: str = "",
    link: str = "",
    link_label: str = "Ver todo",
    sources: Iterable[Any] = (),
    body: bool = True,
    key: bool = False,
    long: bool = False,
) -> SafeString:
    """A block of facts: ``{% panel "Hogar" id="hogar" count="4 personas" %}…{% endpanel %}``.

    ``body=False`` when the content is a table, a list or a timeline, which reach the borders. ``sources`` are shown in
    the foot, each with ``name``, ``on`` or ``text``. ``key`` marks the block that matters most, ``long`` may break
    across printed pages.
    """
    assert context.template is not None
    parts = {
        "title": title,
        "id": id,
        "level": level,
        "count": count,
        "aside": aside,
        "link": link,
        "link_label": link_label,
        "sources": sources,
        "has_body": body,
        "is_key": key,
        "is_long": long,
        "content": content,
        "today": context.get("today"),
    }
    page = context.template.engine.get_template("core/parts/panel.html")
    return page.render(context.new(parts))


@register.simple_tag(takes_context=True)
def posting_token(context: Context) -> SafeString:
    """Beside ``{% csrf_token %}`` in every form: the posting it is shown under, which the gate holds it to."""
    actor = getattr(context.get("shell"), "actor", None)
    if actor is None:
        return mark_safe("")
    return format_html('<input type="hidden" name="{}" value="{}">', POSTING_FIELD, actor.posting_id)


@register.inclusion_tag("core/parts/error_summary.html")
def error_summary(form: BaseForm | None, verb: str = "guardar") -> dict[str, object]:
    """What is wrong with a form, on top of it, each linked to its field; nothing when nothing is."""
    errors = list(_errors(form)) if form is not None else []
    return {"errors": errors, "has_fields": any(error["target"] for error in errors), "verb": verb}


def _errors(form: BaseForm) -> Iterator[dict[str, str]]:
    for message in form.non_field_errors():
        yield {"target": "", "message": str(message)}
    for field in form:
        for message in sentences(field):
            yield {"target": control_id(field), "message": message}


@register.filter
def sentences(field: BoundField) -> list[str]:
    """What is wrong with a field. Django's «Este campo es obligatorio» does not say which one when read in a list."""
    nameless = str(Field.default_error_messages["required"])
    named = f"Falta completar «{field.label}»."
    return [named if str(message) == nameless else str(message) for message in field.errors]


def control_id(field: BoundField) -> str:
    """The id of what receives the focus: of a group of choices, the first one."""
    return f"{field.auto_id}_0" if field.use_fieldset and field.auto_id else field.id_for_label


_CONTROL_CLASSES = {
    "checkbox": "",
    "radio": "",
    "hidden": "",
    "select": "select",
    "textarea": "textarea",
    "select_option": "",
    "checkbox_option": "",
    "radio_option": "",
    "checkbox_select": "",
    "multiple_hidden": "",
    "clearable_file_input": "input input--file",
    "file": "input input--file",
}


@register.filter
def control_class(widget: dict[str, Any]) -> str:
    """The classes of a widget's element: its own after those of its kind."""
    kind = widget["template_name"].rpartition("/")[2].removesuffix(".html")
    given = str(widget["attrs"].get("class", ""))
    return f"{_CONTROL_CLASSES.get(kind, 'input')} {given}".strip()


@register.inclusion_tag("core/parts/sparkline.html")
def sparkline(values: Sequence[float]) -> dict[str, object]:
    return {"line": charts.sparkline(values)}


@register.inclusion_tag("core/parts/columns.html")
def columns(bars: Sequence[tuple[str, int, bool]], height: int = 96) -> dict[str, object]:
    """Columns of (label, value, is the current one), with their words for who does not see them."""
    return {"chart": charts.columns(bars, height)}


@register.inclusion_tag("core/parts/index_scale.html")
def index_scale(value: float) -> dict[str, object]:
    """Where an index of 0 to 100 falls: deficient, regular or acceptable."""
    return {"x": f"{min(max(value, 0), 100):.2f}%"}


@register.inclusion_tag("core/parts/bracket.html")
def bracket(value: int, spoken: bool = False) -> dict[str, object]:
    """The RSH bracket (40 to 100) in seven steps; ``spoken`` when its number is not written beside it."""
    if value not in charts.BRACKETS:
        return {"steps": [], "words": ""}
    return {"steps": charts.bracket_steps(value), "words": charts.bracket_words(value) if spoken else ""}


@register.inclusion_tag("core/parts/tile_map.html")
def tile_map(regions: Iterable[tuple[str, Sequence[tuple[str, str, str]]]], title: str) -> dict[str, object]:
    """One square a municipality: regions of (name, tiles of (name, look, words))."""
    return {"map": charts.tile_map(regions), "title": title}
