"""Forms of the register of operators and of one's own account; they check shape, the actions check rules."""

from typing import Any

from django import forms

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Unit
from ventanilla.access.permissions import Permission, Role, gives
from ventanilla.access.tenancy import within_reach
from ventanilla.core.forms import DayField, RunField


class PostingForm(forms.Form):
    """A posting to give, within what the actor may."""

    role = forms.ChoiceField(label="Rol")
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Unidad", required=False, empty_label="Sin unidad")
    nature = forms.ChoiceField(label="Naturaleza", choices=Posting.Nature.choices, initial=Posting.Nature.TITULAR)
    act = forms.CharField(
        label="Acto que lo dispone",
        required=False,
        max_length=120,
        help_text="Obligatorio en una subrogancia o suplencia. Ejemplo: Decreto 1.204 de 2026",
    )
    starts_on = DayField(label="Desde", help_text="Ejemplo: 23-11-2026")
    ends_on = DayField(label="Hasta", required=False, help_text="En blanco si no tiene término. Ese día todavía opera")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (role.value, role.label) for role in Role if role in gives(actor.role)
        ]
        self.fields["unit"].initial = actor.unit_id
        units = Unit.objects.filter(within_reach(actor, Permission.OPERATOR_REGISTER, unit="pk"))
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class OperatorForm(PostingForm):
    """Somebody by her RUN, and her first posting here."""

    run = RunField()
    given_names = forms.CharField(
        label="Nombres",
        required=False,
        max_length=120,
        help_text="Si ya tiene cuenta, basta el RUN",
    )
    surnames = forms.CharField(label="Apellidos", required=False, max_length=120)
    email = forms.EmailField(label="Correo", required=False, max_length=254)
    profession = forms.CharField(label="Profesión", required=False, max_length=80)
    field_order = ("run", "given_names", "surnames", "email", "profession")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Motivo", max_length=300)


class LeaveForm(ReasonForm):
    starts_on = DayField(label="Suspendido desde", help_text="Ejemplo: 23-11-2026")
    ends_on = DayField(label="Hasta", required=False, help_text="En blanco hasta que se retome. Ese día incluido")
    field_order = ("starts_on", "ends_on", "reason")


class EndForm(ReasonForm):
    on = DayField(label="Último día", help_text="Ese día todavía opera. Ejemplo: 30-11-2026")
    field_order = ("on", "reason")


def password_field(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=128, **options)


class PasswordForm(forms.Form):
    old = password_field("Contraseña actual", "current-password")
    new = password_field("Contraseña nueva", "new-password", help_text="Doce letras o más; una frase corta sirve")
    again = password_field("Repita la nueva", "new-password")

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("Las dos contraseñas nuevas no son iguales.")
        return str(self.cleaned_data["again"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Código",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "w-s", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class ConfirmPasswordForm(forms.Form):
    password = password_field("Su contraseña", "current-password")


class SignForm(forms.Form):
    sha256 = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    accepts = forms.BooleanField(
        label="Leí el acuerdo y me comprometo a cumplirlo",
        error_messages={"required": "Marque que leyó el acuerdo para firmarlo."},
    )
