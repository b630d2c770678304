"""What travels of a person: the fields that the protocol names and no more, as they were known when it was sent."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from ventanilla.access.actors import Actor
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.referrals.protocols.states import PacketField
from ventanilla.registry.homes import address_of, current_memberships, home_of
from ventanilla.registry.models import ContactPoint, Fact, Person
from ventanilla.registry.vocabulary import FactKind

WITHOUT_PROTOCOL = (PacketField.CONTACT, PacketField.ADDRESS)
"""What a referral that no protocol governs carries: how to reach her."""

_CARE = (FactKind.DISABILITY, FactKind.DEPENDENCE, FactKind.CARER)
_CHILDREN = (FactKind.PREGNANCY, FactKind.ENROLMENT, FactKind.HEALTH_CHECK)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the packet: what it is, what is known of it, and from where and when."""

    label: str
    value: str
    source: str = ""


def packet_of(person: Person, fields: Collection[str], *, by: Actor) -> list[dict[str, str]]:
    """In the order in which the fields are declared, each line with its field; of what is not known, that it is not."""
    told = ((field, line) for field in PacketField if field in fields for line in _READERS[field](person, by))
    return [asdict(line) | {"field": str(field)} for field, line in told]


def _birth(person: Person, _: Actor) -> Iterator[Told]:
    if person.birth_on is None:
        yield Told(PacketField.BIRTH.label, "No se sabe")
        return
    age = person.age_on(clock.today())
    yield Told(PacketField.BIRTH.label, f"{person.birth_on:%d-%m-%Y} ({age} años)")


def _contact(person: Person, by: Actor) -> Iterator[Told]:
    """Ordinary ones alone; that she is not to be called goes with the number."""
    known = ContactPoint.objects.visible_to(by).filter(person=person, secrecy=Secrecy.ORDINARY, ended_on__isnull=True)
    found = {contact.value: contact for contact in known.order_by("as_of", "id")}
    if not found:
        yield Told(PacketField.CONTACT.label, "No se sabe")
    for contact in found.values():
        notes = [contact.note, "No llamar" if contact.do_not_call else ""]
        yield Told(contact.get_kind_display(), " · ".join(filter(None, [contact.value, *notes])), _of(contact))


def _address(person: Person, by: Actor) -> Iterator[Told]:
    """Not what is guarded, whoever sends it."""
    place, is_guarded = address_of(person, home_of(person, by=by), by=by)
    if is_guarded or place is None:
        yield Told(PacketField.ADDRESS.label, "Reservado" if is_guarded else "No se sabe")
        return
    sector = "" if place.sector in place.address else place.sector
    yield Told(PacketField.ADDRESS.label, ", ".join(filter(None, [place.address, sector])) or "No se sabe")


def _home(person: Person, by: Actor) -> Iterator[Told]:
    members = [member for member in current_memberships(person, by=by) if member.person_id != person.pk]
    today = clock.today()
    names = [
        f"{member.person.full_name}{'' if age is None else f' ({age})'}"
        for member in members
        for age in [member.person.age_on(today)]
    ]
    yield Told(PacketField.HOME.label, ", ".join(names) or "Vive sola o no se sabe")


def _bracket(person: Person, by: Actor) -> Iterator[Told]:
    home = home_of(person, by=by)
    known = Fact.objects.visible_to(by).filter(home=home, kind=FactKind.RSH_BRACKET).newest_first().first()
    label = PacketField.BRACKET.label
    yield Told(label, f"{known.value} %", _of(known)) if home and known else Told(label, "No se sabe")


def _facts(label: str, kinds: Sequence[FactKind]) -> Callable[[Person, Actor], Iterator[Told]]:
    """The newest of each statement, if it is in force today: an older one may not be what holds."""

    def read(person: Person, by: Actor) -> Iterator[Told]:
        theirs = Fact.objects.visible_to(by).filter(person=person, kind__in=kinds)
        newest: dict[tuple[str, str], Fact] = {}
        for fact in theirs.newest_first():
            newest.setdefault((fact.kind, fact.value if fact.kind == FactKind.SUBSIDY else ""), fact)
        in_force = [fact for fact in newest.values() if fact.is_in_force_on(clock.today())]
        if not in_force:
            yield Told(label, "Nada registrado")
        for fact in in_force:
            yield _fact(label if len(kinds) == 1 else fact.get_kind_display(), fact)

    return read


def _fact(label: str, fact: Fact) -> Told:
    return Told(label, fact.label or "Sí", _of(fact))


def _of(known: Fact | ContactPoint) -> str:
    return f"{known.get_source_display()}, {known.as_of:%d-%m-%Y}"


_READERS: Mapping[str, Callable[[Person, Actor], Iterator[Told]]] = {
    PacketField.BIRTH: _birth,
    PacketField.CONTACT: _contact,
    PacketField.ADDRESS: _address,
    PacketField.HOME: _home,
    PacketField.BRACKET: _bracket,
    PacketField.BENEFITS: _facts(PacketField.BENEFITS.label, (FactKind.SUBSIDY,)),
    PacketField.CARE: _facts(PacketField.CARE.label, _CARE),
    PacketField.CHILDREN: _facts(PacketField.CHILDREN.label, _CHILDREN),
}
