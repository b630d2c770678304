"""What each profile's page holds, block by block: unmistakable words are planted and looked for."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import ContactPoint, Person, ReadEntry, ReadPurpose
from ventanilla.registry.profiles import Profile, widest_profile
from ventanilla.registry.reading import open_purpose
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening import compile as compile_module
from ventanilla.screening.compile import compile_screening, open_screening
from ventanilla.screening.profiles import BLOCKS, Block

pytestmark = pytest.mark.django_db

SOON = make.TODAY + timedelta(days=20)

# What is planted for each block, as the page writes it.
PLANTED = {
    Block.IDENTITY: ["Rosa Elvira Araya Contreras", "Atención preferente"],
    Block.CONTACT: ["+56 9 8877 6655", "Pasaje Los Parrones 118"],
    Block.ALERTS: ["vence el"],
    Block.BRACKET: ["Tramo del 50"],
    Block.MEMBERS: ["Segismundo", "Hija o hijo"],
    Block.BENEFITS: ["Subsidio Familiar (SUF)", "22.007"],
    Block.GIVEN: ["Canasta familiar de prueba"],
    Block.OPEN: ["Atendida desde"],
    Block.REQUESTS: ["Complemento, pensión de alimentos: en revisión"],
    Block.REGISTRIES: ["Qué tan al día está", "Plataforma de subsidios"],
    Block.INCOMES: ["345.678"],
    Block.DWELLING: ["Goteras en la techumbre"],
    Block.CARE: ["Discapacidad intelectual profunda", "Dependencia severísima"],
    Block.FAMILIAS: ["Indicador de bienestar veintisiete"],
    Block.DELIVERIES: ["Caja de zapatos ortopédicos"],
    Block.CONSULTATIONS: ["Nota confidencial del escritorio"],
}
# Of what is open the summary tells unit, state and date; neither folio nor reasons.
ONLY_IN_FULL = ["C-2026-", f"C-{make.TODAY.year}-", "Informe Social"]


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person, child = make.person(), make.person("Segismundo", birth_on=date(2015, 3, 3))
        home = make.home(person, child, bracket=50)
        ContactPoint.objects.create(person=person, kind="phone", value="+56 9 8877 6655", as_of=make.TODAY)
        make.fact(FactKind.SUBSIDY, person=child, value="suf", amount=22007, valid_until=SOON)
        make.fact(FactKind.RSH_REQUEST, person=person, detail="Complemento, pensión de alimentos: en revisión")
        make.fact(FactKind.HOME_INCOME, home=home, amount=345_678)
        make.fact(FactKind.DWELLING, home=home, value="goteras en la techumbre")
        make.fact(FactKind.DISABILITY, person=person, value="intelectual profunda")
        make.fact(FactKind.DEPENDENCE, person=child, value="severísima")
        make.fact(FactKind.FAMILIAS_INDICATOR, home=home, value="indicador de bienestar veintisiete")
        given = {"delivered_on": make.TODAY, "origin": "loaded", "recorded_at": clock.now()}
        Delivery.objects.create(person=person, label="Caja de zapatos ortopédicos", **given)
        name = "Canasta familiar de prueba"
        Delivery.objects.create(person=person, label=name, version=make.entry(name), **given)
    author = make.actor(Role.FRONT_DESK)
    with acting(author):
        open_one = start_consultation(person, by=author)
        waiting = LineDetails(make.reason("social_report").pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Cartola")
        end_attention(open_one, Writing(lines=[waiting], notes="Nota confidencial del escritorio"), by=author)
    return person


def page_of(person: Person, posting: Posting, kind: str = "ficha/") -> str:
    actor = actor_in(posting)
    with acting(actor):
        open_purpose(person, by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
    client = Client()
    client.force_login(posting.account)
    answer = client.get(f"/personas/{person.pk}/{kind}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NON-BREAKING HYPHEN}", "-")


def test_the_table_of_blocks_is_the_one_agreed() -> None:
    summary = {Block.IDENTITY, Block.CONTACT, Block.ALERTS, Block.BRACKET}
    summary |= {Block.MEMBERS, Block.BENEFITS, Block.GIVEN, Block.OPEN, Block.REQUESTS, Block.REGISTRIES}
    assert {Profile.SUMMARY: summary, Profile.FULL: set(Block)} == BLOCKS
    assert set(PLANTED) == set(Block)


@pytest.mark.parametrize(
    ("role", "profile"),
    [
        (Role.FRONT_DESK, Profile.SUMMARY),
        (Role.UNIT_HEAD, Profile.SUMMARY),
        (Role.CASE_WORKER, Profile.FULL),
        (Role.UAS_HEAD, Profile.FULL),
    ],
)
def test_the_page_of_each_role_holds_its_blocks_and_no_word_of_the_others(
    rosa: Person, role: Role, profile: Profile
) -> None:
    posting = make.posting(role)
    assert widest_profile(actor_in(posting)) == profile
    page = page_of(rosa, posting)
    for block, words in PLANTED.items():
        present = [word for word in words if word in page]
        assert present == (words if block in BLOCKS[profile] else []), block
    in_full = [word for word in ONLY_IN_FULL[1:] if word in page]
    assert in_full == (ONLY_IN_FULL[1:] if profile is Profile.FULL else [])


def test_the_aside_of_a_consultation_is_the_summary_for_everybody(rosa: Person) -> None:
    page = page_of(rosa, make.posting(Role.UAS_HEAD), "ficha/resumen/")
    assert "Segismundo" in page
    for block in set(Block) - BLOCKS[Profile.SUMMARY]:
        assert not [word for word in PLANTED[block] if word in page], block
    assert not [word for word in ONLY_IN_FULL if word in page]


@pytest.mark.parametrize("role", [Role.DIDECO, Role.COUNTERPART, Role.SYSTEM_ADMIN, Role.DATA_OFFICER, Role.NATIONAL])
def test_who_attends_nobody_has_no_profile(role: Role) -> None:
    assert widest_profile(make.actor(role)) is None


def test_the_compiled_summary_carries_nothing_of_the_full_one(rosa: Person) -> None:
    desk = make.actor(Role.FRONT_DESK)
    with acting(desk):
        summary = compile_screening(rosa, by=desk, profile=Profile.SUMMARY, on=make.TODAY)
        for empty in ("incomes", "dwelling_facts", "care", "familias", "deliveries", "consultations"):
            assert not getattr(summary, empty), empty
        assert not any(member.notes for member in summary.members)
        assert [(item.folio, item.reasons) for item in summary.open_items] == [("", "")]
        open_purpose(rosa, by=desk, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
        with pytest.raises(NotAllowed):
            open_screening(rosa, by=desk, profile=Profile.FULL)


# The home, its facts, its queries


@pytest.fixture
def worker() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def compiled(person: Person, by: Actor) -> Any:
    return compile_screening(person, by=by, profile=Profile.FULL, on=make.TODAY)


def test_a_home_of_one_and_of_twelve_take_the_same_queries(worker: Actor, django_assert_num_queries: Any) -> None:
    def populated(size: int) -> Person:
        people = [make.person(f"Persona {'abcdefghijkl'[number]}") for number in range(size)]
        home = make.home(*people)
        make.fact(FactKind.HOME_INCOME, home=home, amount=1)
        for person in people:
            make.fact(FactKind.SUBSIDY, person=person, value="suf")
            make.fact(FactKind.DISABILITY, person=person, value="visual")
            ContactPoint.objects.create(person=person, kind="phone", value="9", as_of=make.TODAY)
            given = {"delivered_on": make.TODAY, "origin": "loaded", "recorded_at": clock.now(), "unit": make.unit()}
            Delivery.objects.create(person=person, label="Caja de alimentos", **given)
            consultation = start_consultation(person, by=worker)
            line = LineDetails(make.reason("suf").pk, Outcome.NEEDS_UNIT)
            end_attention(consultation, Writing(lines=[line]), by=worker)
        return people[0]

    alone, crowded = populated(1), populated(12)
    with django_assert_num_queries(12):
        assert len(compiled(alone, worker).members) == 1
    with django_assert_num_queries(12):
        found = compiled(crowded, worker)
        assert len(found.members) == 12
        assert len([item.reasons for item in found.open_items]) == 12
        assert len([event.by for event in found.history]) == 10
        assert {delivery.person for delivery in found.deliveries} == {member.person for member in found.members}
    for person in (alone, crowded):
        with django_assert_num_queries(12):
            compile_screening(person, by=worker, profile=Profile.SUMMARY, on=make.TODAY)


def test_the_newest_bracket_holds_the_older_stay_and_the_declared_stands_beside(worker: Actor) -> None:
    person = make.person()
    home = make.home(person, bracket=40, as_of=date(2025, 1, 1))
    make.fact(FactKind.RSH_BRACKET, home=home, value="60", as_of=date(2026, 6, 1))
    make.fact(FactKind.RSH_BRACKET, home=home, value="90", as_of=date(2026, 11, 1), source=Source.DECLARED)
    screening = compiled(person, worker)
    assert (screening.bracket.value, screening.bracket.source.as_of, screening.bracket.steps) == (
        60,
        date(2026, 6, 1),
        3,
    )
    assert [fact.value for fact in screening.bracket.earlier] == ["40"]
    assert screening.declared_bracket.value == "90"


def test_what_a_registry_and_the_person_say_stand_side_by_side(worker: Actor) -> None:
    person = make.person()
    make.home(person)
    for source, amount, day in (
        (Source.RSH, 100_000, date(2026, 1, 1)),
        (Source.RSH, 200_000, date(2026, 6, 1)),
        (Source.DECLARED, 150_000, date(2026, 3, 1)),
    ):
        make.fact(FactKind.INCOME, person=person, value="work", amount=amount, source=source, as_of=day)
    screening = compiled(person, worker)
    assert [(fact.source, fact.amount) for fact in screening.incomes] == [("rsh", 200_000), ("declared", 150_000)]
    feet = {(foot.source, foot.as_of) for foot in screening.sources[Block.INCOMES]}
    assert feet == {(Source.RSH, date(2026, 6, 1)), (Source.DECLARED, date(2026, 3, 1))}


def test_a_subsidy_that_ended_is_not_received_and_one_that_ends_today_is(worker: Actor) -> None:
    person = make.person()
    make.home(person)
    make.fact(FactKind.SUBSIDY, person=person, value="suf", valid_until=make.YESTERDAY)
    make.fact(FactKind.SUBSIDY, person=person, value="pgu", valid_until=make.TODAY)
    make.fact(FactKind.SUBSIDY, person=person, value="sdm")
    names = [benefit.name for benefit in compiled(person, worker).benefits]
    assert names == ["Pensión Garantizada Universal (PGU)", "Subsidio de discapacidad (SDM)"]


def test_an_extract_whose_term_to_be_kept_is_over_is_on_no_block_nor_at_its_foot(worker: Actor) -> None:
    person = make.person()
    home = make.home(person, bracket=40, as_of=date(2026, 1, 1))
    over = {"expires_on": make.YESTERDAY, "as_of": date(2026, 6, 1)}
    make.fact(FactKind.RSH_BRACKET, home=home, value="90", **over)
    make.fact(FactKind.INCOME, person=person, value="work", amount=777_111, **over)
    make.fact(FactKind.DISABILITY, person=person, value="visual", source=Source.SENADIS, **over)
    make.fact(FactKind.SUBSIDY, person=person, value="suf", **over)
    make.fact(FactKind.SUBSIDY, person=person, value="sdm", expires_on=make.TODAY)
    screening = compiled(person, worker)
    assert (screening.bracket.value, screening.bracket.earlier) == (40, [])
    assert [list(block) for block in (screening.incomes, screening.care)] == [[], []]
    assert not screening.has_priority
    assert not screening.sources[Block.CARE]
    assert [benefit.name for benefit in screening.benefits] == ["Subsidio de discapacidad (SDM)"], "kept until today"


def test_what_is_open_is_shown_however_many_newer_ones_ended(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile_module, "RECENT_CONSULTATIONS", 2)
    person, child = make.person(), make.person("Martín")
    make.home(person, child)
    long_ago, others = clock.now() - timedelta(days=400), make.actor(Role.CASE_WORKER)
    waiting = LineDetails(make.reason("suf").pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Cartola")
    for whom in (person, child):
        left = start_consultation(whom, by=others, occurred_at=long_ago)
        end_attention(left, Writing(lines=[waiting]), by=others)
    in_attention = start_consultation(child, by=others, occurred_at=long_ago)
    ended = []
    for _ in range(4):
        newer = start_consultation(person, by=worker)
        informed = LineDetails(make.reason("information").pk, Outcome.INFORMED)
        ended.append(end_attention(newer, Writing(lines=[informed]), by=worker).folio)
    screening = compiled(person, worker)
    assert [item.state for item in screening.open_items].count("Atendida") == 2
    assert in_attention.folio in [item.folio for item in screening.open_items]
    assert [one.folio for one in screening.consultations if one.folio in ended] == ended[:1:-1]  # the newest two


def test_somebody_without_a_home_has_an_honest_page(worker: Actor) -> None:
    posting = make.posting(Role.CASE_WORKER)
    page = page_of(make.person(birth_on=None), posting)
    for sentence in (
        "No se sabe con quién vive",
        "No tiene hogar registrado",
        "Edad desconocida",
        "Sin teléfono registrado",
        "No se sabe qué recibe",
        "No se sabe: falta cargar el programa",
        "Nada abierto en ninguna unidad",
    ):
        assert sentence in page
    assert not re.search(r">\s*None\s*<", page)


def test_the_consultation_in_her_own_hands_is_not_news_to_the_operator(worker: Actor) -> None:
    person = make.person()
    make.home(person)
    start_consultation(person, by=worker)
    assert not compiled(person, worker).open_items
    assert len(compiled(person, make.actor(Role.CASE_WORKER)).open_items) == 1


def test_every_member_shown_is_in_the_log_of_readings(worker: Actor) -> None:
    head, child = make.person(), make.person("Martín")
    make.home(head, child)
    open_purpose(head, by=worker, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
    open_screening(head, by=worker, profile=Profile.FULL)
    entries = ReadEntry.objects.filter(kind=ReadEntry.Kind.FULL)
    assert {entry.person_id for entry in entries} == {head.pk, child.pk}
    assert {entry.opened_for_id for entry in entries} == {head.pk}


def test_the_file_shows_three_alerts_and_folds_the_others(worker: Actor) -> None:
    rosa = make.person()
    make.home(rosa, bracket=None)
    for number, name in enumerate(("suf", "sdm", "pgu", "pbsi")):
        until = make.TODAY + timedelta(days=10 + number)
        make.fact(FactKind.SUBSIDY, person=rosa, value=name, valid_until=until, source=Source.SUBSIDIES)
    assert len(compiled(rosa, worker).alerts) == 5
    for kind in ("ficha/", "ficha/resumen/"):
        page = page_of(rosa, make.posting(Role.FRONT_DESK), kind)
        shown, _, folded = page.partition("2 alertas más")
        assert shown.count('class="alert"') == 3
        assert "PBSI" in folded
        assert "Sin tramo del Registro Social de Hogares" in folded


def test_the_ground_of_priority_is_told_to_the_full_profile_alone(worker: Actor) -> None:
    rosa = make.person()
    make.home(rosa)
    make.fact(FactKind.DISABILITY, person=rosa, value="psíquica")
    full = compiled(rosa, worker)
    summary = compile_screening(rosa, by=worker, profile=Profile.SUMMARY, on=make.TODAY)
    assert [alert.detail for alert in full.alerts] == ["Discapacidad psíquica"]
    assert (summary.has_priority, summary.alerts) == (True, [])


# How fresh each registry is


def freshness_of(person: Person, by: Actor, profile: Profile) -> dict[str, tuple[bool, date | None, date | None]]:
    screening = compile_screening(person, by=by, profile=profile, on=make.TODAY)
    return {one.name: (one.is_loaded, one.as_of, one.reaches) for one in screening.registries}


def test_each_registry_says_its_date_or_that_it_has_nothing_of_the_home_or_is_not_loaded(worker: Actor) -> None:
    rosa, other = make.person(), make.person("Otra")
    make.home(rosa, as_of=date(2026, 9, 18))
    make.home(other)
    make.fact(FactKind.SUBSIDY, person=rosa, value="suf", source=Source.SUBSIDIES, as_of=date(2026, 10, 31))
    make.fact(FactKind.SUBSIDY, person=rosa, value="sdm", source=Source.SUBSIDIES, as_of=date(2026, 8, 31))
    make.fact(FactKind.DISABILITY, person=other, value="visual", source=Source.SENADIS, as_of=date(2026, 11, 2))
    found = freshness_of(rosa, worker, Profile.FULL)
    assert found["Registro Social de Hogares"] == (True, date(2026, 9, 18), None)
    assert found["Plataforma de subsidios"] == (True, date(2026, 10, 31), None)
    assert found["Senadis"] == (True, None, date(2026, 11, 2))
    assert found["Mineduc"] == (False, None, None)
    assert found["Registro municipal de ayudas"] == (False, None, None)
    page = page_of(rosa, make.posting(Role.CASE_WORKER))
    assert "No se sabe qué recibe" not in page
    assert "este registro no se ha cargado en esta municipalidad" in page
    assert "sin datos de este hogar" in page


def test_what_another_municipality_loaded_is_not_loaded_here(worker: Actor) -> None:
    with make.inside(make.COMBARBALA):
        make.fact(FactKind.DISABILITY, person=make.person(), value="visual", source=Source.SENADIS)
        Delivery.objects.create(
            person=make.person(), label="Caja", delivered_on=make.TODAY, origin="loaded", recorded_at=clock.now()
        )
    with acting(worker):
        found = freshness_of(make.person(), worker, Profile.FULL)
    assert not found["Senadis"][0]
    assert not found["Registro municipal de ayudas"][0]


def test_the_desk_is_not_told_that_senadis_knows_of_the_home(worker: Actor) -> None:
    rosa = make.person()
    make.home(rosa)
    make.fact(FactKind.DISABILITY, person=rosa, value="visual", source=Source.SENADIS)
    make.fact(FactKind.INCOME, person=rosa, value="pension", amount=1, source=Source.IPS)
    found = freshness_of(rosa, worker, Profile.SUMMARY)
    assert set(found) == {"Registro Social de Hogares", "Plataforma de subsidios", "IPS"}
    assert found["IPS"][1] is None, "an income is not of the summary"


def test_a_registry_that_knows_only_of_a_shielded_member_has_nothing_of_the_home(worker: Actor) -> None:
    father, shielded = make.person("Ramiro"), make.person("Elsa")
    home = make.home(father, shielded)
    home.memberships.filter(person=shielded).update(is_shielded=True)
    make.fact(FactKind.DISABILITY, person=shielded, value="visual", source=Source.SENADIS)
    assert freshness_of(father, worker, Profile.FULL)["Senadis"][1] is None


def test_what_went_to_a_shielded_member_is_on_no_others_page(worker: Actor) -> None:
    father, shielded = make.person("Ramiro"), make.person("Elsa")
    home = make.home(father, shielded)
    home.memberships.filter(person=shielded).update(is_shielded=True)
    for person in (father, shielded):
        Delivery.objects.create(
            home=home,
            person=person,
            label=f"Ayuda para {person.given_names}",
            delivered_on=make.TODAY,
            origin="loaded",
            recorded_at=clock.now(),
        )
    assert [delivery.label for delivery in compiled(father, worker).deliveries] == ["Ayuda para Ramiro"]
