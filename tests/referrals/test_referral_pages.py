"""Pages of referrals without scripts: sending from the consultation, the boxes of a unit, each step."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import again, attended, protocol, rsh, sent

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.ids import new_id
from ventanilla.referrals.actions import AnswerDetails, answer_referral, give_hour
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import AnswerOutcome, NextStep, ReferralState
from ventanilla.referrals.verbs import VERBS
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.django_db

INBOX = "/derivaciones/"


@pytest.fixture
def here(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.FRONT_DESK)


@pytest.fixture
def there(here: Posting) -> Posting:
    return make.posting(Role.UNIT_HEAD, in_unit=rsh())


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def names(text: str) -> list[str]:
    return re.findall(r'<a class="title(?: cover)?" href="/derivaciones/[0-9a-f-]+/">([^<]+)</a>', text)


def test_from_the_consultation_one_refers_what_waits_and_comes_back_to_it(here: Posting, there: Posting) -> None:
    by, client = actor_in(here), browser_of(here)
    with make.inside() as head:
        protocol(rsh(), "rsh_change", senders=[make.unit_of(head)], documents="Certificado de defunción")
    waiting = attended(by, "rsh_change", "suf")
    assert f"/derivaciones/desde/{waiting.pk}/" in page(client, waiting.get_absolute_url())
    form = page(client, f"/derivaciones/desde/{waiting.pk}/")
    assert "P-01, versión 1" in form
    with acting(by):
        change, subsidy = waiting.lines.order_by("position")
    assert re.search(f'value="{change.pk}"[^>]* checked', form)
    assert not re.search(f'value="{subsidy.pk}"[^>]* checked', form)
    said = {"lines": str(change.pk), "to": str(rsh().pk), "asked": "Retirar a su madre", "submission_id": new_id()}
    answer = client.post(f"/derivaciones/desde/{waiting.pk}/", said)
    assert answer.status_code == 422
    assert "Certificado de defunción" in answer.content.decode()
    assert "Retirar a su madre" in answer.content.decode()
    said["papers"] = "Certificado de defunción"
    for _ in range(2):
        answer = client.post(f"/derivaciones/desde/{waiting.pk}/", said)
        assert answer.status_code == 302, re.findall(r"error[^<]*<[^<]*", answer.content.decode())
        assert answer.headers["Location"] == f"/derivaciones/desde/{waiting.pk}/"
    with acting(by):
        assert Referral.objects.get().papers == "Certificado de defunción"
    shown = page(client, waiting.get_absolute_url())
    assert "D-" in shown
    assert "enviada" in shown


def test_looking_at_what_would_travel_sends_nothing_and_keeps_what_was_typed(here: Posting, there: Posting) -> None:
    by, client = actor_in(here), browser_of(here)
    waiting = attended(by)
    said = {"to": str(rsh().pk), "asked": "Lo escrito", "look": "1"}
    answer = client.post(f"/derivaciones/desde/{waiting.pk}/", said)
    assert answer.status_code == 200
    assert "Lo escrito" in answer.content.decode()
    assert "Sin protocolo" in answer.content.decode()
    with acting(by):
        assert not Referral.objects.exists()


def test_a_consultation_with_nothing_to_refer_says_so(here: Posting) -> None:
    client = browser_of(here)
    waiting = attended(actor_in(here))
    sent(actor_in(here), waiting)
    answer = client.get(f"/derivaciones/desde/{waiting.pk}/", follow=True)
    assert "No queda nada por derivar" in answer.content.decode()


def test_each_unit_sees_what_came_and_what_went_in_its_box(here: Posting, there: Posting) -> None:
    one = sent(actor_in(here))
    name = one.person.full_name
    assert names(page(browser_of(here), INBOX)) == []
    assert names(page(browser_of(here), f"{INBOX}?caja=salida")) == [name]
    assert names(page(browser_of(there), INBOX)) == [name]
    assert names(page(browser_of(there), f"{INBOX}?vista=tablero")) == [name]
    assert names(page(browser_of(there), f"{INBOX}?de=mias")) == []
    assert names(page(browser_of(there), f"{INBOX}?etapa=devueltas")) == []
    assert names(page(browser_of(there), f"{INBOX}?unidad={here.unit_id}")) == [name]
    assert names(page(browser_of(there), f"{INBOX}?unidad=x&etapa=y&desde=z&caja=w")) == [name]
    with acting(actor_in(there)):
        assert ReadEntry.objects.filter(kind="list", note="derivaciones de la unidad").count() >= 4
    with make.inside():
        other = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="omil", functions=("housing",)))
    assert names(page(browser_of(other), INBOX)) == names(page(browser_of(other), f"{INBOX}?caja=salida")) == []


def test_a_box_goes_on_by_cursor_without_repeating_nor_skipping(
    here: Posting, there: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.referrals.views.ROWS", 2)
    by, client = actor_in(here), browser_of(there)
    folios = [sent(by).folio for _ in range(5)]
    for box in ("entrada", "terminadas"):
        seen, address = [], f"{INBOX}?caja={box}"
        while address:
            text = page(client, address)
            seen += re.findall(r"D-\d{4}-\d{6}", text)
            found = re.search(r'href="([^"]+)" rel="next"', text)
            address = INBOX + found.group(1).replace("&amp;", "&") if found else ""
        assert sorted(seen) == folios
        with acting(actor_in(there)):
            for one in Referral.objects.open():
                answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=actor_in(there))


def test_a_box_of_one_and_of_ten_take_the_same_queries(here: Posting, there: Posting) -> None:
    by, client = actor_in(here), browser_of(there)
    asked = []
    for number in (1, 9):
        for _ in range(number):
            sent(by)
        page(client, INBOX)
        with CaptureQueriesContext(connection) as queries:
            page(client, INBOX)
        asked.append(len(queries))
    assert asked[0] == asked[1]


STEPS: list[tuple[str, dict[str, str], ReferralState]] = [
    ("dar-hora", {"day": "01-12-2099", "hour": "09:30"}, ReferralState.ACCEPTED),
    ("atender", {}, ReferralState.IN_ATTENTION),
    ("no-asistio", {"said": ""}, ReferralState.NO_SHOW),
    ("atender", {}, ReferralState.IN_ATTENTION),
    ("devolver", {"said": "Cédula de identidad"}, ReferralState.RETURNED),
    ("completar", {"said": "Va la cédula"}, ReferralState.SENT),
    ("aceptar", {}, ReferralState.ACCEPTED),
    ("responder", {"outcome": "granted", "done": "Listo", "next_step": "tell_neighbour"}, ReferralState.ANSWERED),
    ("avisada", {"said": "Por teléfono"}, ReferralState.ANSWERED),
    ("reabrir", {"said": "La cartola sigue igual"}, ReferralState.SENT),
    ("rechazar", {"ground": "No vive en la comuna", "note": ""}, ReferralState.REJECTED),
    ("insistir", {"said": "Sí vive aquí, va el certificado"}, ReferralState.SENT),
    ("retirar", {"said": "Se resolvió en línea"}, ReferralState.WITHDRAWN),
]
OF_THE_SENDER = {"completar", "avisada", "reabrir", "insistir", "retirar"}


def test_a_whole_life_by_its_pages(here: Posting, there: Posting) -> None:
    one = sent(actor_in(here))
    browsers = {True: browser_of(here), False: browser_of(there)}
    for code, said, state in STEPS:
        client, address = browsers[code in OF_THE_SENDER], f"/derivaciones/{one.pk}/{code}/"
        if VERBS[code].asks:
            assert "posting" in page(client, address)
            needs = any(said.values()) and code not in ("avisada",)
            if needs:
                assert client.post(address, {}).status_code == 422
        else:
            assert client.get(address).status_code == 405
        answer = client.post(address, said)
        assert answer.status_code == 302, answer.content.decode()[:600]
        assert again(one).state == state
        assert client.post(address, said).status_code in (302, 409)
        shown = page(browsers[True], f"/derivaciones/{one.pk}/")
        assert again(one).get_state_display() in shown


def test_the_other_side_and_strangers_are_refused(here: Posting, there: Posting) -> None:
    one = sent(actor_in(here))
    assert browser_of(here).post(f"/derivaciones/{one.pk}/aceptar/").status_code == 403
    with make.inside():
        other = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="omil", functions=("housing",)))
    assert browser_of(other).get(f"/derivaciones/{one.pk}/").status_code == 403
    with make.inside(make.COMBARBALA):
        foreign = make.posting(Role.FRONT_DESK, make.COMBARBALA)
    for path in ("", "aceptar/", "responder/", "no-existe/"):
        assert browser_of(foreign).get(f"/derivaciones/{one.pk}/{path}").status_code == 404
    assert again(one).state == ReferralState.SENT


@pytest.mark.parametrize(
    "prepared", [lambda *_: None, lambda one, by: give_hour(one, again(one).sent_at.replace(year=2099), by=by)]
)
def test_what_is_to_be_told_stands_in_the_tray_of_whoever_sent_it(
    here: Posting, there: Posting, prepared: Callable[..., None]
) -> None:
    one = sent(actor_in(here))
    with acting(actor_in(there)):
        prepared(one, actor_in(there))
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Listo", NextStep.TELL_NEIGHBOUR), by=actor_in(there))
    assert "Avisar a la persona: Modificación RSH" in page(browser_of(here), "/")
    browser_of(here).post(f"/derivaciones/{one.pk}/avisada/", {"said": "En el mesón"})
    assert "Avisar a la persona" not in page(browser_of(here), "/")


def test_the_tray_says_what_came_and_nobody_took_and_what_is_late(here: Posting, there: Posting) -> None:
    sent(actor_in(here))
    assert "Recibir 1 derivación que nadie tomó" in page(browser_of(there), "/")
    with make.inside():
        Referral.objects.update(due_on=make.YESTERDAY, accept_by=make.YESTERDAY)
    assert "Ver 1 derivación atrasada de su unidad" in page(browser_of(there), "/")
