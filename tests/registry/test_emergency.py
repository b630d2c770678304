"""What is restricted opens in an emergency for an hour, to one operator, of one person, and others are told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.models import AuditEvent
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation
from ventanilla.registry.emergency import break_glass, open_emergency
from ventanilla.registry.models import (
    ContactPoint,
    Dwelling,
    Flag,
    Notice,
    Person,
    ReadEntry,
    ReadPurpose,
    Residence,
)
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import PurposeNeeded, open_purpose, open_purpose_of, require_purpose
from ventanilla.registry.watch.actions import acknowledge
from ventanilla.registry.watch.states import FlagKind
from ventanilla.screening.compile import compile_screening, open_screening

pytestmark = pytest.mark.django_db

REASON = "Carabineros pide ubicarla por una denuncia en curso"
SIGNS = ("+569 restringido", "Casa de acogida 1", "La amenazan de muerte")


@pytest.fixture
def author() -> Posting:
    return make.posting(Role.CASE_WORKER)


@pytest.fixture
def worker() -> Posting:
    return make.posting(Role.CASE_WORKER)


def restricted(person: Person, author: Posting) -> None:
    """A telephone, an address and a consultation of hers that only ``author`` sees."""
    common: dict[str, Any] = {"person": person, "secrecy": Secrecy.RESTRICTED, "unit": author.unit}
    mine = {"recorded_by_id": author.account_id}
    ContactPoint.objects.create(kind="phone", value=SIGNS[0], as_of=make.TODAY, **common, **mine)
    Residence.objects.create(
        dwelling=Dwelling.objects.create(address=SIGNS[1]), source="declared", starts_on=make.TODAY, **common, **mine
    )
    now = clock.now()
    Consultation.objects.create(
        folio=f"C-2026-{Consultation.objects.count() + 900_000}",
        state="attended",
        notes=SIGNS[2],
        occurred_at=now,
        recorded_at=now,
        attended_at=now,
        recorded_by=author.account,
        **common,
    )


@pytest.fixture
def rosa(author: Posting) -> Person:
    with make.inside():
        person = make.person()
        make.home(person)
        restricted(person, author)
    return person


@pytest.fixture
def actor(worker: Posting, rosa: Person) -> Iterator[Actor]:
    actor = actor_in(worker)
    with acting(actor):
        yield actor


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    moment = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def seen(person: Person, by: Actor) -> list[int]:
    """How many restricted telephones, addresses and consultations of hers the actor sees."""
    models = (ContactPoint, Residence, Consultation)
    return [m.objects.visible_to(by).filter(person=person, secrecy=Secrecy.RESTRICTED).count() for m in models]


def test_an_emergency_opens_everything_restricted_of_the_person(actor: Actor, rosa: Person) -> None:
    assert seen(rosa, actor) == [0, 0, 0]
    break_glass(rosa, by=actor, reason=REASON)
    assert seen(rosa, actor) == [1, 1, 1]
    screening = compile_screening(rosa, by=actor, profile=Profile.FULL, on=make.TODAY)
    assert screening.dwelling is not None
    assert (str(screening.dwelling), screening.contacts[0].value) == (SIGNS[1], SIGNS[0])
    assert [consultation.notes for consultation in screening.consultations] == [SIGNS[2]]


def test_it_is_over_after_an_hour(actor: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    break_glass(rosa, by=actor, reason=REASON)
    later(monkeypatch, minutes=59)
    assert seen(rosa, actor) == [1, 1, 1]
    later(monkeypatch, minutes=2)
    assert seen(rosa, actor) == [0, 0, 0]
    assert open_emergency(rosa, by=actor) is None
    with pytest.raises(PurposeNeeded):
        require_purpose(rosa, by=actor)


def test_it_opens_nothing_of_anybody_else(actor: Actor, rosa: Person, author: Posting) -> None:
    other = make.person("Otra")
    make.home(other)
    restricted(other, author)
    break_glass(rosa, by=actor, reason=REASON)
    assert seen(other, actor) == [0, 0, 0]


def test_it_opens_nothing_to_anybody_else(actor: Actor, rosa: Person) -> None:
    break_glass(rosa, by=actor, reason=REASON)
    for role in (Role.CASE_WORKER, Role.UAS_HEAD, Role.FRONT_DESK, Role.UNIT_HEAD):
        assert seen(rosa, make.actor(role)) == [0, 0, 0], role


def test_it_is_not_good_in_another_posting_of_the_same_account(actor: Actor, rosa: Person, worker: Posting) -> None:
    break_glass(rosa, by=actor, reason=REASON)
    elsewhere = actor_in(make.posting(Role.UAS_HEAD, account=worker.account))
    assert seen(rosa, elsewhere) == [0, 0, 0]


def test_another_institution_gains_nothing_from_it(
    actor: Actor, rosa: Person, author: Posting, worker: Posting
) -> None:
    """Not even the same account, with the same person's RUN, in a posting of her own there."""
    break_glass(rosa, by=actor, reason=REASON)
    foreign = actor_in(make.posting(Role.CASE_WORKER, make.COMBARBALA, account=worker.account))
    there = make.posting(Role.CASE_WORKER, make.COMBARBALA)
    with make.inside(make.COMBARBALA):
        same = make.person(run=rosa.run)
        restricted(same, there)
    with acting(foreign):
        assert seen(same, foreign) == [0, 0, 0]
        assert not ReadPurpose.objects.of_emergencies().exists()
        with pytest.raises(Person.DoesNotExist):
            break_glass(rosa, by=foreign, reason=REASON)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CASE_WORKER, Role.UAS_HEAD)])
