"""To whom pending lines pass, and why."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from ventanilla.core.ids import parse_uuid

NOBODY = "nadie"


class AssignForm(forms.Form):
    """``to`` cleans to an account's id, or to None for nobody."""

    to = forms.TypedChoiceField(
        label="A quién",
        coerce=lambda text: None if text == NOBODY else UUID(text),
        error_messages={
            "required": "Elija a quién asignar.",
            "invalid_choice": "A esa persona no se le puede asignar. Elija a otra.",
        },
    )
    reason = forms.CharField(label="Por qué", required=False, max_length=300, widget=forms.TextInput())

    def __init__(self, *args: Any, receivers: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [
            *((str(account_id), name) for account_id, name in receivers),
            (NOBODY, "Nadie: queda sin asignar"),
        ]


def line_mark(line_id: UUID, holder: UUID | None) -> str:
    """What the box of a line sends: which it is, and who had it when the page was shown."""
    return f"{line_id}_{holder or ''}"


def read_marks(marks: Iterable[str]) -> dict[UUID, UUID | None]:
    """The lines marked, each with whoever had it; what is not a mark is passed over."""
    seen = {}
    for mark in marks:
        line_id, _, holder = mark.partition("_")
        if found := parse_uuid(line_id):
            seen[found] = parse_uuid(holder)
    return seen
