"""Pages of protocols without scripts: written, signed and approved by their pages; the paper and who verifies it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.agreements import approved, drafted
from tests.referrals.loop import rsh

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.ids import new_id, new_secret
from ventanilla.referrals.models import Protocol, ProtocolVersion
from ventanilla.referrals.protocols import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.UAS_HEAD)


@pytest.fixture
def register(head: Posting) -> Posting:
    return make.posting(Role.UNIT_HEAD, in_unit=rsh())


@pytest.fixture
def dideco(head: Posting) -> Posting:
    return make.posting(Role.DIDECO)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def in_force(head: Posting, register: Posting, dideco: Posting) -> ProtocolVersion:
    return approved(actor_in(head), actor_in(register), actor_in(dideco))


def test_it_is_written_by_its_page_and_what_is_wrong_is_said_at_its_field(head: Posting, register: Posting) -> None:
    client = browser_of(head)
    assert "Todavía no hay protocolos" in page(client, "/protocolos/")
    assert str(head.unit_id) in page(client, "/protocolos/nuevo/")
    with make.inside():
        reason = make.reason("rsh_change").pk
    said = {
        "name": "Ingreso RSH", "senders": str(head.unit_id), "receiver": str(rsh().pk), "reasons": str(reason),
        "fields_carried": ["birth", "bracket"], "accept_days": 6, "answer_days": 5, "urgent_days": 1,
        "expire_days": 10, "criteria": "Vive aquí", "protocol_id": str(new_id()),
    }  # fmt: skip
    answer = client.post("/protocolos/nuevo/", said)
    assert answer.status_code == 422
    assert "no puede ser menor que el de aceptar" in answer.content.decode()
    assert "Vive aquí" in answer.content.decode()
    for _ in range(2):
        answer = client.post("/protocolos/nuevo/", said | {"accept_days": 1})
        assert answer.status_code == 302
    with acting(actor_in(head)):
        assert Protocol.objects.count() == 1
    address = answer.headers["Location"]
    shown = page(client, address)
    assert "Modificación RSH" in shown
    assert "Tramo del RSH y su fecha" in shown
    assert "Borrador" in shown


def test_two_who_write_see_that_the_other_saved(head: Posting, register: Posting) -> None:
    version = drafted(actor_in(head))
    client = browser_of(head)
    form = page(client, f"/protocolos/{version.protocol_id}/escribir/")
    with make.inside():
        reason = make.reason("rsh_change").pk
    said = {
        "name": "Otro nombre", "senders": str(head.unit_id), "receiver": str(rsh().pk), "reasons": str(reason),
        "accept_days": 1, "answer_days": 5, "urgent_days": 1, "expire_days": 10, "version": 1,
    }  # fmt: skip
    assert 'name="version" value="1"' in form
    assert client.post(f"/protocolos/{version.protocol_id}/escribir/", said).status_code == 302
    answer = client.post(f"/protocolos/{version.protocol_id}/escribir/", said | {"name": "Tercero"})
    assert answer.status_code == 409
    assert "Tercero" in answer.content.decode()
    assert "Otra persona cambió el borrador" in answer.content.decode()


def test_from_the_draft_to_its_approval_by_pages(head: Posting, register: Posting, dideco: Posting) -> None:
    version = drafted(actor_in(head))
    where = f"/protocolos/{version.protocol_id}/1/"
    browsers = {"head": browser_of(head), "register": browser_of(register), "dideco": browser_of(dideco)}
    steps: tuple[tuple[str, str, dict[str, str], str], ...] = (
        ("head", "enviar-a-firma", {}, "En firma: faltan 2"),
        ("head", "firmar", {}, "En firma: falta 1"),
        ("register", "devolver", {"reason": "Cinco días es poco"}, "Borrador"),
        ("head", "enviar-a-firma", {}, "En firma: faltan 2"),
        ("head", "firmar", {}, "En firma: falta 1"),
        ("register", "firmar", {}, "Firmado, por aprobar"),
        ("dideco", "aprobar", {"starts_on": f"{make.TODAY:%d-%m-%Y}"}, "Vigente"),
        ("dideco", "terminar", {"on": f"{make.TODAY:%d-%m-%Y}", "reason": "Se cierra"}, "Vigente"),
    )
    assert "Leer y firmar" not in page(browsers["register"], "/")
    for who, verb, said, standing in steps:
        assert page(browsers[who], f"{where}{verb}/")
        if said:
            assert browsers[who].post(f"{where}{verb}/", {}).status_code == 422
        assert browsers[who].post(f"{where}{verb}/", said).status_code == 302
        assert standing in page(browsers["head"], where)
        if verb == "devolver":
            assert "Cinco días es poco" in page(browsers["head"], "/")
        if verb == "enviar-a-firma":
            assert "Leer y firmar el protocolo" in page(browsers["register"], "/")
        if standing.startswith("Firmado"):
            assert "Aprobar el protocolo" in page(browsers["dideco"], "/")
    answer = browsers["register"].get(f"{where}firmar/", follow=True)
    assert "eso ya no corresponde" in answer.content.decode()


def test_a_head_of_another_unit_reads_and_does_not_write(head: Posting, register: Posting) -> None:
    version = drafted(actor_in(head))
    with make.inside():
        other = make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="omil", functions=("housing",)))
    client = browser_of(other)
    assert "Ingreso y modificación RSH" in page(client, f"/protocolos/{version.protocol_id}/")
    page(client, f"/protocolos/{version.protocol_id}/escribir/", 403)
    assert "Su unidad no toma parte" in page(client, "/protocolos/?ver=mios")


def test_the_next_version_begins_from_the_one_in_force(head: Posting, register: Posting, dideco: Posting) -> None:
    version = in_force(head, register, dideco)
    client = browser_of(head)
    where = f"/protocolos/{version.protocol_id}/"
    assert "Versión nueva" in page(client, where)
    assert client.post(f"{where}renovar/").headers["Location"] == f"{where}escribir/"
    assert "Vigente" in page(client, where)
    assert "Borrador" in page(client, f"{where}2/")
    listed = page(client, "/protocolos/")
    assert "Versión 2" in listed
    page(client, f"{where}3/", 404)


def test_the_paper_names_who_signed_and_whoever_holds_it_may_verify(
    head: Posting, register: Posting, dideco: Posting
) -> None:
    version = in_force(head, register, dideco)
    answer = browser_of(head).get(f"/protocolos/{version.protocol_id}/1/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    stranger = Client()
    address = f"/protocolos/verificar/{make.MONTE_PATRIA}/{version.token}/"
    seen = page(stranger, address)
    for text in ("Ingreso y modificación RSH", "Vigente", version.digest, head.account.full_name):
        assert text in seen
    assert stranger.cookies == {}
    for wrong in (new_secret(), "x"):
        page(stranger, f"/protocolos/verificar/{make.MONTE_PATRIA}/{wrong}/", 404)
    page(stranger, f"/protocolos/verificar/{make.COMBARBALA}/{version.token}/", 404)
    with acting(actor_in(dideco)):
        actions.end_protocol(version, by=actor_in(dideco), on=make.TODAY, reason="Se cierra la unidad")
    assert f'hasta el <time datetime="{make.TODAY}"' in page(stranger, address) or "hasta el" in page(stranger, address)


def test_what_is_not_approved_is_verified_by_nobody(head: Posting, register: Posting) -> None:
    version = drafted(actor_in(head))
    assert version.token == ""
    assert Client().get(f"/protocolos/verificar/{make.MONTE_PATRIA}//").status_code == 404


def test_a_list_of_one_and_of_five_take_the_same_queries(head: Posting, register: Posting) -> None:
    client, asked = browser_of(head), []
    for number in (1, 4):
        for place in range(number):
            drafted(actor_in(head), name=f"Acuerdo {number} {place}")
        page(client, "/protocolos/")
        with CaptureQueriesContext(connection) as queries:
            text = page(client, "/protocolos/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert len(re.findall(r"Acuerdo \d \d", text)) >= 5
