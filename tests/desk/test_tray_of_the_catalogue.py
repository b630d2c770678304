"""What of the catalogue comes into a tray: to whoever may act on it, with when, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of

from ventanilla.access.actors import Actor
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.entries.states import EntryState, SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.core import clock
from ventanilla.core.calendar import Standing
from ventanilla.desk.tray import days_of, tray_of
from ventanilla.desk.tray.items import Entry as Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Actor:
    with make.inside():
        pass
    return make.actor(Role.UAS_HEAD)


@pytest.fixture
def elsewhere() -> Actor:
    """The head of another unit."""
    return make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))


def lines(actor: Actor) -> list[Line]:
    """Those that lead to the catalogue."""
    with acting(actor):
        today = clock.today()
        whole = tray_of(actor, on=today, days=days_of(actor, on=today))
    return [line for line in whole.entries if line.item.url.startswith("/catalogo/")]


def titles(actor: Actor) -> list[str]:
    return [line.item.title for line in lines(actor)]


def test_a_draft_sent_to_review_is_for_who_publishes_and_comes_back_to_who_wrote_it(
    head: Actor, elsewhere: Actor
) -> None:
    worker = make.actor(Role.CASE_WORKER)
    with acting(worker):
        entry = make.written_entry(is_published=False)
        actions.submit_draft(entry, by=worker, version=1)
    assert titles(head) == ["Revisar antes de publicar: Vale de gas"]
    assert titles(elsewhere) == titles(worker) == []
    with acting(head):
        actions.return_draft(entry, by=head, reason="Falta el costo")
    (line,) = lines(worker)
    assert (line.item.title, line.item.detail) == ("Corregir: Vale de gas", "Falta el costo")
    assert titles(head) == []
    with acting(worker):
        actions.submit_draft(entry, by=worker, version=1)
    assert titles(worker) == []


def test_an_entry_is_to_be_looked_at_within_thirty_days_of_its_year(head: Actor, elsewhere: Actor) -> None:
    with acting(head):
        make.written_entry()
        later = make.written_entry("Leña")
        Entry.objects.exclude(pk=later.pk).update(revalidate_on=make.TODAY + timedelta(days=30))
    (line,) = lines(head)
    assert line.item.title == "Revisar que siga vigente: Vale de gas"
    assert line.term is not None
    assert line.term.standing is Standing.COMING
    assert titles(elsewhere) == titles(make.actor(Role.FRONT_DESK)) == []


def test_an_entry_whose_unit_was_disconnected_is_for_the_counterpart_today(head: Actor) -> None:
    with acting(head):
        make.written_entry()
    Unit.objects.filter(pk__in=[head.unit_id]).update(connected_until=make.YESTERDAY)
    (line,) = lines(make.actor(Role.COUNTERPART))
    assert line.item.detail == "Sin unidad vigente"
    assert line.item.due_on == make.TODAY


def test_a_suspension_whose_day_has_passed_is_late(head: Actor) -> None:
    with acting(head):
        entry = make.written_entry()
        actions.suspend_entry(entry, by=head, ground=SuspensionGround.NO_FUNDS, until=make.TODAY)
        assert titles(head) == []
        Entry.objects.update(suspended_until=make.YESTERDAY)
    (line,) = lines(head)
    assert line.item.title == "Terminó su suspensión: Vale de gas"
    assert line.is_late
    with acting(head):
        actions.resume_entry(entry, by=head)
    assert titles(head) == []


def test_the_counterpart_is_told_once_how_many_national_entries_nobody_completed(head: Actor) -> None:
    with make.inside():
        number = adopt_national_entries().added
    counterpart = make.actor(Role.COUNTERPART)
    told = [line.item for line in lines(counterpart)]
    assert [item.title for item in told] == [f"Completar {number} prestaciones nacionales"]
    assert titles(head) == [], "what nobody completed is for the counterpart, and only once"
    client = browser_of(make.posting(Role.COUNTERPART))
    assert client.get(told[0].url).content.decode().count("title cover") == number


def test_what_the_nation_withdrew_is_looked_at_once_by_who_completed_it(head: Actor) -> None:
    with make.inside():
        adopt_national_entries()
    with acting(head):
        entry = Entry.objects.get(national="suf")
        Entry.objects.filter(pk=entry.pk).update(
            unit=head.unit_id, state=EntryState.CLOSED, closed_on=make.TODAY, revalidate_on=make.TODAY
        )
        entry.refresh_from_db()
    withdrawn = [line.item for line in lines(head) if line.item.title.startswith("Retirada del catálogo nacional")]
    assert len(withdrawn) == 1
    with acting(head):
        actions.revalidate_entry(entry, by=head, version=entry.version)
        assert entry.state == EntryState.CLOSED
    assert not [title for title in titles(head) if title.startswith("Retirada")]


def test_the_page_asks_as_much_for_one_entry_as_for_twenty(
    head: Actor, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    worker = make.actor(Role.CASE_WORKER)

    def add(name: str) -> None:
        with acting(head):
            make.written_entry(f"Vale {name}")
            gone = make.written_entry(f"Leña {name}")
            actions.suspend_entry(gone, by=head, ground=SuspensionGround.OTHER, until=make.TODAY)
        with acting(worker):
            actions.submit_draft(make.written_entry(f"Pan {name}", is_published=False), by=worker, version=1)
        with acting(head):
            Entry.objects.filter(revalidate_on__isnull=False).update(revalidate_on=make.TODAY)
            Entry.objects.filter(suspended_until__isnull=False).update(suspended_until=make.YESTERDAY)

    add("uno")
    client = browser_of(make.posting(Role.UAS_HEAD))
    client.get("/")
    with CaptureQueriesContext(connection) as for_few:
        client.get("/")
    for number in range(7):
        add(str(number))
    with django_assert_max_num_queries(len(for_few)):
        shown = client.get("/").content.decode()
    assert shown.count("Revisar que siga vigente") == 16
