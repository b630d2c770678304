"""How forms are drawn: our templates first, Django's own where we have none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property

from ventanilla.core.errors import RuleBroken
from ventanilla.core.run import BadRun, parse

OURS = Path(__file__).parent / "templates"
DJANGOS = Path(django.forms.__file__).parent / "templates"


class Renderer(DjangoTemplates):
    """What ``FORM_RENDERER`` names; an engine of its own, so that the order of the installed apps does not matter."""

    form_template_name = "core/parts/form.html"
    field_template_name = "core/parts/field.html"

    @cached_property
    def engine(self) -> Any:
        return self.backend(
            {
                "NAME": "forms",
                "DIRS": [OURS, DJANGOS],
                "APP_DIRS": True,
                "OPTIONS": {
                    "builtins": ["django.templatetags.static", "ventanilla.core.templatetags.ventanilla"],
                },
            }
        )


class DayField(forms.DateField):
    """A day written as 23-11-2026; a native picker would show it in the browser's own order."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Día, mes y año. Ejemplo: 14-05-1983")
        options.setdefault(
            "widget",
            forms.DateInput(
                format="%d-%m-%Y",
                attrs={"class": "w-s", "inputmode": "numeric", "maxlength": 10, "autocomplete": "off"},
            ),
        )
        options.setdefault("error_messages", {"invalid": "La fecha no existe. Escríbala como 14-05-1983."})
        super().__init__(**options)


class RunInput(forms.TextInput):
    """A RUN with or without points; the page puts them while one types."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "w-m", "autocomplete": "off", "spellcheck": "false", "maxlength": 20, "data-run": ""}
            | (attrs or {})
        )


class RunField(forms.CharField):
    """A RUN as typed; cleans to ``Run`` or None."""

    def __init__(self, *, required: bool = True, help_text: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(label="RUN", widget=RunInput(attrs), max_length=20, required=required, help_text=help_text)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse(text)
        except BadRun as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError("Falta el RUN.")

    def run_validators(self, value: Any) -> None:
        """A ``Run`` is valid by construction."""


class Seg(forms.RadioSelect):
    """One of few, side by side."""

    template_name = "core/parts/seg.html"


class Picks(forms.CheckboxSelectMultiple):
    """Several of few; with ``data-keys`` in its attributes the first nine take the keys 1 to 9."""

    template_name = "core/parts/picks.html"


@contextmanager
def show_on(form: forms.BaseForm) -> Iterator[None]:
    """A rule broken inside is said at the field of the form it names, or on top of it; what was typed stays."""
    try:
        yield
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
