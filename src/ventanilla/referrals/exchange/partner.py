"""Whoever receives a referral of another institution, where that referral is: as somebody of its provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.http import Http404

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Institution
from ventanilla.access.permissions import Agent
from ventanilla.access.tenancy import acting
from ventanilla.referrals.models import Exchange, Referral


@contextmanager
def as_partner(exchange: Exchange, *, by: Actor) -> Iterator[tuple[Referral, Actor]]:
    """The referral, and she in the words of whom it is answered; afterwards she is in her own institution again.

    Raises ``Http404`` when it is not hers to read: it went to others, or the person's data were blocked.
    """
    if not Exchange.objects.received_by(by).filter(pk=exchange.pk).exists():
        raise Http404
    there = Actor(
        Agent.PROVIDER,
        exchange.sender_id,
        request_id=by.request_id,
        time_zone=exchange.sender.time_zone,
        speaks_for=_in_words(by),
    )
    with acting(there):
        whole = Referral.objects.visible_to(there).select_related(
            "person", "protocol__protocol", "from_unit__institution", "to_provider"
        )
        referral = whole.filter(pk=exchange.referral_id, to_provider__partner=by.institution).first()
        if referral is None:
            raise Http404
        guest = replace(there, provider_id=referral.to_provider_id)
        with acting(guest):
            yield referral, guest


def _in_words(by: Actor) -> str:
    """«Ana Pérez, Combarbalá»."""
    account = Account.objects.get(pk=by.account)
    return f"{account.full_name}, {Institution.objects.get(pk=by.institution).short_name}"[:160]
