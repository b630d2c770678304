"""Every verb of a protocol: write it, send it to be signed, sign, return, approve, end, discard."""

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Posting, Provider, Unit
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.ids import new_id, new_secret
from ventanilla.referrals.models import (
    Governance,
    Protocol,
    ProtocolEntry,
    ProtocolReason,
    ProtocolSender,
    ProtocolSignature,
    ProtocolStep,
    ProtocolVersion,
)
from ventanilla.referrals.protocols.content import digest_of
from ventanilla.referrals.protocols.details import (
    TERMS,
    TEXTS,
    ProtocolDetails,
    details_of,
    missing_to_sign,
    objections,
)
from ventanilla.referrals.protocols.parties import (
    Bound,
    may_write,
    on_paper,
    takes_part,
    title_of,
    to_sign_by,
    unsigned,
)
from ventanilla.referrals.protocols.reading import whole
from ventanilla.referrals.protocols.states import PROTOCOL_LIFECYCLE, Party, ProtocolState

_NOT_YOURS = "Ese protocolo lo escribe la jefatura de una de sus unidades, o la contraparte municipal."


@transaction.atomic
def draft_protocol(details: ProtocolDetails, *, by: Actor, protocol_id: UUID | None = None) -> ProtocolVersion:
    """The first version, as a draft. ``protocol_id``, made with the form, makes one sent twice once."""
    require(by, Permission.PROTOCOL_WRITE)
    if protocol_id and (sent := ProtocolVersion.objects.filter(protocol=protocol_id).order_by("number").first()):
        return sent
    newest = Protocol.objects.select_for_update().order_by("-number").first()
    protocol = Protocol(
        id=protocol_id or new_id(), number=newest.number + 1 if newest else 1, name=details.name.strip()
    )
    _refuse(details, by=by)
    protocol.save(force_insert=True)
    return _begin(protocol, 1, details, by=by)


@transaction.atomic
def draft_next_version(protocol: Protocol, *, by: Actor) -> ProtocolVersion:
    """The same text, to be changed and signed anew; what is in force goes on meanwhile."""
    Protocol.objects.select_for_update().get(pk=protocol.pk)
    versions = list(whole(ProtocolVersion.objects.filter(protocol=protocol).order_by("number")))
    if in_writing := [one for one in versions if one.state in _IN_WRITING]:
        return in_writing[0]
    approved = [one for one in versions if one.state == ProtocolState.APPROVED]
    if not approved:
        raise InvalidTransition("Todavía no hay una versión aprobada que cambiar.")
    if not may_write(approved[-1], by):
        raise NotAllowed(_NOT_YOURS)
    return _begin(protocol, versions[-1].number + 1, details_of(approved[-1]), by=by)


_IN_WRITING = (ProtocolState.DRAFT, ProtocolState.IN_SIGNATURE, ProtocolState.SIGNED)


def _begin(protocol: Protocol, number: int, details: ProtocolDetails, *, by: Actor) -> ProtocolVersion:
    version = ProtocolVersion(protocol=protocol, number=number)
    _say(version, details, by=by)
    version.save(force_insert=True)
    _say_rows(version, details, by=by)
    _step(version, "", by=by)
    if not may_write(whole(ProtocolVersion.objects.filter(pk=version.pk)).get(), by):
        raise NotAllowed("Su unidad no toma parte: márquela entre las que derivan, o como la que recibe.")
    return version


@transaction.atomic
def write_version(
    version: ProtocolVersion, details: ProtocolDetails, *, by: Actor, read: int | None = None
) -> ProtocolVersion:
    """Only a draft changes. ``read`` is the version that was read, to notice two people writing."""
    version = _hold(version)
    if not may_write(version, by):
        raise NotAllowed(_NOT_YOURS)
    if version.state != ProtocolState.DRAFT:
        raise InvalidTransition(f"{version} está {version.get_state_display().lower()}: ya no se escribe en ella.")
    if read is not None and read != version.version:
        raise StaleVersion(
            "Otra persona cambió el borrador mientras usted escribía. Revise lo guardado y vuelva a enviar."
        )
    _refuse(details, by=by)
    _say(version, details, by=by)
    version.version += 1
    version.save()
    version.protocol.name = details.name.strip()
    version.protocol.save(update_fields=["name"])
    for rows in (version.senders, version.covered, version.about):
        rows.all().delete()
    _say_rows(version, details, by=by)
    return version


