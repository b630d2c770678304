"""The screening by API: the same compiled blocks as the page, for the same profiles and purposes."""

from collections.abc import Iterable
from uuid import UUID

from ninja import Router

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.benefits.models import Delivery
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Channel, ConsultationState, Outcome
from ventanilla.registry.api import PersonMatch
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.models import ContactPoint, Dwelling, Fact
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import ContactKind, DwellingKind, FactKind, Rurality, Source
from ventanilla.screening import shapes
from ventanilla.screening.api_shapes import (
    AlertShown,
    BenefitShown,
    BracketShown,
    ContactShown,
    DeliveryShown,
    DwellingShown,
    FactShown,
    GivenShown,
    MemberShown,
    OpenItemShown,
    PastConsultation,
    PastLine,
    RegistryShown,
    RequestShown,
    ScreeningShown,
    SourceShown,
    YearShown,
)
from ventanilla.screening.compile import open_screening
from ventanilla.screening.profiles import Block

router = Router(tags=["screening"])


@operation(
    router,
    "GET",
    "/people/{uuid:person_id}/screening",
    Permission.SCREENING_SUMMARY,
    response=ScreeningShown,
    summary="Ver la ficha",
    description=(
        "Pide una finalidad: una consulta en atención o un motivo escrito; sin ella, 403. El perfil `full` es de"
        " gestión de casos y jefatura de asistencia social. Queda en el registro de lecturas."
    ),
)
def show_screening(request: ApiRequest, person_id: UUID, profile: Profile = Profile.SUMMARY) -> ScreeningShown:
    person = person_or_404(person_id, by=request.actor)
    return screening_shown(open_screening(person, by=request.actor, profile=profile))


def screening_shown(screening: shapes.Screening) -> ScreeningShown:
    person, shows = screening.person, screening.shows
    return ScreeningShown(
        person=PersonMatch(
            id=person.pk,
            name=person.full_name,
            run=person.run,
            age=screening.age,
            sector=screening.dwelling.sector if screening.dwelling else "",
        ),
        profile=screening.profile,
        compiled_at=screening.compiled_at,
        on=screening.on,
        blocks=sorted(screening.blocks),
        sources={
            block: [_source(source) for source in sources]
            for block, sources in screening.sources.items()
            if shows(block)
        },
        home_id=screening.home.pk if screening.home else None,
        has_priority=screening.has_priority,
        alerts=[AlertShown(tone=alert.tone, title=alert.title, detail=alert.detail) for alert in screening.alerts],
        contacts=[_contact(contact) for contact in screening.contacts],
        dwelling=_dwelling(screening.dwelling) if screening.dwelling else None,
        bracket=_bracket(screening.bracket) if screening.bracket else None,
        declared_bracket=_fact(screening.declared_bracket) if screening.declared_bracket else None,
        members=[_member(member) for member in screening.members],
        members_source=_source(screening.members_source) if screening.members_source else None,
        benefits=[_benefit(benefit) for benefit in screening.benefits],
        no_longer=[_benefit(benefit) for benefit in screening.no_longer],
        requests=[_request(one.fact) for one in screening.requests],
        given=[GivenShown(label=one.label, on=one.on) for one in screening.given],
        open_items=[_open_item(item) for item in screening.open_items],
        registries=[_registry(one) for one in screening.registries],
        incomes=_facts(screening.incomes) if shows(Block.INCOMES) else None,
        dwelling_facts=_facts(screening.dwelling_facts) if shows(Block.DWELLING) else None,
        care=_facts(screening.care) if shows(Block.CARE) else None,
        familias=_facts(screening.familias) if shows(Block.FAMILIAS) else None,
        deliveries=[_delivery(one) for one in screening.deliveries] if shows(Block.DELIVERIES) else None,
        years=[YearShown(year=one.year, count=one.count, amount=one.amount) for one in screening.years]
        if shows(Block.DELIVERIES)
        else None,
        consultations=[_past(one) for one in screening.consultations] if shows(Block.CONSULTATIONS) else None,
    )


