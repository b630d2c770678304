"""What the timeline is asked for, as it stands in the address."""

from datetime import date

from django import forms

from ventanilla.registry.models import Person
from ventanilla.registry.profiles import Profile
from ventanilla.screening.events import EventKind, Key
from ventanilla.screening.history import KINDS, Asked, Whom

YEARS_BACK = 6


class HistoryFilters(forms.Form):
    """Filters of a timeline; what an address holds that is none of the choices is as if it were not there."""

    de = forms.ChoiceField(label="De quién", required=False)
    que = forms.ChoiceField(label="Qué", required=False)
    ano = forms.ChoiceField(label="Año", required=False)

    def __init__(self, given: object, *, person: Person, profile: Profile, today: date) -> None:
        super().__init__(given)  # type: ignore[arg-type]  # a QueryDict, which the stubs do not take for a mapping
        called = person.social_name or person.given_names
        years = [str(today.year - back) for back in range(YEARS_BACK)]
        self._choose("de", [("", "Todo el hogar"), (Whom.PERSON, f"Solo {called}")])
        self._choose("que", [("", "Todo"), *((kind.value, kind.label) for kind in KINDS[profile])])
        self._choose("ano", [("", "Todos los años"), *((year, year) for year in years)])
        for field in self.fields.values():
            field.widget.attrs["class"] = "select select--s w-auto"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self) -> dict[str, str]:
        """The filters in use, as the address has them."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def asked(self, *, before: Key | None) -> Asked:
        chosen = self.chosen()
        return Asked(
            whom=Whom(chosen.get("de", Whom.HOME)),
            kind=EventKind(chosen["que"]) if "que" in chosen else None,
            year=int(chosen["ano"]) if "ano" in chosen else None,
            before=before,
        )