def _refuse(details: ProtocolDetails, *, by: Actor) -> None:
    for field, sentence in objections(details):
        raise RuleBroken(sentence, field=field)
    today = clock.today()
    units = {*details.senders, *([details.to_unit] if details.to_unit else [])}
    if Unit.objects.filter(pk__in=units).connected_on(today).count() != len(units):
        raise RuleBroken("Una de las unidades ya no está conectada. Elija otra.", field="senders")
    if details.to_provider and not Provider.objects.filter(pk=details.to_provider, ended_on__isnull=True).exists():
        raise RuleBroken("Ese prestador dejó de atender. Elija otro.", field="receiver")
    if Reason.objects.in_use().filter(pk__in=details.reasons).count() != len(set(details.reasons)):
        raise RuleBroken("Uno de los motivos ya no se usa. Elija otro.", field="reasons")
    if not set(details.entries) <= _names_of_entries(by).keys():
        raise RuleBroken("Una de las prestaciones no está en el catálogo.", field="entries")


def _say(version: ProtocolVersion, details: ProtocolDetails, *, by: Actor) -> None:
    version.to_unit_id, version.to_provider_id = details.to_unit, details.to_provider
    version.fields = list(details.fields)
    for name in TEXTS:
        setattr(version, name, getattr(details, name).strip())
    for name in TERMS:
        setattr(version, name, getattr(details, name))
    version.written_by_id, version.written_at = by.account_id, clock.now()


def _say_rows(version: ProtocolVersion, details: ProtocolDetails, *, by: Actor) -> None:
    ProtocolSender.objects.bulk_create(
        ProtocolSender(version=version, unit_id=one) for one in dict.fromkeys(details.senders)
    )
    ProtocolReason.objects.bulk_create(
        ProtocolReason(version=version, reason_id=one) for one in dict.fromkeys(details.reasons)
    )
    names = _names_of_entries(by) if details.entries else {}
    ProtocolEntry.objects.bulk_create(
        ProtocolEntry(version=version, entry_id=one, name=names[one]) for one in dict.fromkeys(details.entries)
    )


def _names_of_entries(by: Actor) -> dict[UUID, str]:
    """What is told of the catalogue today, by its name."""
    return {one.entry_id: one.name for one in versions_told(by, on=clock.today(), at_length=False)}


@transaction.atomic
def submit_to_signature(version: ProtocolVersion, *, by: Actor) -> ProtocolVersion:
    """From here on its text does not change: what is signed is its digest."""
    version = _hold(version)
    if not may_write(version, by):
        raise NotAllowed(_NOT_YOURS)
    if missing := list(missing_to_sign(version, reasons=version.covered.count())):
        raise RuleBroken(" ".join(missing))
    if other := _other_that_governs(version):
        raise RuleBroken(
            f"{other} ya rige entre esas unidades para uno de esos motivos: cámbielo en vez de hacer otro."
        )
    _move(version, ProtocolState.IN_SIGNATURE, by=by)
    version.digest, version.submitted_at = digest_of(version), clock.now()
    version.save()
    return version


@transaction.atomic
def sign(version: ProtocolVersion, *, by: Actor) -> ProtocolVersion:
    """The head binds her unit; when nobody is left to sign, it waits for the approval. Twice is once."""
    version = _hold(version)
    require(by, Permission.PROTOCOL_SIGN)
    if not takes_part(version, by):
        raise NotAllowed("Lo firman las jefaturas de las unidades que toman parte.")
    if version.state != ProtocolState.IN_SIGNATURE:
        raise InvalidTransition(f"{version} está {version.get_state_display().lower()}: no se firma ahora.")
    bound = to_sign_by(version, by)
    if bound is None:
        return version
    posting = _posting_of(by)
    return _sign(version, bound, by=by, name=posting.account.full_name, title=title_of(posting))


