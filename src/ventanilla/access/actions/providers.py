"""Who outside the institution gives something to its neighbours: written down, changed, ended."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ventanilla.access.actors import ATTENTION, Actor, require
from ventanilla.access.models import Institution, Provider, ProviderNature, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import new_id


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    name: str
    nature: str
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    partner_id: int | None = None
    """The institution of the platform that it is."""


@transaction.atomic
def add_provider(details: ProviderDetails, *, by: Actor, provider_id: UUID | None = None) -> Provider:
    """``provider_id``, made with the form, makes one sent twice once."""
    require(by, Permission.OFFICE_ARRANGE)
    if provider_id and (sent := Provider.objects.filter(pk=provider_id, institution_id=by.institution).first()):
        return sent
    provider = Provider(id=provider_id or new_id(), institution_id=by.institution)
    _say(provider, details)
    provider.save(force_insert=True)
    return provider


@transaction.atomic
def change_provider(provider: Provider, details: ProviderDetails, *, by: Actor) -> Provider:
    _lock(provider, by=by)
    if details.partner_id != provider.partner_id and provider.referrals_received.filter(ended_at=None).exists():
        raise RuleBroken(
            "Tiene derivaciones por responder: cambie por dónde las recibe cuando terminen.", field="partner"
        )
    _say(provider, details)
    provider.save()
    return provider


@transaction.atomic
def end_provider(provider: Provider, *, by: Actor) -> Provider:
    """It gives nothing new. Whoever knows what it was giving asks first (``catalogue.entries.providers``)."""
    _lock(provider, by=by)
    if provider.referrals_received.filter(ended_at__isnull=True).exists():
        raise RuleBroken("Tiene derivaciones por responder: anote su respuesta o retírelas antes.")
    if provider.ended_on is None:
        provider.ended_on = clock.today()
        provider.save()
    return provider


@transaction.atomic
def take_back_provider(provider: Provider, *, by: Actor) -> Provider:
    _lock(provider, by=by)
    if provider.ended_on is not None:
        provider.ended_on = None
        provider.save()
    return provider


def partners_of(institution_id: int) -> list[Institution]:
    """Those that attend by the platform, for real where she does so for real, and in training where it is training."""
    own = Institution.objects.get(pk=institution_id)
    units = Unit.objects.connected_on(clock.today()).with_function([ATTENTION])
    others = Institution.objects.filter(pk__in=units.values("institution_id")).exclude(pk=institution_id)
    is_training = Q(kind=Institution.Kind.TRAINING)
    alike = others.filter(is_training if own.kind == Institution.Kind.TRAINING else ~is_training)
    return list(alike.order_by("short_name"))


def _partner(provider: Provider, details: ProviderDetails) -> Institution:
    found = {one.pk: one for one in partners_of(provider.institution_id)}.get(details.partner_id or 0)
    if found is None:
        raise RuleBroken("Esa institución todavía no atiende por la plataforma.", field="partner")
    if details.nature != ProviderNature.PUBLIC_SERVICE:
        raise RuleBroken("Una institución de la plataforma es un servicio público.", field="nature")
    theirs = Provider.objects.filter(institution_id=provider.institution_id, partner=found).exclude(pk=provider.pk)
    if other := theirs.first():
        raise RuleBroken(f"{found.short_name} ya está entre los prestadores: «{other.name}».", field="partner")
    return found


def _lock(provider: Provider, *, by: Actor) -> None:
    provider.refresh_from_db(from_queryset=Provider.objects.select_for_update())
    require(by, Permission.OFFICE_ARRANGE, provider)


def _say(provider: Provider, details: ProviderDetails) -> None:
    provider.name = " ".join(details.name.split())
    if not provider.name:
        raise RuleBroken("Escriba el nombre del prestador.", field="name")
    for other in Provider.objects.filter(institution_id=provider.institution_id).exclude(pk=provider.pk):
        if other.name.casefold() == provider.name.casefold():
            again = " Dejó de atender: puede volver a usarlo." if other.ended_on else ""
            raise RuleBroken(f"Ya hay un prestador con el nombre «{other.name}».{again}", field="name")
    website = details.website.strip()
    if website and not website.startswith(("https://", "http://")):
        raise RuleBroken("La dirección comienza con https://.", field="website")
    provider.nature, provider.website = details.nature, website
    provider.partner = _partner(provider, details) if details.partner_id else None
    provider.address = " ".join(details.address.split())
    provider.phone = " ".join(details.phone.split())
    provider.email = details.email.strip()
