"""What the desk writes of a consultation, read from a form of reasons and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from ventanilla.catalogue.models import Reason
from ventanilla.core.forms import DayField
from ventanilla.core.ids import parse_uuid
from ventanilla.intake.actions import LineDetails, Writing
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import Channel, Outcome, Requester
from ventanilla.registry.models import Person

MAIN_REASONS = 8
"""How many reasons have a key of their own; the rest are chosen under «Otro motivo»."""


class LineForm(forms.Form):
    """One reason: whether it was marked, how it ended, about whom."""

    marked = forms.BooleanField(required=False)
    outcome = forms.ChoiceField(required=False, choices=Outcome.choices, label="Resultado")
    answer = forms.CharField(required=False, max_length=500, label="Qué se respondió")
    awaited_documents = forms.CharField(required=False, max_length=500, label="Qué documentos faltan")
    awaited_until = DayField(required=False, label="Hasta cuándo", help_text="Día, mes y año")
    subjects = forms.TypedMultipleChoiceField(required=False, coerce=UUID, label="Sobre quién")

    def __init__(self, *args: Any, reason: Reason, members: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason = reason
        subjects = self.fields["subjects"]
        assert isinstance(subjects, forms.TypedMultipleChoiceField)
        subjects.choices = [(str(member.pk), member.full_name) for member in members]

    @property
    def is_marked(self) -> bool:
        return bool(self["marked"].value())

    def details(self) -> LineDetails:
        cleaned = self.cleaned_data
        return LineDetails(
            reason_id=self.reason.pk,
            outcome=Outcome(cleaned["outcome"]) if cleaned["outcome"] else "",
            answer=cleaned["answer"],
            awaited_documents=cleaned["awaited_documents"],
            awaited_until=cleaned["awaited_until"],
            subject_ids=tuple(cleaned["subjects"]),
        )


class ConsultationForm(forms.Form):
    """The whole page: channel, who asks, notes; the reasons come beside it as ``LineForm``."""

    channel = forms.ChoiceField(label="Canal", choices=Channel.choices)
    requester = forms.ChoiceField(label="Consulta", choices=Requester.choices)
    requester_detail = forms.CharField(label="Quién es", required=False, max_length=120)
    notes = forms.CharField(label="Notas", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(slots=True)
class Desk:
    """The form of the page and one form for each reason of the institution, in order."""

    form: ConsultationForm
    lines: Sequence[LineForm]

    def is_valid(self) -> bool:
        """Every part is read, so that all its errors are told at once."""
        ok = self.form.is_valid()
        for line in self.lines:
            if line.is_bound and not line.is_valid() and line.is_marked:
                for name, errors in line.errors.items():
                    self.form.add_error(
                        None,
                        f"{line.reason.name}: {line.fields[name].label}. {' '.join(str(error) for error in errors)}",
                    )
                ok = False
        return ok

    def writing(self) -> Writing:
        cleaned = self.form.cleaned_data
        return Writing(
            lines=[line.details() for line in self.lines if line.is_marked],
            notes=cleaned["notes"],
            channel=Channel(cleaned["channel"]),
            requester=Requester(cleaned["requester"]),
            requester_detail=cleaned["requester_detail"],
            version=cleaned["version"],
        )

    @property
    def main(self) -> Sequence[LineForm]:
        return [line for line in self.lines if line.reason.parent_id is None][:MAIN_REASONS]

    @property
    def others(self) -> Sequence[LineForm]:
        main = {line.reason.pk for line in self.main}
        return [line for line in self.lines if line.reason.pk not in main]


def marked_reasons(data: Mapping[str, Any]) -> list[UUID]:
    """Which reasons are marked in what was posted, whether or not they exist."""
    texts = (name[2:-7] for name in data if name.startswith("m-") and name.endswith("-marked"))
    return [found for text in texts if (found := parse_uuid(text))]


def names_subjects(data: Mapping[str, Any]) -> bool:
    """Whether what was posted says of anybody that a reason is about her."""
    return any(name.endswith("-subjects") for name in data)


def desk_for(
    consultation: Consultation,
    reasons: Sequence[Reason],
    members: Sequence[Person],
    data: Mapping[str, Any] | None = None,
) -> Desk:
    """The page's forms: from what was posted, else from what is kept. To act, the reasons marked are enough."""
    kept: dict[UUID, ReasonLine] = {}
    came_for: set[UUID] = set()
    if data is None and consultation.continues:
        came_for = set(
            consultation.continues.lines.filter(answered_at__isnull=True).values_list("reason_id", flat=True)
        )
    if data is None:
        kept = {line.reason_id: line for line in consultation.lines.prefetch_related("subjects")}
    form = ConsultationForm(
        data,
        initial={
            "channel": consultation.channel,
            "requester": consultation.requester,
            "requester_detail": consultation.requester_detail,
            "notes": consultation.notes,
            "version": consultation.version,
        },
    )
    lines = []
    for reason in reasons:
        prefix = f"m-{reason.pk}"  # by reason, not by place: what was typed stays right when the list has changed
        line = kept.get(reason.pk)
        initial: dict[str, Any] = {"marked": line is not None or (not kept and reason.pk in came_for)}
        if line:
            initial |= {
                "outcome": line.outcome,
                "answer": line.answer,
                "awaited_documents": line.awaited_documents,
                "awaited_until": line.awaited_until,
                "subjects": [str(subject.person_id) for subject in line.subjects.all()],
            }
        elif reason.index_group == "information":
            initial["outcome"] = Outcome.INFORMED
        lines.append(LineForm(data, prefix=prefix, initial=initial, reason=reason, members=members))
    return Desk(form, lines)


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="Por qué se anula", max_length=300, error_messages={"required": "Escriba por qué se anula."}
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Cómo terminó",
        choices=[(o.value, o.label) for o in (Outcome.INFORMED, Outcome.RESOLVED, Outcome.WITHDREW)],
        error_messages={"required": "Elija cómo terminó."},
    )
    answer = forms.CharField(label="Qué se respondió", required=False, max_length=500)
