"""Writing an entry and the steps of its life, by their pages: nothing typed is lost, and each step is taken once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from tests import make
from tests.catalogue.entry_browsers import GAS, browser_of, form_of, page

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.entries.details import Amount, EntryDetails
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import Entry, EntryDraft, EntryTransition, EntryVersion

pytestmark = pytest.mark.django_db

TOMORROW = make.TODAY + timedelta(days=1)


# Writing


def test_an_entry_is_written_once_however_often_its_form_is_sent(head: Posting, by: Actor) -> None:
    client = browser_of(head)
    sent = form_of(client, "/catalogo/nueva/") | {"name": GAS, "plain": "Un vale.", "modality": "in_kind"}
    sent |= {"amount-0-label": "Por vale", "amount-0-pesos": "25000", "amount-0-starts_on": "01-01-2026"}
    for _ in range(2):
        answer = client.post("/catalogo/nueva/", sent)
        assert answer.status_code == 302
    with acting(by):
        draft = EntryDraft.objects.get()
        assert (draft.name, draft.unit_id) == (GAS, by.unit_id)
        assert draft.amounts == [{"label": "Por vale", "pesos": 25_000, "from": "2026-01-01", "until": None}]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(head: Posting) -> None:
    client = browser_of(head)
    sent = form_of(client, "/catalogo/nueva/") | {"name": GAS, "plain": "Un vale de quince kilos."}
    answer = client.post("/catalogo/nueva/", sent | {"amount-0-label": "Por vale", "amount-0-pesos": "25000"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "desde qué día vale" in shown
    assert "Un vale de quince kilos." in shown
    assert 'value="25000"' in shown
    bad_day = client.post("/catalogo/nueva/", sent | {"amount-1-label": "Por vale", "amount-1-starts_on": "31-02-2026"})
    assert "La fecha no existe" in bad_day.content.decode()


def test_two_heads_writing_one_entry_see_what_each_wrote_and_choose(by: Actor, gas: Entry) -> None:
    first, second = browser_of(make.posting(Role.UAS_HEAD)), browser_of(make.posting(Role.UAS_HEAD))
    address = f"/catalogo/{gas.pk}/escribir/"
    mine, hers = form_of(first, address), form_of(second, address)
    assert second.post(address, hers | {"plain": "Lo de la otra."}).status_code == 302
    answer = first.post(address, mine | {"plain": "Lo mío.", "cost": "Nada"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Otra persona guardó esta prestación" in shown
    assert "Lo de la otra." in shown
    assert ">Lo mío.</textarea>" in shown.replace("\n", "")
    with acting(by):
        assert EntryDraft.objects.get().plain == "Lo de la otra."
    again = {bound.html_name: bound.value() for bound in answer.context["form"] if bound.value() is not None}
    assert first.post(address, again).status_code == 302
    with acting(by):
        assert EntryDraft.objects.get().plain == "Lo mío."


def test_an_amount_typed_stays_though_the_other_took_all_of_hers_out(by: Actor) -> None:
    with acting(by):
        entry = make.written_entry(amounts=[Amount(f"Monto {n}", 1_000 + n, make.TODAY) for n in range(5)])
    client = browser_of(make.posting(Role.UAS_HEAD))
    address = f"/catalogo/{entry.pk}/escribir/"
    shown = client.get(address).context
    mine = form_of(client, address)
    for row in shown["amounts"]:
        mine |= {field.html_name: field.value() or "" for field in row}
    mine |= {"amount-0-starts_on": f"{make.TODAY:%d-%m-%Y}", "amount-7-label": "El último", "amount-7-pesos": "77"}
    with acting(by):
        said = EntryDetails(name=GAS, plain="Sin montos.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(entry, said, by=by, version=0)
    answer = client.post(address, mine | {f"amount-{n}-starts_on": f"{make.TODAY:%d-%m-%Y}" for n in (1, 2, 3, 4, 7)})
    assert answer.status_code == 409
    again = answer.content.decode()
    assert 'value="El último"' in again
    assert 'value="Monto 4"' in again


def test_a_page_left_open_while_another_version_was_published_is_told(by: Actor, gas: Entry) -> None:
    client = browser_of(make.posting(Role.UAS_HEAD))
    address = f"/catalogo/{gas.pk}/escribir/"
    mine = form_of(client, address)
    with acting(by):
        said = EntryDetails(name=GAS, plain="Lo publicado.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(gas, said, by=by, version=0)
        actions.publish_draft(gas, by=by, starts_on=make.TODAY, version=1)
    answer = client.post(address, mine | {"plain": "Lo mío."})
    assert answer.status_code == 409
    assert "publicó esta prestación" in answer.content.decode()


def test_a_national_entry_is_completed_and_not_changed(national: Entry) -> None:
    counterpart = make.posting(Role.COUNTERPART)
    client = browser_of(counterpart)
    address = f"/catalogo/{national.pk}/escribir/"
    shown = page(client, address)
    assert "No se cambia aquí" in shown
    assert 'name="plain"' not in shown
    sent = form_of(client, address) | {"local_note": "Se pide en la mañana.", "unit": str(make.unit().pk)}
    assert client.post(address, sent).status_code == 302
    with acting(actor_in(counterpart)):
        draft = EntryDraft.objects.get()
        assert draft.local_note == "Se pide en la mañana."
        assert draft.plain == EntryVersion.objects.get(entry=national).plain


# Steps


def test_it_is_sent_returned_with_its_reason_sent_again_and_published(by: Actor) -> None:
    worker, head = make.posting(Role.CASE_WORKER), make.posting(Role.UAS_HEAD)
    with acting(actor_in(worker)):
        entry = make.written_entry(is_published=False)
    writes, publishes = browser_of(worker), browser_of(head)
    at = f"/catalogo/{entry.pk}"
    assert writes.get(f"{at}/publicar/").status_code == 403
    assert writes.post(f"{at}/enviar/", form_of(writes, f"{at}/enviar/")).status_code == 302
    assert publishes.post(f"{at}/devolver/", {"reason": "Falta el costo"}).status_code == 302
    assert "Falta el costo" in page(writes, f"{at}/escribir/")
    assert writes.post(f"{at}/enviar/", form_of(writes, f"{at}/enviar/")).status_code == 302
    sent = form_of(publishes, f"{at}/publicar/")
    for _ in range(2):
        assert publishes.post(f"{at}/publicar/", sent).status_code == 302
    with acting(by):
        assert EntryVersion.objects.filter(entry=entry).count() == 1
        steps = [step.after for step in EntryTransition.objects.filter(entry=entry)]
        assert steps == ["draft", "in_review", "draft", "in_review", "published"]


def test_a_draft_changed_since_it_was_read_is_read_again_before_publishing(head: Posting, by: Actor) -> None:
    with acting(by):
        entry = make.written_entry(is_published=False)
    client = browser_of(head)
    link = re.findall(r'href="([^"]+/publicar/[^"]*)"', page(client, f"/catalogo/{entry.pk}/"))[0]
    assert client.get(link).status_code == 200
    with acting(by):
        said = EntryDetails(name=GAS, plain="Otra cosa.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(entry, said, by=by, version=1)
    assert client.get(link).status_code == 302
    assert "Léala de nuevo" in page(client, f"/catalogo/{entry.pk}/")


@pytest.mark.parametrize(
    ("step", "sent", "state"),
    [
        ("suspender", {"ground": "no_funds", "until": "", "reason": "Hasta marzo"}, EntryState.SUSPENDED),
        ("cerrar", {"reason": "Ya no se entrega"}, EntryState.CLOSED),
    ],
)
def test_a_step_sent_twice_is_taken_once(
    head: Posting, by: Actor, gas: Entry, step: str, sent: dict[str, str], state: EntryState
) -> None:
    client = browser_of(head)
    for _ in range(2):
        assert client.post(f"/catalogo/{gas.pk}/{step}/", sent).status_code == 302
    with acting(by):
        gas.refresh_from_db()
        assert gas.state == state
        assert EntryTransition.objects.filter(entry=gas, after=state).count() == 1


def test_revalidated_it_leaves_the_list_of_what_is_to_be_looked_at(head: Posting, by: Actor, gas: Entry) -> None:
    with acting(by):
        Entry.objects.update(revalidate_on=make.TODAY)
    client = browser_of(head)
    assert GAS in page(client, "/catalogo/?estado=revisar")
    sent = form_of(client, f"/catalogo/{gas.pk}/revalidar/")
    for _ in range(2):
        assert client.post(f"/catalogo/{gas.pk}/revalidar/", sent).status_code == 302
    assert GAS not in page(client, "/catalogo/?estado=revisar")


def test_an_entry_of_a_unit_that_was_disconnected_is_to_be_looked_at(gas: Entry) -> None:
    Unit.objects.filter(pk__in=[gas.unit_id]).update(connected_until=make.YESTERDAY)
    shown = page(browser_of(make.posting(Role.COUNTERPART)), "/catalogo/?estado=revisar")
    assert GAS in shown
    assert "Sin unidad vigente" in shown


def test_a_copy_begins_with_what_the_other_said(by: Actor, head: Posting, gas: Entry) -> None:
    client = browser_of(head)
    sent = {"name": "Vale de parafina", "entry_id": str(uuid4())}
    for _ in range(2):
        assert client.post(f"/catalogo/{gas.pk}/copiar/", sent).status_code == 302
    with acting(by):
        draft = EntryDraft.objects.get()
        assert (draft.name, draft.words) == ("Vale de parafina", "balón licuado cocina")


def test_of_another_municipality_nothing_is_known(gas: Entry) -> None:
    with make.inside(make.COMBARBALA):
        stranger = make.posting(Role.UAS_HEAD, make.COMBARBALA)
    client = browser_of(stranger)
    assert GAS not in page(client, "/catalogo/")
    for tail in ("", "version/1/", "escribir/", "regla/", "publicar/"):
        page(client, f"/catalogo/{gas.pk}/{tail}", 404)


@pytest.fixture
def national(head: Posting) -> Entry:
    """The Subsidio Familiar as Monte Patria adopts it."""
    with make.inside():
        adopt_national_entries()
        return Entry.objects.get(national="suf")
