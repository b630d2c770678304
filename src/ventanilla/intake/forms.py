"""What the desk writes of a consultation, read from a form of reasons and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import QueryDict

from ventanilla.catalogue.models import Reason
from ventanilla.catalogue.reasons.rules import KEYED, LONGEST_LIST
from ventanilla.catalogue.words import lines_of
from ventanilla.core import clock
from ventanilla.core.forms import DayField, RunField, RunInput
from ventanilla.core.ids import parse_uuid
from ventanilla.core.run import Run
from ventanilla.intake.actions import LineDetails, ThirdParty, Writing
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.rules import bring_by
from ventanilla.intake.states import Channel, Outcome, Requester
from ventanilla.intake.subjects import DWELLING, HOME, NOBODY, Subjects
from ventanilla.intake.third_parties import Evidence, Quality, Told, what_may_be_told
from ventanilla.registry.models import Person


class LineForm(forms.Form):
    """One reason: whether it was marked, how it ended, about whom, which papers it waits for."""

    marked = forms.BooleanField(required=False)
    outcome = forms.ChoiceField(required=False, choices=Outcome.choices, label="Resultado")
    answer = forms.CharField(required=False, max_length=500, label="Qué se respondió")
    papers = forms.MultipleChoiceField(required=False, label="Qué documentos faltan")
    awaited_documents = forms.CharField(required=False, max_length=LONGEST_LIST, label="Qué documentos faltan")
    awaited_until = DayField(required=False, label="Hasta cuándo", help_text="Día, mes y año")
    subjects = forms.MultipleChoiceField(
        required=False,
        label="Sobre quién",
        error_messages={"invalid_choice": "Alguien de quien se marcó ya no está disponible aquí; quedó sin marcar."},
    )
    other_run = RunField(required=False)

    def __init__(self, *args: Any, reason: Reason, subjects: Subjects, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason = reason
        self.by_run = subjects.by_run
        about: Any = self.fields["subjects"]
        about.choices = subjects.choices
        papers: Any = self.fields["papers"]
        ticked = self["papers"].value() or []  # some may be usual no longer
        papers.choices = [(paper, paper) for paper in dict.fromkeys([*reason.usual_documents, *ticked])]
        self.fields["other_run"].label = "RUN de otra persona"

    @property
    def is_marked(self) -> bool:
        return bool(self["marked"].value())

    @property
    def until_as_typed(self) -> str:
        day = self["awaited_until"].value()
        return f"{day:%d-%m-%Y}" if isinstance(day, date) else day or ""

    def clean_other_run(self) -> Person | None:
        """Somebody who is not of the home, found by the RUN that was typed."""
        run: Run | None = self.cleaned_data["other_run"]
        if run is None:
            return None
        if run.canonical not in self.by_run:
            raise forms.ValidationError(f"{NOBODY} {run}. Revíselo, o registre primero a la persona.")
        return self.by_run[run.canonical]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        awaited = [*cleaned.get("papers", ()), *lines_of(cleaned.get("awaited_documents", ""))]
        cleaned["awaited"] = "; ".join(dict.fromkeys(awaited))
        if len(cleaned["awaited"]) > LONGEST_LIST:
            self.add_error("awaited_documents", f"La lista pasa de {LONGEST_LIST} letras. Acórtela.")
        return cleaned

    def details(self) -> LineDetails:
        """What is asked of papers counts only while it waits for them: elsewhere the page does not show it."""
        cleaned = self.cleaned_data
        waits = cleaned["outcome"] == Outcome.WAITING_DOCUMENTS
        about = set(cleaned["subjects"])
        people = {UUID(chosen) for chosen in about - {HOME, DWELLING}}
        if cleaned["other_run"]:
            people.add(cleaned["other_run"].pk)
        return LineDetails(
            reason_id=self.reason.pk,
            outcome=Outcome(cleaned["outcome"]) if cleaned["outcome"] else "",
            answer=cleaned["answer"],
            awaited_documents=cleaned["awaited"] if waits else "",
            awaited_until=cleaned["awaited_until"] if waits else None,
            subject_ids=tuple(sorted(people)),
            about_home=HOME in about,
            about_dwelling=DWELLING in about,
        )


class ConsultationForm(forms.Form):
    """The whole page: channel, who asks, notes; the reasons come beside it as ``LineForm``."""

    channel = forms.ChoiceField(label="Canal", choices=Channel.choices)
    requester = forms.ChoiceField(label="Consulta", choices=Requester.choices)
    requester_detail = forms.CharField(label="Quién es", required=False, max_length=120)
    requester_quality = forms.ChoiceField(label="En qué calidad", required=False, choices=Quality.choices)
    requester_evidence = forms.ChoiceField(label="Con qué lo acredita", required=False, choices=Evidence.choices)
    notes = forms.CharField(label="Notas", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, age: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.age = age

    @property
    def is_for_another(self) -> bool:
        return bool(self["requester"].value() != Requester.SELF)

    @property
    def evidences(self) -> list[tuple[Evidence, bool, Told]]:
        """Each thing that may be shown, whether it was, and what may be told on it."""
        shown = self["requester_evidence"].value() or Evidence.NONE
        return [(evidence, evidence == shown, what_may_be_told(evidence, age=self.age)) for evidence in Evidence]


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
            third_party=ThirdParty(cleaned["requester_quality"], cleaned["requester_evidence"]),
            version=cleaned["version"],
            told=told_in(self.form.data),
        )

    @property
    def main(self) -> Sequence[LineForm]:
        return [line for line in self.lines if line.reason.parent_id is None][:KEYED]

    @property
    def others(self) -> Sequence[LineForm]:
        main = {line.reason.pk for line in self.main}
        return [line for line in self.lines if line.reason.pk not in main]


def reasons_for(consultation: Consultation, typed: QueryDict | None = None) -> list[Reason]:
    """Those in use, and those that are kept or were typed while they were: nothing marked goes away by itself."""
    ids = {found for name in typed or () if name.startswith("m-") and (found := parse_uuid(name[2:38]))}
    marked = Reason.objects.filter(Q(pk__in=consultation.lines.values("reason_id")) | Q(pk__in=ids))
    return list((Reason.objects.in_use() | marked).in_order().with_words())


def marked_reasons(data: Mapping[str, Any]) -> list[UUID]:
    """Which reasons are marked in what was posted, whether or not they exist."""
    texts = (name[2:-7] for name in data if name.startswith("m-") and name.endswith("-marked"))
    return [found for text in texts if (found := parse_uuid(text))]


def told_in(data: Mapping[str, Any]) -> frozenset[UUID] | None:
    """The versions of entries ticked as told; None when the page had not shown them yet."""
    if "told_shown" not in data:
        return None
    ticked = data.getlist("told") if isinstance(data, QueryDict) else data.get("told", ())
    return frozenset(found for text in ticked if (found := parse_uuid(text)))


def desk_for(
    consultation: Consultation,
    reasons: Sequence[Reason],
    subjects: Subjects,
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
            "requester_quality": consultation.requester_quality,
            "requester_evidence": consultation.requester_evidence,
            "notes": consultation.notes,
            "version": consultation.version,
        },
        age=consultation.person.age_on(clock.today()) if consultation.person else None,
    )
    lines = []
    today = clock.today()
    for reason in reasons:
        prefix = f"m-{reason.pk}"  # by reason, not by place: what was typed stays right when the list has changed
        line = kept.get(reason.pk)
        initial: dict[str, Any] = {"marked": line is not None or (not kept and reason.pk in came_for)}
        if reason.documents_days is not None:
            initial["awaited_until"] = bring_by(today, reason.documents_days)
        if line:
            initial |= _initial_of(line, reason)
        elif reason.index_group == "information":
            initial["outcome"] = Outcome.INFORMED
        lines.append(LineForm(data, prefix=prefix, initial=initial, reason=reason, subjects=subjects))
    return Desk(form, lines)


def _initial_of(line: ReasonLine, reason: Reason) -> dict[str, Any]:
    """What is kept of a line; its papers are the usual ones, ticked, and the rest as it was written."""
    usual = [paper for paper in line.papers if paper in reason.usual_documents]
    found: dict[str, Any] = {
        "outcome": line.outcome,
        "answer": line.answer,
        "papers": usual,
        "awaited_documents": "; ".join(paper for paper in line.papers if paper not in usual),
        "subjects": [
            str(subject.person_id or (HOME if subject.home_id else DWELLING)) for subject in line.subjects.all()
        ],
    }
    if line.outcome == Outcome.WAITING_DOCUMENTS:
        found["awaited_until"] = line.awaited_until
    return found


class SubjectForm(forms.Form):
    """Somebody a reason is about, by RUN; ``name`` is the field of the page that her box will belong to."""

    run = RunField()
    name = forms.RegexField(r"^m-[0-9a-f-]{36}-subjects$")

    @property
    def complaint(self) -> str:
        wrong = self.errors.get("run") or ["La página no se pudo leer. Vuelva a cargarla."]
        return " ".join(str(error) for error in wrong)


class WhoForm(forms.Form):
    """Who is at the desk."""

    who = forms.CharField(
        max_length=120,
        label="RUN o nombre",
        widget=RunInput({"autofocus": True, "class": "w-m", "maxlength": 120}),
        error_messages={"required": "Escriba su RUN o su nombre."},
    )


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
