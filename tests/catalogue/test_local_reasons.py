"""An institution's own reasons: what may be said of them, every version of it, and what no change rewrites."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import NationalReason, Reason, ReasonVersion
from ventanilla.catalogue.reasons import actions
from ventanilla.catalogue.reasons.actions import ReasonDetails
from ventanilla.catalogue.reasons.reading import history_of, list_of_reasons
from ventanilla.catalogue.words import lines_of, one_line
from ventanilla.core.clock import months_before
from ventanilla.core.errors import NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    end_attention,
    start_consultation,
    void_consultation,
    write_consultation,
)
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db

GAS = ReasonDetails(
    name="  Vale   de gas ",
    words="balón cocina",
    function_id="social_assistance",
    documents="Cartola del RSH\n\nBoleta de gas; Boleta de gas ",
    documents_days=10,
)
TOMORROW = make.TODAY + timedelta(days=1)


@pytest.fixture
def counterpart() -> Posting:
    with make.inside():
        pass
    return make.posting(Role.COUNTERPART)


@pytest.fixture
def by(counterpart: Posting) -> Actor:
    return actor_in(counterpart)


def attended(person: Person, reason: Reason, by: Actor | None = None) -> Consultation:
    desk = by or make.actor()
    with acting(desk):
        found = start_consultation(person, by=desk)
        return end_attention(found, Writing([LineDetails(reason.pk, Outcome.INFORMED)]), by=desk)


# What is said of it


def test_a_local_reason_belongs_to_a_national_one_and_counts_in_its_group(by: Actor) -> None:
    with acting(by):
        parent = make.reason("utilities_debt")
        made = actions.add_local_reason(parent, GAS, by=by)
        assert (made.name, made.national_id, made.index_group) == ("Vale de gas", "utilities_debt", "assistance")
        assert (made.words, made.usual_documents) == ("balón cocina", ["Cartola del RSH", "Boleta de gas"])
        assert made.secrecy == parent.secrecy
        assert Reason.objects.in_use().in_order().last() == made
        (version,) = ReasonVersion.objects.filter(reason=made)
        assert (version.number, version.name, version.account_id) == (1, "Vale de gas", by.account_id)


def test_the_same_form_sent_twice_adds_one(by: Actor) -> None:
    with acting(by):
        parent = make.reason("food")
        first = actions.add_local_reason(parent, GAS, by=by)
        again = actions.add_local_reason(parent, GAS, by=by, reason_id=first.pk)
        assert (again, Reason.objects.filter(is_local=True).count()) == (first, 1)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COUNTERPART])
def test_only_the_counterpart_touches_the_list(by: Actor, role: Role) -> None:
    other = make.actor(role) if role.is_above_institutions is False else make.actor(role, None)
    with make.inside():
        parent = make.reason("food")
        with pytest.raises(NotAllowed):
            actions.add_local_reason(parent, GAS, by=other)
        with pytest.raises(NotAllowed):
            actions.retire_reason(parent, by=other, on=make.TODAY)
        with pytest.raises(NotAllowed):
            actions.move_reason(parent, by=other, up=True)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"name": " "}, "name", "Escriba el nombre"),
        ({"name": "suf"}, "name", "Ya hay un motivo con el nombre «SUF»"),
        ({"documents": "x" * 501}, "documents", "Acórtela"),
        ({"documents_days": 0}, "documents_days", "de 1 a 365"),
        ({"secrecy": Secrecy.ORDINARY}, "secrecy", "No puede ser menos reservado que «Medicamentos y exámenes»"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(by: Actor, said: dict[str, Any], field: str, words: str) -> None:
    with acting(by):
        with pytest.raises(RuleBroken, match=words) as refused:
            actions.add_local_reason(make.reason("medicines"), ReasonDetails(**({"name": "Insumos"} | said)), by=by)
        assert refused.value.field == field
        assert not Reason.objects.filter(is_local=True).exists()


def test_a_local_reason_hangs_from_no_local_nor_retired_one(by: Actor) -> None:
    with acting(by):
        local = actions.add_local_reason(make.reason("food"), GAS, by=by)
        retired = actions.retire_reason(make.reason("rent"), by=by, on=make.TODAY)
        for parent in (local, retired):
            with pytest.raises(RuleBroken, match="motivo nacional en uso"):
                actions.add_local_reason(parent, ReasonDetails(name="Otro vale"), by=by)


def test_a_national_reason_takes_local_words_and_papers_but_keeps_its_name(by: Actor) -> None:
    with acting(by):
        suf = make.reason("suf")
        told = ReasonDetails(name="Otro nombre", words="plata", function_id="rsh", documents="Cédula")
        actions.change_reason(suf, told, by=by, version=1)
        suf = Reason.objects.with_words().get(pk=suf.pk)
        assert (suf.name, suf.usual_documents, suf.function_id) == ("SUF", ["Cédula"], "rsh")
        assert suf.words.endswith(" plata")
        assert suf.words.startswith("subsidio familiar")
        with pytest.raises(RuleBroken, match="menos reservado"):
            actions.change_reason(make.reason("violence"), ReasonDetails(secrecy=Secrecy.RESERVED), by=by, version=1)


def test_what_is_under_a_reason_made_more_secret_follows_it(by: Actor) -> None:
    with acting(by):
        food = make.reason("food")
        box = actions.add_local_reason(food, GAS, by=by)
        actions.change_reason(food, ReasonDetails(secrecy=Secrecy.RESERVED), by=by, version=1)
        box.refresh_from_db()
        assert (box.secrecy, box.version) == (Secrecy.RESERVED, 2)


def test_a_change_typed_over_anothers_is_refused_and_the_same_one_is_not(by: Actor) -> None:
    with acting(by):
        gas = actions.add_local_reason(make.reason("food"), GAS, by=by)
        other = ReasonDetails(name="Vale de parafina")
        actions.change_reason(gas, other, by=by, version=1)
        assert actions.change_reason(gas, other, by=by, version=1).version == 2
        with pytest.raises(StaleVersion):
            actions.change_reason(gas, GAS, by=by, version=1)
        assert Reason.objects.get(pk=gas.pk).name == "Vale de parafina"


def test_the_history_says_what_it_said_since_when_and_by_whom(by: Actor) -> None:
    with acting(by):
        gas = actions.add_local_reason(make.reason("food"), GAS, by=by)
        actions.change_reason(gas, ReasonDetails(name="Vale de parafina", words="balón cocina"), by=by, version=1)
        actions.retire_reason(gas, by=by, on=TOMORROW)
        retired, renamed, made = history_of(gas)
    assert [(d.what, d.before, d.after) for d in renamed.differences] == [
        ("Nombre", "Vale de gas", "Vale de parafina"),
        ("Lo atiende", "Asistencia social", "nadie en particular"),
        ("Documentos", "Cartola del RSH; Boleta de gas", ""),
        ("Plazo para traerlos", "10 días", ""),
    ]
    assert made.differences == []
    assert [d.after for d in retired.differences] == [f"retirado desde el {TOMORROW:%d-%m-%Y}"]
    assert {step.who for step in (made, renamed, retired)} == {"Camila De Contraparte municipal"}


# What no change rewrites


def test_consultations_keep_the_name_and_the_secrecy_that_a_reason_had(by: Actor) -> None:
    with acting(by):
        gas = actions.add_local_reason(make.reason("food"), GAS, by=by)
    with make.inside():
        before = attended(make.person(), gas)
    with acting(by):
        changed = ReasonDetails(name="Vale de parafina", secrecy=Secrecy.RESERVED)
        actions.change_reason(gas, changed, by=by, version=1)
    with make.inside():
        after = attended(make.person(), gas)
        assert [(str(line), line.secrecy) for line in before.lines.all()] == [("Vale de gas", Secrecy.ORDINARY)]
        assert [(str(line), line.secrecy) for line in after.lines.all()] == [("Vale de parafina", Secrecy.RESERVED)]
        assert (Consultation.objects.get(pk=before.pk).secrecy, after.secrecy) == ("ordinary", "reserved")


def test_a_retired_reason_is_offered_until_its_day_and_may_come_back(by: Actor) -> None:
    with acting(by):
        suf = make.reason("suf")
        actions.retire_reason(suf, by=by, on=TOMORROW)
        assert suf in Reason.objects.in_use()
        assert suf not in Reason.objects.in_use(TOMORROW)
        actions.put_back_reason(suf, by=by)
        assert suf in Reason.objects.in_use(TOMORROW)
        with pytest.raises(RuleBroken, match="desde hoy"):
            actions.retire_reason(suf, by=by, on=make.YESTERDAY)


def test_what_was_marked_while_it_was_offered_can_still_be_ended(by: Actor) -> None:
    desk = make.actor()
    with acting(desk):
        suf = make.reason("suf")
        line = LineDetails(suf.pk, Outcome.INFORMED)
        found = start_consultation(make.person(), by=desk)
        write_consultation(found, Writing([line]), by=desk)
    with acting(by):
        actions.retire_reason(suf, by=by, on=make.TODAY)
    with acting(desk):
        assert end_attention(found, Writing([line]), by=desk).state == "resolved"
        another = start_consultation(make.person(), by=desk)
        with pytest.raises(RuleBroken, match="ya no se usa"):
            end_attention(another, Writing([line]), by=desk)


def test_a_national_reason_that_comes_later_does_not_clash_with_a_local_name(by: Actor) -> None:
    with acting(by):
        make.reason("scholarship").delete()  # as if the national list had grown after the institution named its own
        actions.add_local_reason(make.reason("food"), ReasonDetails(name="Becas"), by=by)
        assert actions.adopt_national_reasons() == 1
        assert make.reason("scholarship").name == "Becas (nacional)"


def test_order_is_of_those_side_by_side(by: Actor) -> None:
    with acting(by):
        actions.move_reason(make.reason("sap"), by=by, up=True)
        actions.move_reason(make.reason("rsh_entry"), by=by, up=True)
        actions.move_reason(make.reason("food"), by=by, up=False)
        names = [reason.national_id for reason in Reason.objects.in_order()]
    assert names[:4] == ["rsh_entry", "rsh_change", "sap", "suf"]
    assert names.index("medicines") + 1 == names.index("food")


# The list


def test_the_list_counts_the_uses_of_a_year_and_of_nothing_secret(by: Actor) -> None:
    with make.inside() as head:
        attended(make.person(), make.reason("suf"))
        attended(make.person(), make.reason("medicines"))
        void_consultation(attended(make.person(), make.reason("suf"), head), by=head, reason="Era otra")
    with acting(by):
        rows, _ = list_of_reasons(by, on=make.TODAY, since=months_before(make.TODAY, 12))
        uses = {row.reason.national_id: row.uses for row in rows}
        later, _ = list_of_reasons(by, on=make.TODAY, since=TOMORROW)
    assert (uses["suf"], uses["sap"], uses["medicines"], uses["violence"]) == (1, 0, None, None)
    assert {row.uses for row in later} == {0, None}


def test_a_row_is_under_its_parent_even_when_that_one_is_retired(by: Actor) -> None:
    with acting(by):
        actions.add_local_reason(make.reason("food"), GAS, by=by)
        depths = {row.reason.name: row.depth for row in list_of_reasons(by, on=make.TODAY, since=make.TODAY)[0]}
        assert (depths["Ayuda Asistencial"], depths["Alimentos"], depths["Vale de gas"]) == (0, 1, 2)
        actions.retire_reason(make.reason("food"), by=by, on=make.TODAY)
        rows, retired = list_of_reasons(by, on=make.TODAY, since=make.TODAY)
    assert [row.reason.name for row in retired] == ["Alimentos"]
    assert {row.reason.name for row in rows} >= {"Vale de gas"}
    assert len(rows) + len(retired) == NationalReason.objects.count() + 1


@given(st.text())
def test_any_text_is_a_list_of_documents_without_blanks_nor_repeats(text: str) -> None:
    found = lines_of(text)
    assert len(set(found)) == len(found)
    assert all(paper and paper == one_line(paper) for paper in found)
    assert lines_of("; ".join(found)) == found


# Its pages


@pytest.fixture
def client(counterpart: Posting) -> Client:
    browser = Client()
    browser.force_login(counterpart.account)
    return browser


def sent(reason: Reason, **other: Any) -> dict[str, Any]:
    said = {"name": reason.name, "words": "", "function": "", "documents": "", "documents_days": ""}
    return said | {"secrecy": reason.secrecy, "version": reason.version} | other


def test_the_counterpart_adds_changes_retires_and_puts_back(client: Client, by: Actor) -> None:
    with acting(by):
        food = make.reason("food")
    form = {"parent": str(food.pk), "name": "Caja de Navidad", "secrecy": "inherited", "documents": "Cédula\nCartola"}
    page = client.post("/motivos/nuevo/", form, follow=True).content.decode()
    assert "Motivo agregado: Caja de Navidad" in page
    with acting(by):
        box = Reason.objects.get(name="Caja de Navidad")
    address = f"/motivos/{box.pk}/"
    assert "Cédula" in client.get(address).content.decode()
    client.post(address, sent(box, name="Caja de fin de año"))
    assert "Antes: Caja de Navidad" in client.get(address).content.decode()
    stale = client.post(address, sent(box, name="Otra cosa", words="lo que alcancé a escribir"))
    assert (stale.status_code, "lo que alcancé a escribir" in stale.content.decode()) == (409, True)
    assert "La fecha no existe" in client.post(f"{address}retiro/", {"on": "31-02-2027"}).content.decode()
    gone = client.post(f"{address}retiro/", {"on": f"{make.TODAY:%d-%m-%Y}"}, follow=True).content.decode()
    assert "retirado desde el" in gone
    assert "Volver a usar" in gone
    assert "vuelve a ofrecerse" in client.post(f"{address}retiro/", {"back": "1"}, follow=True).content.decode()
    with acting(by):
        assert Reason.objects.get(pk=box.pk).retired_on is None


def test_what_is_wrong_in_the_form_is_told_and_what_was_typed_stays(client: Client, by: Actor) -> None:
    with acting(by):
        medicines = make.reason("medicines")
    answer = client.post(
        "/motivos/nuevo/", {"parent": str(medicines.pk), "name": "suf", "words": "papelito", "secrecy": "inherited"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ya hay un motivo con el nombre «SUF»" in page
    assert "papelito" in page


def test_the_list_takes_the_same_queries_however_long(
    client: Client, by: Actor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with acting(by):
        for number in range(8):
            actions.add_local_reason(make.reason("food"), ReasonDetails(name=f"Vale {number}"), by=by)
    client.get("/motivos/")
    with django_assert_max_num_queries(8):
        assert "Vale 7" in client.get("/motivos/").content.decode()
