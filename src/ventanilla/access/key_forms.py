"""Forms of the keys of the API; they check shape, the actions check rules."""

from typing import Any

from django import forms

from ventanilla.access.actions import MOST_DAYS
from ventanilla.access.models import ApiToken, Posting
from ventanilla.access.permissions import SCOPES, Role, scopes_of
from ventanilla.access.register_forms import password_field
from ventanilla.core.forms import Picks

USUAL_DAYS = 180


class GrantKeyForm(forms.Form):
    """What a key of this posting is for, what it opens and for how long."""

    name = forms.CharField(
        label="Para qué es", max_length=60, help_text="El sistema que la usará. Ejemplo: farmacia comunal"
    )
    scopes = forms.MultipleChoiceField(
        label="Qué podrá hacer",
        widget=Picks,
        help_text="Lo menos que baste para su trabajo; nunca más de lo que permite el desempeño",
        error_messages={"required": "Elija al menos una cosa que la llave podrá hacer."},
    )
    days = forms.IntegerField(
        label="Por cuántos días",
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        widget=forms.TextInput(attrs={"class": "w-s", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=f"Desde hoy, y hasta {MOST_DAYS}",
        error_messages={
            "invalid": "Escriba un número de días.",
            "min_value": "Debe valer al menos un día.",
            "max_value": f"Una llave vale {MOST_DAYS} días a lo más.",
        },
    )

    def __init__(self, *args: Any, posting: Posting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (scope, SCOPES[scope]) for scope in scopes_of(Role(posting.role))
        ]


class _KeyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # a form's field takes no argument when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.posting})"


class TakeKeyForm(forms.Form):
    """One of those granted, and the password of who takes it."""

    key = _KeyChoice(ApiToken.objects.none(), label="Llave", empty_label=None)
    password = password_field("Su contraseña", "current-password")

    def __init__(self, *args: Any, granted: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.fields["key"]
        key.queryset = granted  # type: ignore[attr-defined]  # a ModelChoiceField
        key.error_messages["invalid_choice"] = "Esa llave ya se retiró, venció o se revocó."
