"""What a home could receive, as the desk and the UAS are told it: with reasons, within the profile, to be ticked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions as entries
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core.errors import NotAllowed
from ventanilla.eligibility.advice import Advised, open_advice
from ventanilla.eligibility.verdicts import HIDDEN, Verdict
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation, ToldEntry
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import PurposeNeeded
from ventanilla.registry.vocabulary import FactKind, Source

pytestmark = pytest.mark.django_db

CHILD = Rule(
    Subject.PERSON,
    (
        Condition(Kind.AGE, high=17, article="Ley 18.020 art. 2"),
        Condition(Kind.BRACKET, high=60, months=12),
        Condition(Kind.NOT_RECEIVES, values=("suf",), whose=Whose.PERSON),
        Condition(Kind.TO_PROVE, text="Que viva a sus expensas"),
    ),
)
DISABLED = Rule(Subject.PERSON, (Condition(Kind.AGE, high=17), Condition(Kind.DISABILITY, values=("severa",))))
RURAL = Rule(Subject.HOME, (Condition(Kind.AREA, values=("rural",)), Condition(Kind.BRACKET, high=40)))


@pytest.fixture
def desk() -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def rosa() -> Person:
    """With a son of nine, in the 40 % bracket and a rural home; registries of subsidies and disability are loaded."""
    with make.inside():
        rosa = make.person()
        martin = make.person("Martín", birth_on=make.TODAY - timedelta(days=9 * 365 + 90))
        make.home(rosa, martin, as_of=make.TODAY - timedelta(days=40))
        make.fact(FactKind.DISABILITY, person=martin, value="severa", source=Source.SENADIS, as_of=make.YESTERDAY)
        make.fact(FactKind.SUBSIDY, person=rosa, value="pgu", source=Source.SUBSIDIES, as_of=make.YESTERDAY)
        for name, rule in (("Subsidio de prueba", CHILD), ("Ayuda técnica", DISABLED), ("Agua rural", RURAL)):
            make.entry(name, rule)
        make.entry("Orientación legal")
    return rosa


def advised_for(person: Person, posting: Posting, profile: Profile) -> Advised:
    by = actor_in(posting)
    with acting(by):
        start_consultation(person, by=by)
        return open_advice(person, by=by, profile=profile)


def names(advice: Any) -> list[str]:
    return [one.version.name for one in advice]


def test_each_entry_is_told_with_who_and_why(rosa: Person) -> None:
    advised = advised_for(rosa, make.posting(Role.CASE_WORKER), Profile.FULL)
    assert names(advised.could) == ["Subsidio de prueba", "Ayuda técnica", "Agua rural"]
    (child,) = advised.could[0].best
    assert child.name == "Martín"
    assert [clause.sentence for clause in child.to_prove] == ["Que viva a sus expensas"]
    findings = {finding.condition.kind: finding for clause in child.clauses for finding in clause.findings}
    assert findings[Kind.AGE].why == "Tiene 9 años."
    assert (findings[Kind.BRACKET].why, findings[Kind.BRACKET].source) == ("Está en el tramo del 40 %.", Source.RSH)
    assert "No consta que reciba Subsidio Familiar (SUF)" in findings[Kind.NOT_RECEIVES].why
    (_, mother) = advised.could[0].answers
    assert mother.verdict is Verdict.CANNOT
    assert mother.failed[0].why.startswith("Tiene 4")
    assert [version.name for version in advised.unruled] == ["Orientación legal"]


def test_the_summary_is_told_nothing_of_what_its_profile_does_not_see(rosa: Person) -> None:
    advised = advised_for(rosa, make.posting(Role.FRONT_DESK), Profile.SUMMARY)
    (aid,) = advised.missing
    assert aid.version.name == "Ayuda técnica"
    assert [clause.why for clause in aid.best[0].unknown] == [HIDDEN]
    assert not any("severa" in finding.why for a in aid.answers for c in a.clauses for finding in c.findings)


def test_what_she_receives_already_is_said_so(rosa: Person) -> None:
    with make.inside():
        make.adopt_catalogue()
        martin = Person.objects.get(given_names="Martín")
        make.fact(FactKind.SUBSIDY, person=martin, value="suf", source=Source.SUBSIDIES, as_of=make.TODAY)
    advised = advised_for(rosa, make.posting(Role.CASE_WORKER), Profile.FULL)
    assert names(advised.receives)[0] == "Subsidio Familiar (SUF)"
    assert advised.receives[0].best[0].name == "Martín"
    assert "Subsidio de prueba" in names(advised.cannot)


def test_it_needs_a_ground_to_read_and_leaves_its_trace(rosa: Person, desk: Posting) -> None:
    by = actor_in(desk)
    with acting(by), pytest.raises(PurposeNeeded):
        open_advice(rosa, by=by, profile=Profile.SUMMARY)
    advised_for(rosa, desk, Profile.SUMMARY)
    with acting(by):
        assert ReadEntry.objects.filter(note="qué podría recibir", person_id=rosa.pk).count() == 1
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(NotAllowed):
        open_advice(rosa, by=counterpart, profile=Profile.SUMMARY)


def test_the_number_of_queries_does_not_grow_with_the_home_nor_the_catalogue(
    rosa: Person, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    by = make.actor(Role.CASE_WORKER)
    with acting(by):
        start_consultation(rosa, by=by)
        with django_assert_max_num_queries(20) as first:
            open_advice(rosa, by=by, profile=Profile.FULL)
    with make.inside():
        for number in range(8):
            make.entry(f"Otra {number}", CHILD)
        for number in range(4):
            make.join_home(make.person(f"Niña {number}"), of=rosa)
    with acting(by), django_assert_num_queries(len(first.captured_queries)):
        open_advice(rosa, by=by, profile=Profile.FULL)


# Pages


def begun(client: Client, posting: Posting, person: Person) -> Consultation:
    client.force_login(posting.account)
    client.post(reverse("intake:start", args=[person.pk]))
    with acting(actor_in(posting)):
        return Consultation.objects.get(person=person)


def test_the_panel_of_a_consultation_offers_each_to_be_ticked(client: Client, desk: Posting, rosa: Person) -> None:
    consultation = begun(client, desk, rosa)
    page = client.get(reverse("eligibility:in_consultation", args=[consultation.pk])).content.decode()
    assert "Qué podría recibir" in page
    assert re.findall(r'<label class="title"[^>]*>([^<]+)<', page)[:2] == ["Subsidio de prueba", "Agua rural"]
    assert "Orientación legal" in page


def test_what_she_was_told_of_stays_in_the_consultation_and_on_its_receipt(
    client: Client, desk: Posting, rosa: Person
) -> None:
    consultation = begun(client, desk, rosa)
    with acting(actor_in(desk)):
        version = EntryVersion.objects.get(name="Subsidio de prueba")
        reason = make.reason("information")
    ended = {
        "channel": "in_person",
        "requester": "self",
        "version": consultation.version,
        f"m-{reason.pk}-marked": "on",
        f"m-{reason.pk}-outcome": "informed",
        "told_shown": "1",
        "told": str(version.pk),
        "end": "1",
    }
    answer = client.post(consultation.get_absolute_url(), ended, follow=True)
    assert "Se le informó de" in answer.content.decode()
    receipt = client.get(reverse("intake:receipt", args=[consultation.pk])).content.decode()
    assert "Subsidio de prueba" in receipt
    with acting(actor_in(desk)):
        told = ToldEntry.objects.get(consultation=consultation)
        assert told.version_id == version.pk


def test_what_was_ticked_comes_back_with_the_draft(client: Client, desk: Posting, rosa: Person) -> None:
    consultation = begun(client, desk, rosa)
    with acting(actor_in(desk)):
        version = EntryVersion.objects.get(name="Agua rural")
    typed = {"version": consultation.version, "notes": "Algo", "told_shown": "1", "told": str(version.pk)}
    client.post(reverse("intake:draft", args=[consultation.pk]), typed)
    page = client.get(reverse("eligibility:in_consultation", args=[consultation.pk])).content.decode()
    assert re.search(rf'value="{version.pk}"[^>]* checked', page)


def test_an_entry_of_nobody_knows_where_is_refused_and_nothing_is_lost(
    client: Client, desk: Posting, rosa: Person
) -> None:
    consultation = begun(client, desk, rosa)
    with make.inside(make.COMBARBALA):
        foreign = make.entry("De otra parte")
    sent = {"channel": "in_person", "requester": "self", "version": consultation.version, "notes": "Lo escrito"}
    sent |= {"told_shown": "1", "told": str(foreign.pk), "keep": "1"}
    answer = client.post(consultation.get_absolute_url(), sent)
    assert answer.status_code == 422
    assert "ya no está en el catálogo" in answer.content.decode()
    assert "Lo escrito" in answer.content.decode()


@pytest.mark.parametrize("name", ["could_receive", "beside_file"])
def test_the_pages_open_within_an_attention(name: str, client: Client, desk: Posting, rosa: Person) -> None:
    begun(client, desk, rosa)
    answer = client.get(reverse(f"eligibility:{name}", args=[rosa.pk]))
    assert answer.status_code == 200
    assert "Agua rural" in answer.content.decode()


def test_the_explanation_says_each_condition_its_source_and_its_article(
    client: Client, desk: Posting, rosa: Person
) -> None:
    begun(client, desk, rosa)
    with acting(actor_in(desk)):
        entry = Entry.objects.get(code="subsidio-de-prueba")
    page = client.get(reverse("eligibility:explain", args=[rosa.pk, entry.pk])).content.decode()
    assert "Martín, 9 años" in page
    assert "Ley 18.020 art. 2" in page
    assert "Registro Social de Hogares al" in page
    assert "no otorga ni niega nada" in page


def test_a_closed_entry_is_not_among_what_she_could_receive(rosa: Person) -> None:
    with make.inside() as head:
        entry = Entry.objects.get(code="agua-rural")
        entries.close_entry(entry, by=_head_of(entry, head), reason="Se acabó el programa")
    assert "Agua rural" not in names(advised_for(rosa, make.posting(Role.CASE_WORKER), Profile.FULL).could)


def _head_of(entry: Entry, head: Actor) -> Actor:
    assert entry.unit_id == head.unit_id
    return head


def test_what_she_was_told_of_stays_though_the_entry_closes(client: Client, desk: Posting, rosa: Person) -> None:
    consultation = begun(client, desk, rosa)
    with make.inside() as head:
        version = EntryVersion.objects.get(name="Agua rural")
        ToldEntry.objects.create(consultation=consultation, version=version)
        entries.close_entry(version.entry, by=_head_of(version.entry, head), reason="Se acabó el programa")
    page = client.get(reverse("eligibility:in_consultation", args=[consultation.pk])).content.decode()
    assert f'<input type="hidden" name="told" value="{version.pk}">' in page
    assert f'id="told-{version.pk}"' not in page
    with acting(actor_in(desk)):
        reason = make.reason("information")
    ended = {"channel": "in_person", "requester": "self", "version": consultation.version, "end": "1"}
    ended |= {"told_shown": "1", "told": str(version.pk)}
    ended |= {f"m-{reason.pk}-marked": "on", f"m-{reason.pk}-outcome": "informed"}
    answer = client.post(consultation.get_absolute_url(), ended, follow=True).content.decode()
    assert "Agua rural" in answer
    assert "Agua rural" in client.get(reverse("intake:receipt", args=[consultation.pk])).content.decode()
