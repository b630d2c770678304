"""The life of a protocol: written, signed by those it binds, approved, replaced; one governs at a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import make
from tests.referrals.agreements import approved, details, director, drafted, head, head_of_rsh, signed
from tests.referrals.loop import attended, desk, rsh, sent

from ventanilla.access.actors import Actor
from ventanilla.access.models import LocalTitle, Posting, Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.ids import new_id
from ventanilla.referrals.governing import governing
from ventanilla.referrals.models import Governance, ProtocolSignature, ProtocolStep, ProtocolVersion
from ventanilla.referrals.protocols import actions
from ventanilla.referrals.protocols.content import digest_of
from ventanilla.referrals.protocols.parties import bound_by, on_paper, unsigned
from ventanilla.referrals.protocols.reading import list_protocols, standing_of, whole
from ventanilla.referrals.protocols.states import ProtocolState

pytestmark = pytest.mark.django_db

TOMORROW = make.TODAY + timedelta(days=1)


@pytest.fixture
def uas() -> Actor:
    return head()


@pytest.fixture
def register() -> Actor:
    return head_of_rsh()


@pytest.fixture
def dideco() -> Actor:
    return director()


def again(version: ProtocolVersion) -> ProtocolVersion:
    with make.inside():
        return whole(ProtocolVersion.objects.filter(pk=version.pk)).get()


def governs(on: Any, reason: str = "rsh_change") -> int | None:
    """The number of the version that governs from the UAS to the register on a day."""
    with make.inside() as by:
        found = governing(make.unit().pk, rsh().pk, [make.reason(reason).pk], by=by, on=on)
        return found.number if found else None


def test_signed_by_both_and_approved_it_governs_from_its_day(uas: Actor, register: Actor, dideco: Actor) -> None:
    version = drafted(uas)
    assert (version.protocol.code, version.number, version.state) == ("P-01", 1, ProtocolState.DRAFT)
    with acting(uas):
        version = actions.submit_to_signature(version, by=uas)
        assert [one.name for one in unsigned(version)] == ["Unidad uas", "Unidad rsh"]
        actions.sign(version, by=uas)
        assert actions.sign(version, by=uas).state == ProtocolState.IN_SIGNATURE
    with acting(register):
        assert actions.sign(version, by=register).state == ProtocolState.SIGNED
    with acting(dideco):
        version = actions.approve(version, by=dideco, starts_on=TOMORROW)
        assert ProtocolSignature.objects.count() == 3
        path = [(step.before, step.after) for step in ProtocolStep.objects.all()]
    assert path == [("", "draft"), ("draft", "in_signature"), ("in_signature", "signed"), ("signed", "approved")]
    assert governs(make.TODAY) is None
    assert governs(TOMORROW) == 1
    assert version.token
    assert standing_of(version, on=make.TODAY).words == f"Rige desde el {TOMORROW:%d-%m-%Y}"
    assert standing_of(version, on=TOMORROW).words == "Vigente"


def test_its_text_is_fixed_when_it_goes_to_be_signed(uas: Actor) -> None:
    version = drafted(uas)
    with acting(uas):
        version = actions.submit_to_signature(version, by=uas)
        assert version.digest == digest_of(version)
        with pytest.raises(InvalidTransition):
            actions.write_version(version, details(name="Otro"), by=uas)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " "}, "nombre"),
        ({"senders": []}, "unidad que derive"),
        ({"to_unit": None}, "quién recibe"),
        ({"accept_days": 9}, "menor que el de aceptar"),
        ({"urgent_days": 9}, "más plazo"),
        ({"expire_days": 0}, "al menos un día"),
        ({"answer_days": 61}, "de 0 a 60"),
        ({"senders": [new_id()]}, "ya no está conectada"),
        ({"reasons": [new_id()]}, "ya no se usa"),
        ({"entries": [new_id()]}, "no está en el catálogo"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(uas: Actor, said: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        drafted(uas, **said)


@pytest.mark.parametrize(
    ("said", "why"),
    [({"reasons": []}, "motivos"), ({"criteria": ""}, "criterios"), ({"rejection_grounds": ""}, "causas"),
     ({"answer_needs": " "}, "respuesta")],
)  # fmt: skip
def test_nobody_is_asked_to_sign_what_says_too_little(uas: Actor, said: dict[str, Any], why: str) -> None:
    version = drafted(uas, **said)
    with acting(uas), pytest.raises(RuleBroken, match=why):
        actions.submit_to_signature(version, by=uas)


def test_only_those_it_binds_write_sign_and_only_the_directorate_approves(uas: Actor, register: Actor) -> None:
    version = drafted(uas)
    with make.inside():
        stranger = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="omil", functions=("housing",)))
        clerk, counterpart = make.actor(Role.FRONT_DESK), make.actor(Role.COUNTERPART)
    for by in (stranger, clerk):
        with acting(by), pytest.raises(NotAllowed):
            actions.submit_to_signature(version, by=by)
    with acting(stranger), pytest.raises(NotAllowed, match="no toma parte"):
        actions.draft_protocol(details(), by=stranger)
    with acting(counterpart):
        actions.submit_to_signature(version, by=counterpart)
    for by in (stranger, clerk, counterpart):
        with acting(by), pytest.raises(NotAllowed):
            actions.sign(version, by=by)
    for by in (uas, register):
        with acting(by):
            actions.sign(version, by=by)
            with pytest.raises(NotAllowed):
                actions.approve(version, by=by, starts_on=make.TODAY)


def test_of_two_who_write_the_second_is_told(uas: Actor) -> None:
    version = drafted(uas)
    with acting(uas):
        actions.write_version(version, details(name="Primero"), by=uas, read=1)
        with pytest.raises(StaleVersion):
            actions.write_version(version, details(name="Segundo"), by=uas, read=1)
    assert again(version).protocol.name == "Primero"


def test_returned_it_is_signed_anew_and_what_was_signed_stays_as_history(
    uas: Actor, register: Actor, dideco: Actor
) -> None:
    version = signed(uas, register)
    with acting(dideco):
        with pytest.raises(RuleBroken, match="qué hay que cambiar"):
            actions.return_to_draft(version, by=dideco, reason=" ")
        actions.return_to_draft(version, by=dideco, reason="Cinco días es poco")
    with acting(uas):
        actions.write_version(version, details(answer_days=8), by=uas)
        found = actions.submit_to_signature(version, by=uas)
        assert len(unsigned(found)) == 2
        assert ProtocolSignature.objects.count() == 2


def test_a_new_version_takes_the_place_of_the_one_before_on_its_day(uas: Actor, register: Actor, dideco: Actor) -> None:
    first = approved(uas, register, dideco)
    running = sent(desk(), attended(desk_of(uas)))
    with acting(uas):
        second = actions.draft_next_version(first.protocol, by=uas)
        assert actions.draft_next_version(first.protocol, by=uas) == second
        assert digest_lines(second) == digest_lines(first)
        actions.write_version(second, details(answer_days=8), by=uas)
        actions.submit_to_signature(second, by=uas)
        actions.sign(second, by=uas)
    with acting(register):
        actions.sign(second, by=register)
    with acting(dideco):
        with pytest.raises(RuleBroken, match="elija un día posterior"):
            actions.approve(second, by=dideco, starts_on=make.TODAY)
        actions.approve(second, by=dideco, starts_on=TOMORROW)
    assert governs(make.TODAY) == 1
    assert governs(TOMORROW) == 2
    assert again(first).ends_on == make.TODAY
    assert running.protocol == first
    with make.inside():
        assert running.answer_by == type(running).objects.get(pk=running.pk).answer_by


def desk_of(_: Actor) -> Actor:
    return desk()


def digest_lines(version: ProtocolVersion) -> tuple[str, ...]:
    kept = again(version)
    return (kept.criteria, kept.answer_needs, kept.rejection_grounds, *sorted(kept.fields))


def test_two_protocols_never_govern_the_same_at_once(uas: Actor, register: Actor, dideco: Actor) -> None:
    approved(uas, register, dideco)
    other = drafted(uas, name="Otro")
    with acting(uas), pytest.raises(RuleBroken, match="P-01 Ingreso"):
        actions.submit_to_signature(other, by=uas)
    apart = signed(uas, register, name="De ingreso", reasons=[reason("rsh_entry")])
    with acting(dideco):
        actions.approve(apart, by=dideco, starts_on=make.TODAY)
    assert governs(make.TODAY, "rsh_entry") == 1


def reason(code: str) -> Any:
    with make.inside():
        return make.reason(code).pk


def test_postgresql_holds_it_whoever_writes(uas: Actor, register: Actor, dideco: Actor) -> None:
    """Two were sent to be signed before either was approved."""
    first, second = signed(uas, register), signed(uas, register, name="Otro")
    with acting(dideco):
        actions.approve(first, by=dideco, starts_on=make.TODAY)
        with pytest.raises(RuleBroken, match="ya rige"):
            actions.approve(second, by=dideco, starts_on=TOMORROW)
    with make.inside():
        row = Governance.objects.get()
        row.pk = new_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_one_that_ends_governs_until_its_last_day(uas: Actor, register: Actor, dideco: Actor) -> None:
    version = approved(uas, register, dideco)
    with acting(dideco):
        with pytest.raises(RuleBroken, match="por qué"):
            actions.end_protocol(version, by=dideco, on=make.TODAY, reason="")
        with pytest.raises(RuleBroken, match="hoy o después"):
            actions.end_protocol(version, by=dideco, on=make.YESTERDAY, reason="Se cierra la unidad")
        version = actions.end_protocol(version, by=dideco, on=make.TODAY, reason="Se cierra la unidad")
    assert governs(make.TODAY) == 1
    assert governs(TOMORROW) is None
    assert standing_of(version, on=TOMORROW).words == f"Terminó el {make.TODAY:%d-%m-%Y}"


def test_a_provider_signs_on_paper_and_so_does_a_unit_without_head(uas: Actor, dideco: Actor) -> None:
    with make.inside():
        provider = make.provider()
        make.unit(code="omil", functions=("housing",))
    said: dict[str, Any] = {"to_provider": provider.pk, "senders": [make.unit().pk, unit_called("omil")]}
    bare = drafted(uas, **said)
    with acting(uas), pytest.raises(RuleBroken, match="fundamento"):
        actions.submit_to_signature(bare, by=uas)
    with acting(uas):
        actions.write_version(bare, details(legal_ground="Convenio 12 de 2026", **said), by=uas)
        version = actions.submit_to_signature(bare, by=uas)
        assert [one.name for one in on_paper(version)] == ["Unidad omil", provider.name]
        paper: dict[str, Any] = {"name": "Ana Ficticia", "title": "Directora", "signed_on": make.TODAY}
        for key, other, why in (
            ("prestador", {"name": " "}, "quién firmó"),
            ("prestador", {"signed_on": TOMORROW}, "posterior a hoy"),
            ("prestador", {"signed_on": make.YESTERDAY}, "después de ese día"),
            (str(make.unit().pk), {}, "que firme ella"),
        ):
            with pytest.raises(RuleBroken, match=why):
                actions.sign_on_paper(version, key, by=uas, **(paper | other))
        actions.sign(version, by=uas)
        actions.sign_on_paper(version, "prestador", by=uas, **paper)
        done = actions.sign_on_paper(version, str(unit_called("omil")), by=uas, **paper)
        assert done.state == ProtocolState.SIGNED
    with acting(dideco):
        assert actions.approve(done, by=dideco, starts_on=make.TODAY).is_in_force(make.TODAY)


def unit_called(code: str) -> Any:
    return Unit.objects.get(institution_id=make.MONTE_PATRIA, code=code).pk


def test_a_signature_says_the_title_of_its_day_and_whether_it_was_in_anothers_place(
    uas: Actor, register: Actor
) -> None:
    LocalTitle.objects.create(
        institution_id=make.MONTE_PATRIA, role=Role.DIDECO, title="Directora de Desarrollo Comunitario"
    )
    with make.inside():
        stand_in = make.actor(Role.DIDECO, nature=Posting.Nature.SUBROGANTE, act="Decreto 12 de 2026")
    version = approved(uas, register, stand_in)
    with make.inside():
        last = ProtocolSignature.objects.order_by("at").last()
    assert last is not None
    assert last.title == "Directora de Desarrollo Comunitario (subrogante)"
    assert last.digest == version.digest


def test_a_renamed_unit_is_noticed_before_it_is_approved(uas: Actor, register: Actor, dideco: Actor) -> None:
    version = signed(uas, register)
    Unit.objects.filter(pk=rsh().pk).update(name="Oficina del Registro")
    with acting(dideco), pytest.raises(RuleBroken, match="Cambió el nombre"):
        actions.approve(version, by=dideco, starts_on=make.TODAY)


def test_a_discarded_draft_leaves_room_for_another(uas: Actor, register: Actor, dideco: Actor) -> None:
    first = approved(uas, register, dideco)
    with acting(uas):
        second = actions.draft_next_version(first.protocol, by=uas)
        actions.discard(second, by=uas)
        assert actions.draft_next_version(first.protocol, by=uas).number == 3
        (row,) = list_protocols(uas, on=make.TODAY)
    assert row.version == first
    assert row.in_writing is not None
    assert row.in_writing.number == 3


def test_who_must_sign_when_a_unit_sends_to_itself_signs_once(uas: Actor) -> None:
    version = drafted(uas, to_unit=make.unit().pk)
    assert [one.name for one in bound_by(again(version))] == ["Unidad uas"]
