"""What a home could receive, by API: the same advice as the page, for the same profiles and purposes."""

from datetime import date
from uuid import UUID

from ninja import Router
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.rule.kinds import Kind
from ventanilla.core.api import Shown
from ventanilla.eligibility.advice import open_advice
from ventanilla.eligibility.finding import Finding
from ventanilla.eligibility.verdicts import Advice, Answer, Verdict
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import Source

router = Router(tags=["eligibility"])


class FindingShown(Shown):
    kind: Kind
    asks: str = Field(description="Qué se pide, en palabras.")
    holds: bool | None = Field(description="Nulo si no se sabe.")
    why: str
    source: Source | None
    as_of: date | None
    aside: str = Field(description="Si el dato es antiguo, o la persona declara otra cosa.")
    article: str


class AnswerShown(Shown):
    """For one subject: a person of the home or, without ``person_id``, the home."""

    person_id: UUID | None
    name: str
    verdict: Verdict
    clauses: list[list[FindingShown]] = Field(description="Se pide cada una; de varias juntas basta una.")


class AdviceShown(Shown):
    entry_id: UUID
    version: int
    name: str
    verdict: Verdict
    answers: list[AnswerShown]


class AdviceList(Shown):
    on: date
    profile: Profile
    items: list[AdviceShown]


@operation(
    router,
    "GET",
    "/people/{uuid:person_id}/eligibility",
    Permission.SCREENING_SUMMARY,
    response=AdviceList,
    summary="Qué podría recibir un hogar",
    description=(
        "Orientación con sus razones, hecho por hecho; no otorga ni niega nada. Pide una finalidad, como la ficha, y"
        " queda en el registro de lecturas. Lo que el perfil no ve sale como no sabido."
    ),
)
def list_eligibility(request: ApiRequest, person_id: UUID, profile: Profile = Profile.SUMMARY) -> AdviceList:
    person = person_or_404(person_id, by=request.actor)
    advised = open_advice(person, by=request.actor, profile=profile)
    return AdviceList(on=advised.on, profile=profile, items=[_advice(one) for one in advised.advice])


def _advice(one: Advice) -> AdviceShown:
    return AdviceShown(
        entry_id=one.version.entry_id,
        version=one.version.number,
        name=one.version.name,
        verdict=one.verdict,
        answers=[_answer(answer) for answer in one.answers],
    )


def _answer(answer: Answer) -> AnswerShown:
    return AnswerShown(
        person_id=answer.member.person.pk if answer.member else None,
        name=answer.name,
        verdict=answer.verdict,
        clauses=[[_finding(finding) for finding in clause.findings] for clause in answer.clauses],
    )


def _finding(finding: Finding) -> FindingShown:
    return FindingShown(
        kind=finding.condition.kind,
        asks=finding.asks,
        holds=finding.holds,
        why=finding.why,
        source=finding.source,
        as_of=finding.as_of,
        aside=finding.aside,
        article=finding.condition.article,
    )
