"""Units that refer to each other, and referrals between them, made as the application makes them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, ProviderNature, Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.referrals.actions import ReferralDetails, send_referral
from ventanilla.referrals.models import (
    Attachment,
    Exchange,
    Governance,
    Protocol,
    ProtocolReason,
    ProtocolSender,
    ProtocolVersion,
    Referral,
)
from ventanilla.referrals.outside.actions import attach
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.registry.models import Person

STARTS_ON = date(2026, 1, 1)
MAIL = "derivaciones@cesfam.example"
GROUND = "Función del establecimiento de atención primaria"
ASKED = "Retirar del hogar a su madre, fallecida en agosto."

BODIES_OF_STEPS: dict[str, dict[str, Any]] = {
    "accept": {},
    "attend": {},
    "appoint": {"at": "2099-12-01T09:30:00-03:00"},
    "no-show": {},
    "return": {"said": "Cédula de identidad"},
    "complete": {"said": "Va la cédula"},
    "reject": {"ground": "No vive en la comuna"},
    "answer": {"outcome": "granted", "done": "Listo"},
    "reopen": {"said": "La cartola sigue igual"},
    "withdraw": {"said": "Se resolvió en línea"},
    "told": {},
    "assign": {"account_id": None},
    "forward": {"to_unit_id": "01a20000-0000-7000-8000-000000000009", "reason": "Corresponde allá"},
}
"""What each step takes by API."""


def rsh() -> Unit:
    """The unit that keeps the social register."""
    return make.unit(code="rsh", functions=("rsh",))


def attended(
    by: Actor, *codes: str, person: Person | None = None, outcome: Outcome = Outcome.NEEDS_UNIT
) -> Consultation:
    """An attention that ended with these reasons left for another unit."""
    with acting(by):
        found = start_consultation(person or make.person(), by=by)
        lines = [LineDetails(make.reason(code).pk, outcome) for code in codes or ("rsh_change",)]
        return end_attention(found, Writing(lines=lines), by=by)


def sent(by: Actor, consultation: Consultation | None = None, **said: Any) -> Referral:
    """A referral of all that waits in a consultation, to the unit of the register."""
    consultation = consultation or attended(by)
    with acting(by):
        lines = list(consultation.lines.filter(answered_at__isnull=True).values_list("pk", flat=True))
        usual: dict[str, Any] = {"line_ids": lines, "to": rsh().pk, "asked": ASKED}
        submission = said.pop("submission_id", None)
        return send_referral(consultation, ReferralDetails(**(usual | said)), by=by, submission_id=submission)


def sent_outside(by: Actor, consultation: Consultation | None = None, **said: Any) -> Referral:
    """A referral to a provider of the municipality, who may be told because of its function."""
    consultation = consultation or attended(by, "technical_aids")
    provider = said.pop("provider", None) or health_centre(by.institution)
    usual: dict[str, Any] = {"to": provider.pk, "sharing": Sharing(legal_ground=GROUND)}
    return sent(by, consultation, **(usual | said))


def partner(of: int = make.MONTE_PATRIA, to: int = make.COMBARBALA) -> Provider:
    """An institution of the platform, as a provider of another."""
    found, _ = Provider.objects.get_or_create(
        institution_id=of,
        partner_id=to,
        defaults={"name": f"Municipalidad {to}", "nature": ProviderNature.PUBLIC_SERVICE},
    )
    return found


def sent_by_another(to: int, of: int = 4304) -> tuple[Exchange, Attachment]:
    """What somebody of a third municipality referred to that one, with a file."""
    with make.inside(of):
        clerk = make.actor(Role.FRONT_DESK, of)
        waiting = attended(clerk, "technical_aids")
    one = sent(clerk, waiting, to=partner(of, to).pk, sharing=Sharing(legal_ground=GROUND))
    with acting(clerk):
        file = attach(one, "informe.pdf", b"%PDF-1.4", by=clerk)
        return Exchange.objects.get(referral_id=one.pk), file


def health_centre(institution: int = make.MONTE_PATRIA, nature: str = ProviderNature.PUBLIC_SERVICE) -> Provider:
    name = "Cesfam (ficticio)" if nature == ProviderNature.PUBLIC_SERVICE else f"Centro {nature} (ficticio)"
    found, _ = Provider.objects.get_or_create(
        institution_id=institution, name=name, defaults={"nature": nature, "email": MAIL}
    )
    return found


def protocol(to: Unit | Provider, *codes: str, senders: Sequence[Unit], **said: Any) -> ProtocolVersion:
    """One in force since the first day of the year, written straight into its tables, inside an institution."""
    number = Protocol.objects.count() + 1
    receiver: dict[str, Any] = {"to_unit": to} if isinstance(to, Unit) else {"to_provider": to}
    usual: dict[str, Any] = {
        "number": 1,
        "state": "approved",
        "starts_on": STARTS_ON,
        "written_at": clock.now(),
        "rejection_grounds": "No vive en la comuna\nYa tiene una solicitud en curso",
        "answer_needs": "Folio de la solicitud",
    }
    version = ProtocolVersion.objects.create(
        protocol=Protocol.objects.create(number=number, name="Registro Social"), **receiver, **(usual | said)
    )
    for sender in senders:
        ProtocolSender.objects.create(version=version, unit=sender)
        for code in codes:
            Governance.objects.create(
                version=version, sender=sender, receiver_id=to.pk, reason=make.reason(code), starts_on=STARTS_ON
            )
    ProtocolReason.objects.bulk_create(ProtocolReason(version=version, reason=make.reason(code)) for code in codes)
    return version


def again(referral: Referral) -> Referral:
    with make.inside():
        return Referral.objects.select_related("consultation").get(pk=referral.pk)


def desk() -> Actor:
    """At the front desk of the UAS."""
    with make.inside():
        return make.actor(Role.FRONT_DESK)


def enumerator() -> Actor:
    """At the unit of the register."""
    with make.inside():
        return make.actor(Role.FRONT_DESK, in_unit=rsh())


def referred(person: Person, institution: int = make.MONTE_PATRIA, *, to: Unit | None = None) -> Referral:
    """Somebody sent to the UAS, or another unit, by the unit of the social register, in any institution."""
    by = make.actor(Role.FRONT_DESK, institution, in_unit=make.unit(institution, "rsh", ("rsh",)))
    waiting = attended(by, "social_report", person=person)
    return sent(by, waiting, to=(to or make.unit(institution)).pk)