@transaction.atomic
def sign_on_paper(
    version: ProtocolVersion, key: str, *, by: Actor, name: str, title: str, signed_on: date
) -> ProtocolVersion:
    """Somebody without an account here signed the printed text; ``key`` is that of ``Bound``."""
    version = _hold(version)
    if not may_write(version, by):
        raise NotAllowed(_NOT_YOURS)
    if version.state != ProtocolState.IN_SIGNATURE:
        raise InvalidTransition(f"{version} está {version.get_state_display().lower()}: no se firma ahora.")
    bound = next((one for one in on_paper(version) if one.key == key), None)
    if bound is None:
        raise RuleBroken("Esa parte ya firmó, o tiene jefatura con cuenta aquí: que firme ella.", field="bound")
    name, title = " ".join(name.split()), " ".join(title.split())
    if not name or not title:
        raise RuleBroken("Escriba quién firmó y con qué cargo.", field="name")
    if signed_on > clock.today():
        raise RuleBroken("El día de la firma no puede ser posterior a hoy.", field="signed_on")
    if version.submitted_at is None or signed_on < clock.day_of(version.submitted_at):
        raise RuleBroken("El texto se envió a firma después de ese día.", field="signed_on")
    return _sign(version, bound, by=by, name=name, title=title, signed_on=signed_on)


def _sign(
    version: ProtocolVersion, bound: Bound, *, by: Actor, name: str, title: str, signed_on: date | None = None
) -> ProtocolVersion:
    ProtocolSignature.objects.create(
        version=version,
        party=bound.party,
        unit_id=bound.unit_id,
        name=name[:160],
        title=title[:160],
        on_paper=signed_on is not None,
        digest=version.digest,
        signed_on=signed_on or clock.today(),
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
    )
    version = _hold(version)
    if not unsigned(version):
        _move(version, ProtocolState.SIGNED, by=by)
        version.save()
    return version


@transaction.atomic
def return_to_draft(version: ProtocolVersion, *, by: Actor, reason: str) -> ProtocolVersion:
    """A head that it binds, or the directorate, asks for a change: whoever signed will sign again."""
    version = _hold(version)
    is_party = takes_part(version, by) and by.scope(Permission.PROTOCOL_SIGN) is not None
    if not is_party and by.scope(Permission.PROTOCOL_APPROVE) is None and not may_write(version, by):
        raise NotAllowed("Lo devuelve quien lo firma o quien lo aprueba.")
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Escriba qué hay que cambiar.", field="reason")
    _move(version, ProtocolState.DRAFT, by=by, reason=reason)
    version.digest, version.submitted_at = "", None
    version.version += 1
    version.save()
    return version


