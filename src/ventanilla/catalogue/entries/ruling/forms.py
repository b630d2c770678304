"""A condition asked without code: of each kind only the fields that it needs, each said in its own words."""

from collections.abc import Mapping
from typing import Any

from django import forms

from ventanilla.catalogue.models import OwnFact
from ventanilla.catalogue.rule.checks import LONGEST_TEXT
from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.catalogue.rule.kinds import SHAPES, STEPS_OF_BRACKET, Kind, Subject, Whose, allows
from ventanilla.core.forms import Picks, Seg

_NUMBER = {"class": "w-s", "inputmode": "numeric"}

_LABELS: Mapping[tuple[Kind, str], str] = {
    (Kind.AGE, "low"): "Desde qué edad",
    (Kind.AGE, "high"): "Hasta qué edad",
    (Kind.PARENT, "low"): "Hija o hijo desde qué edad",
    (Kind.PARENT, "high"): "Hija o hijo hasta qué edad",
    (Kind.INCOME, "high"): "Ingreso máximo por persona al mes, en pesos",
    (Kind.HOME_SIZE, "low"): "Desde cuántas personas",
    (Kind.HOME_SIZE, "high"): "Hasta cuántas personas",
    (Kind.HOME_AGES, "times"): "Cuántas personas, al menos",
    (Kind.HOME_AGES, "low"): "Desde qué edad",
    (Kind.HOME_AGES, "high"): "Hasta qué edad",
    (Kind.PREGNANCY, "low"): "Desde qué semana",
    (Kind.BRACKET, "months"): "Cartola de no más de cuántos meses",
    (Kind.FREQUENCY, "times"): "Cuántas veces, como máximo",
    (Kind.FREQUENCY, "months"): "Cada cuántos meses",
    (Kind.SEX, "values"): "Cuál",
    (Kind.AREA, "values"): "Cuál",
    (Kind.DISABILITY, "values"): "Qué grados",
    (Kind.DEPENDENCE, "values"): "Qué grados",
    (Kind.ENROLMENT, "values"): "Dónde",
    (Kind.OWN, "values"): "Qué dato",
    (Kind.RECEIVES, "values"): "Qué recibe",
    (Kind.NOT_RECEIVES, "values"): "Qué no recibe",
}
_HINTS: Mapping[tuple[Kind, str], str] = {
    (Kind.DISABILITY, "values"): "Ninguno si vale cualquiera",
    (Kind.DEPENDENCE, "values"): "Ninguno si vale cualquiera",
    (Kind.ENROLMENT, "values"): "Ninguno si vale cualquiera",
    (Kind.TO_PROVE, "text"): "Nadie lo informa: el mesón lo dirá así. Ejemplo: Presentar la última boleta de gas",
}
_ORDER = ("low", "high", "times", "months", "values", "whose", "text")


class ConditionForm(forms.Form):
    """Made for one kind and one subject."""

    def __init__(self, *args: Any, kind: Kind, subject: Subject, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.subject = kind, subject
        shape = SHAPES[kind]
        for part in _ORDER:
            if part in shape.needs | shape.takes:
                self.fields[part] = self._field(part, is_needed=part in shape.needs)
        if subject is Subject.PERSON and kind is not Kind.AGE:
            for part, label in (("only_from", "Solo si tiene desde"), ("only_to", "Solo si tiene hasta")):
                self.fields[part] = forms.IntegerField(
                    label=label, required=False, help_text="Años. Quien tiene otra edad la cumple", widget=_number()
                )
        self.fields["article"] = forms.CharField(
            label="De dónde viene", max_length=120, required=False, help_text="Ejemplo: Ley 18.020 art. 2"
        )

    def _field(self, part: str, *, is_needed: bool) -> forms.Field:
        label, hint = _LABELS.get((self.kind, part), ""), _HINTS.get((self.kind, part), "")
        if part == "values":
            return self._values(label, hint, is_needed=is_needed)
        if part == "whose":
            choices = [one for one in Whose.choices if self.subject is Subject.PERSON or one[0] == Whose.HOME]
            return forms.ChoiceField(label="De quién", choices=choices, widget=Seg, required=is_needed)
        if part == "text":
            return forms.CharField(
                label="Qué se comprueba", max_length=LONGEST_TEXT, help_text=hint, required=is_needed
            )
        if part == "high" and self.kind is Kind.BRACKET:
            steps = [
                ("", "Elija uno"),
                *((step, f"{step} % o menos" if step < 100 else "Cualquier tramo") for step in STEPS_OF_BRACKET),
            ]
            return forms.TypedChoiceField(
                label="Hasta qué tramo", choices=steps, coerce=int, empty_value=None, required=is_needed
            )
        return forms.IntegerField(label=label, help_text=hint, required=is_needed, widget=_number())

    def _values(self, label: str, hint: str, *, is_needed: bool) -> forms.Field:
        shape = SHAPES[self.kind]
        names = shape.names if shape.names is not None else _own_facts(self.subject)
        choices = [(value, name[:1].upper() + name[1:]) for value, name in names.items()]
        if not shape.one_value:
            return forms.MultipleChoiceField(
                label=label, help_text=hint, choices=choices, widget=Picks, required=is_needed
            )
        if self.kind is Kind.OWN and not choices:
            hint = "Todavía no hay datos propios. Los agrega la contraparte en «Datos propios»."
        if not is_needed:
            choices = [("", "Cualquiera"), *choices]
        return forms.ChoiceField(label=label, help_text=hint, choices=choices, widget=Seg, required=is_needed)

    def condition(self) -> Condition:
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        if "values" in said:
            values = said["values"]
            said["values"] = tuple(values) if isinstance(values, list) else (values,)
        if "whose" in said:
            said["whose"] = Whose(said["whose"])
        return Condition(self.kind, **said)


def _number() -> forms.NumberInput:
    return forms.NumberInput(attrs=_NUMBER)


def _own_facts(subject: Subject) -> dict[str, str]:
    """Of a person's rule, those of homes too: they are asked of hers."""
    facts = OwnFact.objects.filter(retired_on__isnull=True)
    facts = facts.filter(about=subject) if subject is Subject.HOME else facts
    return dict(facts.values_list("code", "name"))


def said_in_form(condition: Condition) -> dict[str, Any]:
    """What the form shows of a condition."""
    said = {name: getattr(condition, name) for name in (*_ORDER, "only_from", "only_to", "article")}
    values = condition.values
    return said | {"values": (values[0] if values else "") if SHAPES[condition.kind].one_value else list(values)}


def kinds_for(subject: Subject) -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in Kind if allows(kind, subject)]
