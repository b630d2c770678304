"""Who outside the institution gives something to its neighbours: written down, changed, ended."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Provider
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
    provider.address = " ".join(details.address.split())
    provider.phone = " ".join(details.phone.split())
    provider.email = details.email.strip()
