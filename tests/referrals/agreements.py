"""Protocols as heads write, sign and approve them, for the tests."""

from typing import Any

from tests import make
from tests.referrals.loop import rsh

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting, current_institution_id
from ventanilla.referrals.models import ProtocolVersion
from ventanilla.referrals.protocols import actions
from ventanilla.referrals.protocols.details import ProtocolDetails

WRITTEN: dict[str, Any] = {
    "name": "Ingreso RSH",
    "sender_ids": ["01a20000-0000-7000-8000-000000000001"],
    "to_unit_id": "01a20000-0000-7000-8000-000000000002",
}
"""As it is written by API, between units that are nobody's."""


def head() -> Actor:
    with make.inside():
        return make.actor(Role.UAS_HEAD)


def head_of_rsh() -> Actor:
    with make.inside():
        return make.actor(Role.UNIT_HEAD, in_unit=rsh())


def director() -> Actor:
    with make.inside():
        return make.actor(Role.DIDECO)


def details(**said: Any) -> ProtocolDetails:
    """From the UAS to the unit of the register of the institution entered."""
    here = current_institution_id()
    register = make.unit(here, "rsh", ("rsh",))
    usual: dict[str, Any] = {
        "name": "Ingreso y modificación RSH",
        "senders": [make.unit(here).pk],
        "to_unit": None if said.get("to_provider") else register.pk,
        "reasons": [make.reason("rsh_change").pk],
        "criteria": "Vive en la comuna",
        "rejection_grounds": "No vive en la comuna",
        "answer_needs": "Folio de la solicitud",
        "fields": ["birth", "bracket"],
    }
    return ProtocolDetails(**(usual | said))


def drafted(by: Actor, **said: Any) -> ProtocolVersion:
    with acting(by):
        return actions.draft_protocol(details(**said), by=by)


def signed(by: Actor, other: Actor, **said: Any) -> ProtocolVersion:
    """By both heads."""
    version = drafted(by, **said)
    with acting(by):
        actions.submit_to_signature(version, by=by)
        actions.sign(version, by=by)
    with acting(other):
        return actions.sign(version, by=other)


def approved(by: Actor, other: Actor, approver: Actor, *, starts_on: Any = make.TODAY, **said: Any) -> ProtocolVersion:
    version = signed(by, other, **said)
    with acting(approver):
        return actions.approve(version, by=approver, starts_on=starts_on)
