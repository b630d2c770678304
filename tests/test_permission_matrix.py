"""Every right of every role written out, and every door tried by every role from this municipality and from another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import make
from tests.datasets.bringing import left_to_decide
from tests.filling import attended, booked, flagged, own_day
from tests.outbox.systems import posted, told_system
from tests.referrals.agreements import drafted
from tests.referrals.letters import seen_to as letter_seen_to
from tests.referrals.loop import attended as attended_for
from tests.referrals.loop import referred, sent_by_another, sent_outside
from tests.registry.merged import pair_and_merge
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, GRANTS, Agent, Permission, Role
from ventanilla.access.tenancy import acting
from ventanilla.config.api import operations
from ventanilla.core.run import parse
from ventanilla.intake.contacts.actions import ContactDetails, note_contact
from ventanilla.intake.states import Channel
from ventanilla.intake.waiting.actions import take_number
from ventanilla.referrals.inbound.actions import answer_letter
from ventanilla.referrals.outside.actions import attach
from ventanilla.registry.models import Person, ReadPurpose
from ventanilla.registry.reading import open_purpose

ROLES = (
    Role.FRONT_DESK,
    Role.CASE_WORKER,
    Role.UAS_HEAD,
    Role.UNIT_HEAD,
    Role.COUNTERPART,
    Role.DIDECO,
    Role.SYSTEM_ADMIN,
    Role.DATA_OFFICER,
    Role.TECHNICAL_ASSISTANT,
    Role.PROVINCIAL,
    Role.REGIONAL,
    Role.NATIONAL,
    Agent.COMMAND,
    Agent.WALL,
    Agent.VISITOR,
    Agent.PROVIDER,
)

# o own, u unit, i institution, t territory, n nation, - none; the columns are ``ROLES``
MATRIX = """
                    desk case uas  unit ctpt didc sys  data ta   prov reg  nat  cmd  wall vis  prvd
