"""What is asked about two records: what they are and, if one person, which of each field stays."""

from collections.abc import Iterator
from typing import Any

from django import forms

from ventanilla.registry.merging.actions import Joining
from ventanilla.registry.merging.comparing import Comparison, Line
from ventanilla.registry.merging.states import PairState

KEPT, ABSORBED = "kept", "absorbed"
DECISIONS = (PairState.SAME, PairState.DIFFERENT, PairState.LATER)


class DecisionForm(forms.Form):
    """One button decides; the choices are there with what is proposed, and matter only to who joins them."""

    decision = forms.ChoiceField(
        choices=[(state.value, state.label) for state in DECISIONS],
        error_messages={"required": "Diga si son la misma persona, si son distintas o si lo deja para después."},
    )
    reason = forms.CharField(
        label="Cómo lo supo",
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison = comparison
        if comparison.needs_reason:
            self.fields["reason"].help_text = "Tienen RUN distintos: para unirlas, escriba cómo supo que son la misma."
        for line in comparison.lines:
            if line.is_chosen:
                self.fields[f"take_{line.choice}"] = forms.ChoiceField(
                    choices=[(KEPT, "La de la izquierda"), (ABSORBED, "La de la derecha")],
                    required=False,
                    initial=ABSORBED if line.takes_absorbed else KEPT,
                )

    @property
    def lines(self) -> Iterator[tuple[Line, str]]:
        """Each line with which of both is chosen, where one is."""
        for line in self.comparison.lines:
            yield line, str(self[f"take_{line.choice}"].value() or "") if line.is_chosen else ""

    @property
    def joining(self) -> Joining:
        """As it was sent; of what was not, what is proposed."""
        said = {name: self.cleaned_data.get(f"take_{name}", "") for name in self.comparison.defaults}
        proposed = self.comparison.defaults
        taken = {name: which == ABSORBED if which else proposed[name] for name, which in said.items()}
        return Joining(taken, self.cleaned_data["reason"])


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="Por qué se deshace",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Una frase. Queda junto a la unión.",
    )
