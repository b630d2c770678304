"""The referrals of the demonstration: between the units of a municipality, in every state, some late, some expired."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from ventanilla.access.actors import ATTENTION, SOCIAL_ASSISTANCE, Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Institution, Posting, Provider, ProviderNature, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.config.demo_protocols import OUTSIDE, provider_of
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.states import Outcome
from ventanilla.referrals import actions
from ventanilla.referrals.actions import AnswerDetails, ReferralDetails
from ventanilla.referrals.exchange.actions import take_step
from ventanilla.referrals.exchange.reading import received
from ventanilla.referrals.governing import governing
from ventanilla.referrals.models import Referral
from ventanilla.referrals.outside import actions as outside
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.referrals.outside.states import Consent
from ventanilla.referrals.states import AnswerOutcome, NextStep
from ventanilla.registry.models import Person

LAST = 400
"""Those at the end of the order of names: the others are in the room and in the trays."""

MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Story:
    """So many working days ago, for this reason, to whoever has that function.

    ``then`` is what they did there, ``after`` so many working days.
    """

    ago: int
    reason: str
    function: str
    asked: str
    then: Callable[[Referral, Actor, Actor], None] = lambda *_: None
    urgency: str = ""
    sender: str = SOCIAL_ASSISTANCE
    after: int = 0


def _seen(one: Referral, there: Actor, here: Actor) -> None:
    actions.note_receipt(one, by=there)


def _accepted(one: Referral, there: Actor, here: Actor) -> None:
    actions.accept_referral(one, by=there)


def _attending(one: Referral, there: Actor, here: Actor) -> None:
    actions.accept_referral(one, by=there)
    actions.attend_referral(one, by=there)


def _no_show(one: Referral, there: Actor, here: Actor) -> None:
    actions.accept_referral(one, by=there)
    actions.note_no_show(one, by=there, note="No contesta el teléfono")


def _returned(one: Referral, there: Actor, here: Actor) -> None:
    actions.return_referral(one, by=there, wanting="Certificado de residencia de la junta de vecinos")


def _rejected(one: Referral, there: Actor, here: Actor) -> None:
    grounds = one.protocol.grounds if one.protocol else []
    actions.reject_referral(one, by=there, ground=grounds[0] if grounds else "Corresponde a otra unidad")


def _forwarded(one: Referral, there: Actor, here: Actor) -> None:
    units = Unit.objects.filter(institution_id=there.institution, functions__function="subsidies")
    if unit := units.exclude(pk__in=[there.unit_id, here.unit_id]).order_by("code").first():
        actions.accept_referral(one, by=there)
        actions.forward_referral(one, unit.pk, by=there, reason="Ya está en el Registro: lo que pide es el subsidio")


def _withdrawn(one: Referral, there: Actor, here: Actor) -> None:
    actions.withdraw_referral(one, by=here, reason="La persona resolvió el trámite en línea")


def _linked(one: Referral, there: Actor, here: Actor) -> None:
    outside.give_link(one, by=here)


def _answered(outcome: AnswerOutcome, done: str) -> Callable[[Referral, Actor, Actor], None]:
    def act(one: Referral, there: Actor, here: Actor) -> None:
        actions.accept_referral(one, by=there)
        actions.answer_referral(one, AnswerDetails(outcome, done, NextStep.TELL_NEIGHBOUR), by=there)

    return act


STORIES: Sequence[Story] = (
    Story(0, "rsh_entry", "rsh", "Ingresar a su hogar al Registro: llegó hace un mes desde Ovalle."),
    Story(0, "rsh_change", "rsh", "Retirar a un integrante que dejó el hogar.", urgency="Pierde la beca esta semana"),
    Story(1, "rsh_change", "rsh", "Cambio de domicilio dentro de la comuna.", _seen),
    Story(1, "suf", "subsidies", "Solicitar el subsidio por su hija menor.", _returned),
    Story(2, "rsh_change", "rsh", "Agregar al recién nacido al hogar.", _accepted),
    Story(3, "rsh_change", "rsh", "Rectificar los ingresos del hogar.", _attending),
    Story(3, "rsh_entry", "rsh", "Ingresar al Registro para pedir el subsidio familiar.", _forwarded, after=2),
    Story(3, "sap", "subsidies", "Renovar el subsidio de agua potable.", _no_show),
    Story(4, "rsh_change", "rsh", "Actualizar la condición de salud.", _rejected),
    Story(5, "suf", "subsidies", "Renovar el subsidio familiar.",
          _answered(AnswerOutcome.GRANTED, "Aprobada por resolución. Se paga desde el mes siguiente."), after=3),
    Story(6, "rsh_entry", "rsh", "Ingreso de un hogar nuevo.", _withdrawn),
    Story(8, "rsh_change", "rsh", "Retirar del hogar a su madre, fallecida.", _accepted),
    Story(9, "sap", "subsidies", "Postular al subsidio de agua.",
          _answered(AnswerOutcome.WAITING_LIST, "En lista de espera: no hay cupos urbanos este semestre."), after=2),
    Story(9, "rsh_change", "rsh", "Agregar a su padre, que llegó a vivir con ella.",
          _answered(AnswerOutcome.GRANTED, "Actualizado: el hogar quedó con cuatro personas."), after=2),
    Story(12, "rsh_entry", "rsh", "Ingreso de un hogar nuevo en la villa El Palqui.",
          _answered(AnswerOutcome.GRANTED, "Encuesta hecha en terreno; el tramo sale el mes siguiente."), after=6),
    Story(15, "rsh_change", "rsh", "Retirar a un hijo que estudia fuera.",
          _answered(AnswerOutcome.NOT_ELIGIBLE, "Sigue siendo carga del hogar: no corresponde retirarlo."), after=1),
    Story(30, "rsh_change", "rsh", "Complemento de vivienda."),
    Story(1, "disability_credential", OUTSIDE, "Evaluarla para la credencial: ya tiene el informe del kinesiólogo.",
          _linked),
    Story(2, "technical_aids", OUTSIDE, "Indicar qué silla de ruedas necesita.", _accepted),
    Story(7, "disability_credential", OUTSIDE, "Evaluar la dependencia de su padre.",
          _answered(AnswerOutcome.GRANTED, "Evaluado en su casa: dependencia moderada. El informe queda en la ficha."),
          after=5),
    Story(0, "social_report", SOCIAL_ASSISTANCE, "La encuesta mostró una vivienda sin agua.", sender="rsh"),
    Story(2, "assistance", SOCIAL_ASSISTANCE, "Pide alimentos: quedó sin ingresos este mes.", _seen, sender="rsh"),
    Story(13, "social_report", SOCIAL_ASSISTANCE, "Informe para postular a la beca.", _accepted, sender="rsh"),
)  # fmt: skip


def fill_referrals(institution: int) -> None:
    """Once. Each story happens in its day, so that its terms are what they would have been."""
    rule = Actor(Agent.COMMAND, institution)
    with acting(rule):
        if Referral.objects.exists():
            return
        people = list(Person.objects.unblocked().filter(died_on__isnull=True).order_by("-sort_key")[:LAST])
        today = clock.today()
        days = service_days(institution, around=today)
    for story, person in zip(STORIES, people, strict=False):
        here = _clerk_of(institution, story.sender)
        there = _outside(here) if story.function == OUTSIDE else _clerk_of(institution, story.function)
        provider = provider_of(institution) if story.function == OUTSIDE else None
        if here is None or there is None or (story.function == OUTSIDE and provider is None):
            continue
        to = provider.pk if provider else there.unit_id
        assert to
        with clock.standing_at(_moment(days, today, story.ago)):
            one = _tell(story, person, here=here, to=to)
        who = here if story.then in (_withdrawn, _linked) else there
        with clock.standing_at(_moment(days, today, story.ago - story.after)), acting(who):
            story.then(one, there, here)
    for day in _days_since(days, today):
        with clock.standing_at(_at(day, 8)), acting(rule):
            actions.follow_referrals(by=rule, on=day)


EXCHANGED: Sequence[Story] = (
    Story(1, "social_report", OUTSIDE, "Se trasladó a su comuna: pide un informe social para el arriendo."),
    Story(
        5, "technical_aids", OUTSIDE, "Se fue a vivir con su hija: necesita la silla de ruedas que tenía aquí.", after=3
    ),
)


def fill_exchanges(one: int, other: int) -> None:
    """Once: each of the two refers two people to the other, which answered the older."""
    for sender, receiver in ((one, other), (other, one)):
        provider, is_new = Provider.objects.get_or_create(
            institution_id=sender,
            partner_id=receiver,
            defaults={"name": Institution.objects.get(pk=receiver).name, "nature": ProviderNature.PUBLIC_SERVICE},
        )
        here, there = _clerk_of(sender, SOCIAL_ASSISTANCE), _clerk_of(receiver, ATTENTION)
        if is_new and here and there:
            _exchange(provider, here, there)


def _exchange(provider: Provider, here: Actor, there: Actor) -> None:
    with acting(here):
        alive = Person.objects.unblocked().filter(died_on__isnull=True).order_by("-sort_key")
        people = list(alive[LAST : LAST + len(EXCHANGED)])
        today = clock.today()
        days = service_days(here.institution, around=today)
    for story, person in zip(EXCHANGED, people, strict=False):
        with clock.standing_at(_moment(days, today, story.ago)):
            sent = _tell(story, person, here=here, to=provider.pk)
        if not story.after:
            continue
        with clock.standing_at(_moment(days, today, story.ago - story.after)), acting(there):
            take_step(received(by=there).get(referral_id=sent.pk), _lent, by=there)


def _lent(one: Referral, who: Actor) -> None:
    done = "Se le prestó una silla, y queda inscrita en esta comuna."
    actions.answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, done), by=who)


def _outside(here: Actor | None) -> Actor | None:
    """A desk that writes down what somebody of the provider said."""
    return replace(here, speaks_for="Asistente social del establecimiento (ficticia)") if here else None


def _tell(story: Story, person: Person, *, here: Actor, to: UUID) -> Referral:
    assert here.unit_id
    with acting(here):
        reason = Reason.objects.get(national_id=story.reason, is_local=False)
        started = start_consultation(person, by=here)
        ended = end_attention(started, Writing(lines=[LineDetails(reason.pk, Outcome.NEEDS_UNIT)]), by=here)
        protocol = governing(here.unit_id, to, [reason.pk], by=here, on=clock.today())
        details = ReferralDetails(
            line_ids=[ended.lines.get().pk],
            to=to,
            sharing=Sharing(consent=Consent.IN_PERSON) if story.function == OUTSIDE else Sharing(),
            asked=story.asked,
            is_urgent=bool(story.urgency),
            urgency=story.urgency,
            papers=protocol.papers if protocol else (),
        )
        return actions.send_referral(ended, details, by=here)


def _clerk_of(institution: int, function: str) -> Actor | None:
    """Whoever attends the public in the first unit of that function."""
    serving = Posting.objects.in_force_on(clock.today()).filter(
        institution_id=institution, unit__functions__function=function, role=Role.FRONT_DESK
    )
    posting = serving.with_context().order_by("unit__code", "id").first()
    return actor_in(posting) if posting else None


def _moment(days: WorkingDays, today: date, ago: int) -> datetime:
    """In the morning of that working day, but never after now."""
    day = today
    for _ in range(ago):
        day = days.last_before(day)
    return min(_at(day, 10), clock.now())


def _days_since(days: WorkingDays, today: date) -> list[date]:
    found = [today]
    while len(found) < MOST_DAYS:
        found.append(days.last_before(found[-1]))
    return found[::-1]


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