session:use         o    o    o    o    o    o    o    o    o    o    o    o    -    -    -    -
person:search       i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
person:register     i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
registry:merge      -    -    i    i    -    -    -    -    -    -    -    -    -    -    -    -
screening:summary   i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
screening:full      -    i    i    -    -    -    -    -    -    -    -    -    -    -    -    -
consultation:read   i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
consultation:work   u    u    u    u    -    -    -    -    -    -    -    -    -    -    -    -
consultation:void   o    o    u    u    -    -    -    -    -    -    -    -    -    -    -    -
line:assign         -    -    u    u    -    -    -    -    -    -    -    -    -    -    -    -
protocol:read       i    i    i    i    i    i    -    -    -    -    -    -    -    -    -    -
protocol:write      -    -    u    u    i    -    -    -    -    -    -    -    -    -    -    -
protocol:sign       -    -    u    u    -    -    -    -    -    -    -    -    -    -    -    -
protocol:approve    -    -    -    -    -    i    -    -    -    -    -    -    -    -    -    -
referral:read       i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
referral:work       u    u    u    u    -    -    -    -    -    -    -    -    -    -    -    -
referral:follow     -    -    -    -    -    -    -    -    -    -    -    -    i    -    -    -
referral:oversee    -    -    i    i    i    i    -    -    -    -    -    -    -    -    -    -
outbox:deliver      -    -    -    -    -    -    -    -    -    -    -    -    i    -    -    -
webhook:manage      -    -    -    -    -    -    i    -    -    -    -    -    i    -    -    -
letter:tend         -    -    -    -    -    -    i    -    -    -    -    -    i    -    -    -
referral:by_link    -    -    -    -    -    -    -    -    -    -    -    -    -    -    -    i
transfer:view       -    -    -    -    -    -    -    i    -    -    -    -    -    -    -    -
referral:assign     -    -    u    u    -    -    -    -    -    -    -    -    -    -    -    -
room:work           i    i    i    i    -    -    -    -    -    -    -    -    -    -    -    -
room:oversee        -    -    u    u    i    -    -    -    -    -    -    -    -    -    -    -
room:arrange        -    -    u    u    i    -    -    -    -    -    -    -    -    -    -    -
room:show           -    -    -    -    -    -    -    -    -    -    -    -    -    i    -    -
office:arrange      -    -    -    -    i    -    i    -    -    -    -    -    -    -    -    -
calendar:arrange    -    -    -    -    i    -    i    -    -    -    -    -    -    -    -    -
reason:manage       -    -    -    -    i    -    -    -    -    -    -    -    -    -    -    -
catalogue:read      i    i    i    i    i    i    -    -    -    -    -    -    -    -    -    -
catalogue:write     -    u    u    u    i    -    -    -    -    -    -    -    -    -    -    -
catalogue:publish   -    -    u    u    i    i    -    -    -    -    -    -    -    -    -    -
catalogue:show      -    -    -    -    -    -    -    -    -    -    -    -    -    -    i    -
receipt:verify      -    -    -    -    -    -    -    -    -    -    -    -    -    -    i    -
protocol:verify     -    -    -    -    -    -    -    -    -    -    -    -    -    -    i    -
read_log:view       -    -    u    u    -    -    -    i    -    -    -    -    -    -    -    -
flag:raise          -    -    i    i    -    -    -    i    -    -    -    -    i    -    -    -
flag:answer         -    -    u    u    -    -    -    i    -    -    -    -    -    -    -    -
audit:view          -    -    -    -    -    -    -    i    -    -    -    -    -    -    -    -
secrecy:break       -    i    i    -    -    -    -    -    -    -    -    -    -    -    -    -
account:unlock      -    -    u    u    i    -    i    -    -    -    -    -    -    -    -    -
operator:register   -    -    u    u    i    -    i    -    -    -    -    -    -    -    -    -
load:run            -    -    i    -    i    -    -    -    -    -    -    -    i    -    -    -
folder:tend         -    -    -    -    i    -    -    -    -    -    -    -    -    -    -    -
key:issue           -    -    -    -    -    -    -    -    -    -    -    -    i    -    -    -
key:grant           -    -    -    -    i    -    i    -    -    -    -    -    i    -    -    -
aggregate:view      o    o    u    u    i    i    -    -    t    t    t    n    -    -    -    -
"""

SEE_NO_PERSON = ABOVE_INSTITUTIONS | {Role.COUNTERPART, Role.DIDECO, Role.SYSTEM_ADMIN, Role.DATA_OFFICER}
NAMES_WHO_WAS_READ = {"registry:readings", "registry:readings_of_person", "watch:flags", "watch:flag"}
NAMES_WHO_WAS_READ |= {"watch:writes", "watch:export_readings"}
"""Whoever watches over the reading log must know whose record was read; of her, only the name."""
OF_NO_INSTITUTION = {"key", "chapter", "image", "name"}
OF_WHO_SENT_IT = {f"/referrals/{{referral_id}}/{it}" for it in ("complete", "withdraw", "told", "link", "revoke-link")}
THE_LIBRARYS_OWN = {"api:api-root"}  # only helps to build addresses; answers 404


@dataclass(frozen=True, slots=True)
class Door:
    name: str
    route: str
    view: Any

    @property
    def parameters(self) -> list[str]:
        return [piece.split(":")[1].split(">")[0] for piece in self.route.split("<")[1:]]


def doors() -> Iterator[Door]:
    """Every address the resolver knows."""

    def walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Door]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, route, inner)
            elif isinstance(pattern, URLPattern):
                yield Door(f"{namespace}{pattern.name}", route, pattern.callback)

    yield from walk(get_resolver().url_patterns, "", "")


def is_operation(door: Door) -> bool:
    """An address of the API's operations; those are listed by ``operations``, one for each method."""
    paths = {"/api/v1" + path for _, path, _ in operations()}
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", door.route) in paths


def pages() -> list[Door]:
    return [door for door in doors() if hasattr(door.view, "permission")]


def _letter(role: Role | Agent, permission: Permission) -> str:
    scope = GRANTS[role].get(permission)
    return scope.value[0] if scope else "-"


def test_the_whole_matrix_of_roles_and_rights_is_the_one_written_here() -> None:
    written = {line.split()[0]: line.split()[1:] for line in MATRIX.strip().splitlines()[1:]}
    assert {str(right): [_letter(role, right) for role in ROLES] for right in Permission} == written
    assert set(ROLES) == set(GRANTS) == set(Role) | set(Agent)


def test_no_role_without_public_attention_can_reach_a_person() -> None:
    of_people = {Permission.PERSON_SEARCH, Permission.PERSON_REGISTER, Permission.SCREENING_SUMMARY}
    of_people |= {Permission.SCREENING_FULL, Permission.CONSULTATION_READ, Permission.REFERRAL_READ}
    of_people |= {Permission.CONSULTATION_WORK, Permission.REFERRAL_WORK}
    for role in SEE_NO_PERSON:
        assert not of_people & set(GRANTS[role]), role


def test_every_door_says_who_may_pass_or_why_it_is_open_to_all() -> None:
    undecided = [
        f"{door.name} ({door.route})"
        for door in doors()
        if not (hasattr(door.view, "permission") or hasattr(door.view, "public_because"))
        and not is_operation(door)
        and door.name not in THE_LIBRARYS_OWN
    ]
    assert undecided == [], "doors without a decision"
    assert len(pages()) >= 15