def _source(source: shapes.SourceDate) -> SourceShown:
    return SourceShown(source=source.source, as_of=source.as_of)


def _contact(contact: ContactPoint) -> ContactShown:
    return ContactShown(
        kind=ContactKind(contact.kind),
        value=contact.value,
        note=contact.note,
        do_not_call=contact.do_not_call,
        source=Source(contact.source),
        as_of=contact.as_of,
    )


def _dwelling(dwelling: Dwelling) -> DwellingShown:
    return DwellingShown(
        kind=DwellingKind(dwelling.kind),
        address=dwelling.address,
        sector=dwelling.sector,
        neighbourhood_unit=dwelling.neighbourhood_unit,
        rurality=Rurality(dwelling.rurality) if dwelling.rurality else None,
    )


def _facts(facts: Iterable[Fact]) -> list[FactShown]:
    return [_fact(fact) for fact in facts]


def _fact(fact: Fact) -> FactShown:
    return FactShown(
        kind=FactKind(fact.kind),
        person_id=fact.person_id,
        value=fact.value,
        amount=fact.amount,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        source=Source(fact.source),
        as_of=fact.as_of,
    )


def _bracket(bracket: shapes.Bracket) -> BracketShown:
    return BracketShown(value=bracket.value, source=_source(bracket.source), earlier=_facts(bracket.earlier))


def _member(member: shapes.Member) -> MemberShown:
    return MemberShown(
        id=member.person.pk,
        name=member.person.full_name,
        kinship=member.kinship,
        is_head=member.is_head,
        age=member.age,
        notes=list(member.notes),
    )


def _benefit(benefit: shapes.Benefit) -> BenefitShown:
    return BenefitShown(
        name=benefit.name,
        person_id=benefit.person.pk if benefit.person else None,
        amount=benefit.amount,
        since=benefit.since,
        until=benefit.until,
        ends_soon=benefit.ends_soon,
        holder_id=benefit.holder.pk if benefit.holder else None,
        detail=benefit.detail,
        gone_on=benefit.gone_on,
        differs=bool(benefit.statement and benefit.statement.differs),
        source=_source(benefit.source),
    )


def _request(fact: Fact) -> RequestShown:
    return RequestShown(
        folio=fact.value,
        person_id=fact.person_id,
        state=fact.detail,
        since=fact.valid_from,
        ended_on=fact.valid_until,
        as_of=fact.as_of,
    )


def _open_item(item: shapes.OpenItem) -> OpenItemShown:
    return OpenItemShown(
        kind=item.kind,
        unit=item.unit,
        state=item.state,
        since=item.since,
        due=item.due,
        folio=item.folio,
        reasons=item.reasons,
    )


def _registry(registry: shapes.Registry) -> RegistryShown:
    return RegistryShown(
        name=registry.name,
        source=registry.source,
        is_loaded=registry.is_loaded,
        as_of=registry.as_of,
        reaches=registry.reaches,
    )


def _delivery(delivery: Delivery) -> DeliveryShown:
    return DeliveryShown(
        label=delivery.label,
        person_id=delivery.person_id,
        quantity=float(delivery.quantity) if delivery.quantity is not None else None,
        measure=delivery.measure,
        amount=delivery.amount,
        act=delivery.act,
        delivered_on=delivery.delivered_on,
        unit=delivery.unit.name if delivery.unit else None,
        origin=Delivery.Origin(delivery.origin),
    )


def _past(consultation: Consultation) -> PastConsultation:
    return PastConsultation(
        id=consultation.pk,
        folio=consultation.folio,
        person_id=consultation.person_id,
        unit=consultation.unit.name,
        channel=Channel(consultation.channel),
        state=ConsultationState(consultation.state),
        occurred_at=consultation.occurred_at,
        lines=[
            PastLine(
                reason=line.name,
                outcome=Outcome(line.outcome) if line.outcome else None,
                answer=line.answer,
            )
            for line in consultation.lines.all()
        ],
        notes=consultation.notes,
    )
