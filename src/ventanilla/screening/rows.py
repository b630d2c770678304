"""The rows that the screening and the timeline are made of, within what the actor and the profile may read."""

from collections.abc import Sequence

from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.benefits.models import Delivery, DeliveryQuerySet
from ventanilla.intake.models import Consultation
from ventanilla.intake.models.consultations import ConsultationQuerySet
from ventanilla.intake.states import ENDED, OPEN
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.registry.models import Fact, Home, Person
from ventanilla.registry.models.facts import FactQuerySet
from ventanilla.registry.profiles import FACTS, Profile


def facts_of(people: Sequence[Person], home: Home | None, *, by: Actor) -> FactQuerySet:
    """What is stated of these people and of the home as such, the newest first."""
    about = Q(person__in=people)
    if home:
        about |= Q(home=home)
    return Fact.objects.visible_to(by).filter(about).newest_first()


def within(profile: Profile, facts: Sequence[Fact]) -> list[Fact]:
    """Those that a profile is told."""
    return [fact for fact in facts if fact.kind in FACTS[profile]]


def deliveries_of(people: Sequence[Person], home: Home | None, *, by: Actor) -> DeliveryQuerySet:
    homes = [home.pk] if home else []
    theirs = Delivery.objects.visible_to(by).to_home(homes, [person.pk for person in people])
    return theirs.select_related("unit", "version").newest_first()


def referrals_of(people: Sequence[Person], *, profile: Profile, by: Actor) -> ReferralQuerySet:
    """Of these people; the summary knows of other units' only while they are open."""
    theirs = Referral.objects.visible_to(by).filter(person__in=people)
    return theirs if profile is Profile.FULL else theirs.open() | theirs.of_party(by.unit_id)


def consultations_of(people: Sequence[Person], *, profile: Profile, by: Actor) -> ConsultationQuerySet:
    """Of these people, those that ended or are open; the summary knows of another unit's only while it is open."""
    theirs = Consultation.objects.visible_to(by).filter(person__in=people)
    if profile is Profile.FULL:
        return theirs.filter(state__in=(*OPEN, *ENDED))
    return theirs.filter(Q(state__in=OPEN) | Q(state__in=ENDED, unit=by.unit_id))