def test_every_operation_of_the_api_says_which_right_it_needs() -> None:
    assert all(isinstance(permission, Permission) for _, _, permission in operations())
    assert len(list(operations())) >= 8


@dataclass(frozen=True, slots=True)
class Place:
    """What an institution has for a door to be tried with."""

    person: Person
    arguments: dict[str, Any]

    @property
    def of_people(self) -> list[str]:
        """What would give its people away."""
        return [self.person.given_names, str(self.person.run), self.person.formatted_run]


@pytest.fixture
def places(db: None, settings: LazySettings) -> dict[int, Place]:
    """In each municipality: a person with a consultation that waits for a paper, and a colleague of the UAS."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    found = {}
    for institution, name in ((make.MONTE_PATRIA, "Verónica Quillagua"), (make.COMBARBALA, "Domitila Pichasca")):
        with make.inside(institution):
            person = make.person(name, "Ficticia")
            make.home(person)
            information = make.reason("information")
            local = make.local_reason("assistance", "Vale de gas")
            queue = make.queue(institution)
            agenda = make.agenda(queue, institution)
        desk = make.posting(Role.FRONT_DESK, institution)
        actor = actor_in(desk)
        make.token(desk)
        with acting(actor):
            consultation = attended(person, actor, information.pk)
            line = consultation.lines.get()
            contact = note_contact(
                ContactDetails(Channel.PHONE, "Pregunta por su SUF", run=parse(person.run or "")), by=actor
            )
            ticket = take_number(queue, by=actor, person=person)
            appointment = booked(agenda, person, actor)
            flag = flagged(person, desk)
        referral = referred(person, institution)
        outside = sent_outside(actor, attended_for(actor, "technical_aids", person=person))
        with acting(actor):
            attachment = attach(referral, "informe.pdf", b"%PDF-1.4", by=actor)
        letter = letter_seen_to(actor, person)
        with acting(actor):
            answer_letter(letter, by=actor, text="Recibe alimentos", legal_ground="Lo requiere el tribunal")
        exchange, file = sent_by_another(institution)
        mail = posted(institution=institution)
        subscription = told_system(institution)
        with acting(actor):
            delivery = subscription.deliveries.get()
        with acting(make.actor(Role.COUNTERPART, institution)):
            entry = make.written_entry()
            make.written_entry("Pañales", is_published=False)
        found[institution] = Place(
            person,
            {
                "person_id": person.pk,
                "consultation_id": consultation.pk,
                "line_id": line.pk,
                "contact_id": contact.pk,
                "queue_id": queue.pk,
                "reason_id": local.pk,
                "ticket_id": ticket.pk,
                "agenda_id": agenda.pk,
                "appointment_id": appointment.pk,
                "account_id": desk.account_id,
                "posting_id": desk.pk,
                "unit_id": desk.unit_id,
                "site_id": queue.site_id,
                "desk_id": queue.site.desks.order_by("name")[0].pk,
                "day_id": own_day(institution).pk,
                "token_id": desk.tokens.get().pk,
                "flag_id": flag.pk,
                "entry_id": entry.pk,
                "referral_id": referral.pk,
                "outside_id": outside.pk,
                "attachment_id": attachment.pk,
                "exchange_id": exchange.pk,
                "file_id": file.pk,
                "letter_id": letter.pk,
                "subscription_id": subscription.pk,
                "delivery_id": delivery.pk,
                "order": "retomar",
                "mail_id": mail.pk,
                **pair_and_merge(person),
                "load_id": left_to_decide(institution).pk,
                "step": "descartar",
                "name": "subsidios",
                "protocol_id": drafted(make.actor(Role.UAS_HEAD, institution), name="Informes").protocol_id,
                "verb": "enviar-a-firma",
                "code": "responder",
                "number": 1,
                "provider_id": make.provider(institution=institution).pk,
                "table": "access_posting",
                "row": desk.pk,
                "key": "unknown",
                "chapter": "atender",
                "image": "1-buscar",
            },
        )
    return found


def sign_in(role: Role, place: Place) -> tuple[Client, Posting]:
    """Somebody of Monte Patria (or above it) with a ground to read its person, if her role can have one."""
    account = Account.objects.create(username=f"matriz.{role}.{uuid4().hex[:6]}", given_names="Ana", surnames="Prueba")
    posting = make.posting(role, account=account)
    if Permission.SCREENING_SUMMARY in GRANTS[role]:
        actor = actor_in(posting)
        with acting(actor):
            open_purpose(
                place.person,
                by=actor,
                ground=ReadPurpose.Ground.WRITTEN_REASON,
                reason="Revisar su situación para la prueba",
            )
    client = Client()
    client.force_login(account)
    return client, posting


def _ask(client: Client, method: str, door: Door, place: Place) -> Any:
    arguments = {name: place.arguments[name] for name in door.parameters}
    address = reverse(door.name, kwargs=arguments)
    return client.get(address) if method == "GET" else client.post(address, {})


def shown_by(answer: Any) -> str:
    """What it says; a file or an image need not be text."""
    return str(answer.content.decode(errors="replace"))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_the_doors_of_the_table_in_its_own_institution(places: dict[int, Place], role: Role) -> None:
    home = places[make.MONTE_PATRIA]
    client, _ = sign_in(role, home)
    for door in pages():
        for method in ("GET", "POST"):
            answer = _ask(client, method, door, home)
            where = (role, method, door.name, answer.status_code)
            if method == "GET" and answer.status_code == 405:
                continue
            if door.view.permission not in GRANTS[role]:
                assert answer.status_code == 403, where
            else:
                assert answer.status_code in {200, 302, 422}, where
            if role in SEE_NO_PERSON:
                given_away = home.of_people[1:] if door.name in NAMES_WHO_WAS_READ else home.of_people
                assert not [text for text in given_away if text in shown_by(answer)], where


@pytest.mark.parametrize("role", list(Role))
def test_nobody_reaches_or_sees_what_is_of_another_institution(places: dict[int, Place], role: Role) -> None:
    home, foreign = places[make.MONTE_PATRIA], places[make.COMBARBALA]
    client, _ = sign_in(role, home)
    for door in pages():
        for method in ("GET", "POST"):
            answer = _ask(client, method, door, foreign)
            where = (role, method, door.name, answer.status_code)
            if {*door.parameters} - OF_NO_INSTITUTION:
                expected = {404} if door.view.permission in GRANTS[role] else {403}
                assert answer.status_code in expected | ({405} if method == "GET" else set()), where
            assert not [text for text in foreign.of_people if text in shown_by(answer)], where


@pytest.mark.parametrize("role", [role for role in Role if Permission.PERSON_SEARCH in GRANTS[role]])
def test_a_search_gives_no_sign_of_another_institutions_people(places: dict[int, Place], role: Role) -> None:
    home, foreign = places[make.MONTE_PATRIA], places[make.COMBARBALA]
    client, _ = sign_in(role, home)
    for text in (foreign.person.run or "", foreign.person.given_names, "Domitila Ficticia"):
        whole = client.post(reverse("desk:search"), {"q": text}, follow=True)
        options = client.post(reverse("desk:search_options"), {"q": text})
        assert str(foreign.person.pk) not in whole.content.decode() + options.content.decode()
    found = client.post(reverse("desk:search_options"), {"q": home.person.run or ""})
    assert home.person.given_names in found.content.decode()


def test_without_a_session_every_page_asks_to_sign_in(places: dict[int, Place]) -> None:
    home = places[make.MONTE_PATRIA]
    for door in pages():
        seen = _ask(Client(), "GET", door, home)
        if seen.status_code != 405:
            assert seen.status_code == 302, door.name
            assert seen.headers["Location"].startswith(reverse("account_login")), door.name
        sent = _ask(Client(), "POST", door, home)
        assert sent.status_code == 401, door.name
        assert home.person.given_names not in sent.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_api_opens_with_a_token_as_the_table_says(places: dict[int, Place], role: Role) -> None:
    home, foreign = places[make.MONTE_PATRIA], places[make.COMBARBALA]
    _, posting = sign_in(role, home)
    bearer = {"authorization": f"Bearer {make.token(posting)}"}
    for method, path, permission in operations():
        for place in (home, foreign):
            address = "/api/v1" + path.format(**place.arguments)
            body = "" if method == "GET" else "{}"
            answer = Client().generic(method, address, body, content_type="application/json", headers=bearer)
            where = (role, method, path, answer.status_code)
            if permission not in GRANTS[role]:
                assert answer.status_code == 403, where
            elif place is foreign and "{" in path:
                assert answer.status_code in {404, 422}, where
            else:
                refused = {403} if path in OF_WHO_SENT_IT else set()
                assert answer.status_code in {200, 201, 409, 422} | refused, where
            assert not [text for text in foreign.of_people if text in shown_by(answer)], where
            if role in SEE_NO_PERSON:
                assert not [text for text in home.of_people if text in shown_by(answer)], where