def test_only_case_workers_and_their_head_may(actor: Actor, rosa: Person, role: Role) -> None:
    refused = make.actor(role)
    if refused.institution_id is None:
        return
    with pytest.raises(NotAllowed):
        break_glass(rosa, by=refused, reason=REASON)
    assert not ReadPurpose.objects.of_emergencies().exists()


def test_a_purpose_of_that_ground_gives_nothing_to_a_role_that_may_not(actor: Actor, rosa: Person) -> None:
    desk = make.actor(Role.FRONT_DESK)
    now = clock.now()
    ReadPurpose.objects.create(
        person=rosa,
        account_id=desk.account,
        posting_id=desk.posting_id or desk.account,
        ground=ReadPurpose.Ground.BREAK_GLASS,
        reason=REASON,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    assert seen(rosa, desk) == [0, 0, 0]


def test_no_emergency_is_opened_without_telling(actor: Actor, rosa: Person) -> None:
    with pytest.raises(ValueError, match="tells others"):
        open_purpose(rosa, by=actor, ground=ReadPurpose.Ground.BREAK_GLASS, reason=REASON)


@pytest.mark.parametrize("reason", ["", "urgente", "es una urgencia ahora", "   a   b   c   d   "])
def test_it_needs_a_reason_in_words(actor: Actor, rosa: Person, reason: str) -> None:
    with pytest.raises(RuleBroken, match="Escriba cuál es la urgencia"):
        break_glass(rosa, by=actor, reason=reason)
    assert (seen(rosa, actor), Notice.objects.exists(), Flag.objects.exists()) == ([0, 0, 0], False, False)


def test_an_emergency_without_end_or_reason_cannot_be_stored(actor: Actor, rosa: Person) -> None:
    good: dict[str, Any] = {
        "person": rosa,
        "account_id": actor.account,
        "posting_id": actor.posting_id,
        "ground": ReadPurpose.Ground.BREAK_GLASS,
        "starts_at": clock.now(),
    }
    for wrong in ({"reason": REASON, "ends_at": None}, {"reason": "", "ends_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadPurpose.objects.create(**good, **wrong)


def test_nobody_whose_data_are_blocked_is_opened(actor: Actor, rosa: Person) -> None:
    Person.objects.filter(pk=rosa.pk).update(processing_blocked=True)
    with pytest.raises(RuleBroken, match="bloqueado"):
        break_glass(rosa, by=actor, reason=REASON)


def test_a_form_sent_twice_opens_one_hour_and_tells_once(actor: Actor, rosa: Person) -> None:
    first = break_glass(rosa, by=actor, reason=REASON)
    told = Notice.objects.count()
    assert break_glass(rosa, by=actor, reason="La misma urgencia enviada otra vez") == first
    assert (Notice.objects.count(), Flag.objects.count()) == (told, 1)


def test_the_heads_data_protection_and_the_author_are_told_and_she_herself_is_not(
    actor: Actor, rosa: Person, author: Posting
) -> None:
    head, officer = make.posting(Role.UAS_HEAD), make.posting(Role.DATA_OFFICER)
    gone = make.posting(Role.UAS_HEAD, ends_on=make.YESTERDAY)
    make.posting(Role.FRONT_DESK)
    abroad = make.posting(Role.DATA_OFFICER, make.COMBARBALA)
    break_glass(rosa, by=actor, reason=REASON)
    told = set(Notice.objects.values_list("account_id", flat=True))
    assert {head.account_id, officer.account_id, author.account_id} <= told
    assert told.isdisjoint({actor.account_id, gone.account_id, abroad.account_id})


def test_a_head_who_breaks_the_glass_is_not_the_one_who_is_told(actor: Actor, rosa: Person) -> None:
    head = make.actor(Role.UAS_HEAD)
    break_glass(rosa, by=head, reason=REASON)
    assert head.account_id not in set(Notice.objects.values_list("account_id", flat=True))


def test_the_author_of_what_was_restricted_is_not_told_when_she_no_longer_works_here(
    actor: Actor, rosa: Person, author: Posting
) -> None:
    Posting.objects.filter(pk=author.pk).update(ends_on=make.YESTERDAY)
    break_glass(rosa, by=actor, reason=REASON)
    assert author.account_id not in set(Notice.objects.values_list("account_id", flat=True))


def test_every_look_says_that_it_was_an_emergency(actor: Actor, rosa: Person) -> None:
    """Also when a consultation was open before, which would have been ground enough."""
    open_purpose(rosa, by=actor, ground=ReadPurpose.Ground.CONSULTATION)
    purpose = break_glass(rosa, by=actor, reason=REASON)
    assert open_purpose_of(rosa, by=actor) == purpose
    open_screening(rosa, by=actor, profile=Profile.FULL)
    assert {entry.purpose_id for entry in ReadEntry.objects.filter(kind="full")} == {purpose.pk}
    event = AuditEvent.objects.get(table_name="registry_flag")
    assert event.purpose_id == purpose.pk


def test_what_is_written_in_the_emergency_is_flagged_for_review(actor: Actor, rosa: Person) -> None:
    purpose = break_glass(rosa, by=actor, reason=REASON)
    flag = Flag.objects.get()
    assert (flag.kind, flag.purpose, flag.person, flag.account_id, flag.unit_id) == (
        FlagKind.BREAK_GLASS,
        purpose,
        rosa,
        actor.account_id,
        actor.unit_id,
    )


def test_a_notice_is_acknowledged_by_the_one_it_is_for_and_once(
    actor: Actor, rosa: Person, author: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_glass(rosa, by=actor, reason=REASON)
    notice = Notice.objects.get(account=author.account)
    with pytest.raises(NotAllowed):
        acknowledge(notice, by=actor)
    acknowledge(notice, by=actor_in(author))
    first = notice.seen_at
    assert first
    later(monkeypatch, minutes=5)
    acknowledge(notice, by=actor_in(author))
    assert notice.seen_at == first


# Pages


@pytest.fixture
def client(worker: Posting, rosa: Person) -> Client:
    client = Client()
    client.force_login(worker.account)
    return client


def asked(client: Client, person: Person, reason: str = REASON) -> str:
    return client.post(f"/personas/{person.pk}/urgencia/", {"reason": reason}, follow=True).content.decode()


def test_the_record_shows_what_is_restricted_only_after_the_emergency_was_asked(client: Client, rosa: Person) -> None:
    client.post(f"/personas/{rosa.pk}/", {"reason": "Preparar la visita de mañana"})
    before = client.get(f"/personas/{rosa.pk}/ficha/").content.decode()
    assert not [sign for sign in SIGNS if sign in before]
    after = asked(client, rosa)
    assert [sign for sign in SIGNS if sign not in after] == []
    assert "Urgencia abierta hasta las" in after


def test_who_has_nothing_restricted_is_answered_alike(client: Client, rosa: Person) -> None:
    """The page that asks, what refuses, the way there and what comes back: word for word, but for the records."""
    with make.inside():
        plain = make.person("Rosa Elvira", "Araya")  # of no known sector, as it seems of whose address is guarded

    def told(page: str, person: Person) -> str:
        own = (str(person.pk), person.formatted_run, str(person.run))
        for text in own:
            page = page.replace(text, "")
        return page

    for about in ("/", "/urgencia/"):
        pages = [told(client.get(f"/personas/{who.pk}{about}").content.decode(), who) for who in (rosa, plain)]
        assert _without_tokens(pages[0]) == _without_tokens(pages[1]), about
    refused = [told(asked(client, who, "ya"), who) for who in (rosa, plain)]
    assert _without_tokens(refused[0]) == _without_tokens(refused[1])
    for who in (rosa, plain):
        answer = client.post(f"/personas/{who.pk}/urgencia/", {"reason": REASON})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/personas/{who.pk}/ficha/")
    with make.inside():
        assert Flag.objects.filter(kind=FlagKind.BREAK_GLASS).count() == 2, "and reviewed alike"


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_the_front_desk_is_not_shown_the_way_nor_let_through(rosa: Person) -> None:
    desk = make.posting(Role.FRONT_DESK)
    client = Client()
    client.force_login(desk.account)
    assert "urgencia" not in client.get(f"/personas/{rosa.pk}/").content.decode()
    assert client.get(f"/personas/{rosa.pk}/urgencia/").status_code == 403
    assert client.post(f"/personas/{rosa.pk}/urgencia/", {"reason": REASON}).status_code == 403


def test_a_reason_too_short_is_said_at_its_field_and_stays(client: Client, rosa: Person) -> None:
    answer = client.post(f"/personas/{rosa.pk}/urgencia/", {"reason": "es urgente"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "en 5 palabras o más" in page
    assert "es urgente</textarea>" in page


def test_the_list_of_consultations_that_shows_it_says_it_was_an_emergency(
    client: Client, rosa: Person, worker: Posting
) -> None:
    asked(client, rosa)
    client.get("/consultas/")
    with make.inside():
        purpose = ReadPurpose.objects.of_emergencies().get()
        entry = ReadEntry.objects.filter(kind="list", account_id=worker.account_id).latest("id")
        assert (entry.purpose_id, entry.people) == (purpose.pk, [rosa.pk])


def test_who_must_know_is_told_on_the_first_page_without_a_name_until_she_reads_it(
    client: Client, rosa: Person
) -> None:
    told = {role: make.posting(role) for role in (Role.UAS_HEAD, Role.DATA_OFFICER)}
    asked(client, rosa)
    for role, posting in told.items():
        reader = Client()
        reader.force_login(posting.account)
        home = reader.get("/").content.decode()
        assert "Se pidió por una urgencia ver lo restringido de una persona." in home, role
        page = reader.get("/auditoria/avisos/").content.decode()
        assert rosa.full_name in page
        assert REASON in page
        with make.inside():
            notice = Notice.objects.get(account=posting.account)
            entry = ReadEntry.objects.filter(account_id=posting.account_id, note="avisos de urgencia").get()
            assert entry.people == [rosa.pk], "the notice names her, so reading it is a reading"
        reader.post("/auditoria/avisos/", {"notice": str(notice.pk)})
        assert "Se pidió por una urgencia" not in reader.get("/").content.decode()


def test_nobody_reads_or_acknowledges_the_notice_of_another(client: Client, rosa: Person, author: Posting) -> None:
    asked(client, rosa)
    with make.inside():
        notice = Notice.objects.get(account=author.account)
    assert rosa.full_name not in client.get("/auditoria/avisos/").content.decode()
    assert client.post("/auditoria/avisos/", {"notice": str(notice.pk)}).status_code == 404
    with make.inside():
        assert Notice.objects.get(pk=notice.pk).seen_at is None
