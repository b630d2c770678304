"""The forms about people: shape is checked here, rules in the actions."""

from typing import Any

from django import forms

from ventanilla.access.models import Commune
from ventanilla.core.forms import DayField, RunField
from ventanilla.core.ids import new_id
from ventanilla.core.run import Run
from ventanilla.registry.actions import PersonDetails
from ventanilla.registry.matching import Candidate
from ventanilla.registry.vocabulary import IdentifierKind, Rurality, Sex

_UNKNOWN = ("", "No se sabe")


class RegisterForm(forms.Form):
    """Somebody new. Two names and a RUN are enough; the rest can wait."""

    run = RunField(
        required=False,
        attrs={"autofocus": True},
        help_text="Con o sin puntos. Si no tiene, indique abajo qué documento trae.",
    )
    document_kind = forms.ChoiceField(
        label="Otro documento",
        required=False,
        choices=[("", "No aplica"), *((k.value, k.label) for k in IdentifierKind if k != IdentifierKind.REFERENCE)],
    )
    document_country = forms.RegexField(
        r"^[A-Za-z]{2}$", label="País emisor", required=False, help_text="Dos letras: PE, BO, VE, HT, CO"
    )
    document_number = forms.CharField(label="Número del documento", required=False, max_length=60)
    given_names = forms.CharField(label="Nombres", max_length=120, error_messages={"required": "Escriba los nombres."})
    first_surname = forms.CharField(
        label="Primer apellido", max_length=80, error_messages={"required": "Escriba el primer apellido."}
    )
    second_surname = forms.CharField(label="Segundo apellido", required=False, max_length=80)
    social_name = forms.CharField(
        label="Nombre social", required=False, max_length=120, help_text="Como quiere que la llamen, si es distinto."
    )
    sex = forms.ChoiceField(label="Sexo registral", required=False, choices=[_UNKNOWN, *Sex.choices])
    birth_on = DayField(label="Fecha de nacimiento", required=False)
    nationality = forms.RegexField(
        r"^[A-Za-z]{2}$", label="Nacionalidad", required=False, initial="CL", help_text="Dos letras: CL"
    )
    phone = forms.CharField(label="Teléfono", required=False, max_length=20)
    email = forms.EmailField(
        label="Correo",
        max_length=120,
        required=False,
        error_messages={"invalid": "El correo lleva una @ y un punto, como ana@ejemplo.cl."},
    )
    address = forms.CharField(label="Dirección", required=False, max_length=200)
    sector = forms.CharField(label="Sector o localidad", required=False, max_length=80)
    rurality = forms.ChoiceField(label="Ruralidad", required=False, choices=[_UNKNOWN, *Rurality.choices])
    person_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=new_id)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = " ".join(value.split())
        return cleaned

    def details(self, commune: Commune | None) -> PersonDetails:
        cleaned = self.cleaned_data
        kind = cleaned["document_kind"]
        return PersonDetails(
            run=cleaned["run"],
            document_kind=IdentifierKind(kind) if kind else None,
            commune=commune if cleaned["address"] or cleaned["sector"] else None,
            **{
                name: cleaned[name]
                for name in (
                    "document_country",
                    "document_number",
                    "given_names",
                    "first_surname",
                    "second_surname",
                    "social_name",
                    "sex",
                    "birth_on",
                    "nationality",
                    "phone",
                    "email",
                    "address",
                    "sector",
                    "rurality",
                )
            },
        )

    def candidate(self) -> Candidate:
        cleaned = self.cleaned_data
        run: Run | None = cleaned["run"]
        return Candidate(
            full_name=f"{cleaned['given_names']} {cleaned['first_surname']} {cleaned['second_surname']}",
            run=run.canonical if run else "",
            birth_on=cleaned["birth_on"],
            document=cleaned["document_number"].upper().replace(" ", ""),
            phone=cleaned["phone"],
        )


class PurposeForm(forms.Form):
    """Why a record is needed when there is no consultation."""

    reason = forms.CharField(
        label="Para qué necesita la ficha",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Una frase. Queda registrada con su nombre y la ficha se abre por dos horas.",
        error_messages={"required": "Escriba para qué necesita la ficha."},
    )