@transaction.atomic
def approve(version: ProtocolVersion, *, by: Actor, starts_on: date) -> ProtocolVersion:
    """In force from a day on, in the place of the version before it, which ends on the eve."""
    version = _hold(version)
    require(by, Permission.PROTOCOL_APPROVE, version)
    if starts_on < clock.today():
        raise RuleBroken("Rige desde hoy o desde un día posterior.", field="starts_on")
    before = _running(version)
    if before and before.starts_on and starts_on <= before.starts_on:
        raise RuleBroken(
            f"La versión {before.number} rige desde el {before.starts_on:%d-%m-%Y}: elija un día posterior.",
            field="starts_on",
        )
    if version.digest != digest_of(version):
        raise RuleBroken("Cambió el nombre de una unidad o de un motivo desde que se firmó: devuélvalo para firmarlo.")
    _move(version, ProtocolState.APPROVED, by=by)
    version.starts_on, version.token = starts_on, new_secret()
    if before:
        _end(before, starts_on - timedelta(days=1))
    version.save()
    posting = _posting_of(by)
    ProtocolSignature.objects.create(
        version=version, party=Party.APPROVAL, name=posting.account.full_name[:160], title=title_of(posting)[:160],
        digest=version.digest, signed_on=clock.today(), at=clock.now(),
        account_id=by.account_id, posting_id=by.posting_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _govern(version, starts_on)
    except IntegrityError as error:
        other = _other_that_governs(version)
        raise RuleBroken(f"{other or 'Otro protocolo'} ya rige para uno de esos motivos en esas fechas.") from error
    return version


def _posting_of(by: Actor) -> Posting:
    if by.posting_id is None:
        raise NotAllowed("Firma una persona con desempeño vigente.")
    return Posting.objects.with_context().get(pk=by.posting_id)


def _govern(version: ProtocolVersion, starts_on: date) -> None:
    Governance.objects.bulk_create(
        Governance(
            version=version,
            sender_id=sender.unit_id,
            receiver_id=version.receiver.pk,
            reason_id=covered.reason_id,
            starts_on=starts_on,
        )
        for sender in version.senders.all()
        for covered in version.covered.all()
    )


@transaction.atomic
def end_protocol(version: ProtocolVersion, *, by: Actor, on: date, reason: str) -> ProtocolVersion:
    """Nothing takes its place: from the day after, what it governed goes without protocol."""
    version = _hold(version)
    require(by, Permission.PROTOCOL_APPROVE, version)
    if version.state != ProtocolState.APPROVED or version.starts_on is None:
        raise InvalidTransition(f"{version} no está en vigor: no hay qué terminar.")
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Escriba por qué termina.", field="reason")
    if on < clock.today() or on < version.starts_on:
        raise RuleBroken("Termina hoy o después, y no antes de empezar.", field="on")
    if version.ends_on is not None and version.ends_on < on:
        raise RuleBroken(f"Ya termina el {version.ends_on:%d-%m-%Y}.", field="on")
    _end(version, on)
    _step(version, ProtocolState.APPROVED, by=by, reason=reason)
    return version


def _end(version: ProtocolVersion, on: date) -> None:
    version.ends_on = on
    version.save(update_fields=["ends_on"])
    version.governs.update(ends_on=on)


@transaction.atomic
def discard(version: ProtocolVersion, *, by: Actor) -> ProtocolVersion:
    """A draft that will not be: what was approved before goes on."""
    version = _hold(version)
    if not may_write(version, by):
        raise NotAllowed(_NOT_YOURS)
    _move(version, ProtocolState.DISCARDED, by=by)
    version.save()
    return version


def _running(version: ProtocolVersion) -> ProtocolVersion | None:
    """The approved version of the same protocol that has no end yet."""
    others = ProtocolVersion.objects.approved().filter(protocol=version.protocol, ends_on__isnull=True)
    return others.exclude(pk=version.pk).order_by("-number").first()


def _other_that_governs(version: ProtocolVersion) -> Protocol | None:
    """Another protocol in force, or approved for later, for the same sender, receiver and reason."""
    lasting = Governance.objects.filter(
        sender__in=version.senders.values("unit"),
        receiver_id=version.receiver.pk,
        reason__in=version.covered.values("reason"),
    ).exclude(version__protocol=version.protocol)
    row = lasting.exclude(ends_on__lt=clock.today()).select_related("version__protocol").first()
    return row.version.protocol if row else None


def _hold(version: ProtocolVersion) -> ProtocolVersion:
    """The version as it is now, held until the transaction ends."""
    ProtocolVersion.objects.select_for_update().get(pk=version.pk)
    return whole(ProtocolVersion.objects.filter(pk=version.pk)).get()


def _move(version: ProtocolVersion, after: ProtocolState, *, by: Actor, reason: str = "") -> None:
    before = ProtocolState(version.state)
    PROTOCOL_LIFECYCLE.require(
        before, after, message=f"{version} está {before.label.lower()}: no puede pasar a {after.label.lower()}."
    )
    version.state = after
    _step(version, before, by=by, reason=reason)


def _step(version: ProtocolVersion, before: str, *, by: Actor, reason: str = "") -> None:
    ProtocolStep.objects.create(
        version=version,
        before=before,
        after=version.state,
        reason=reason[:500],
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
    )
