"""The national layer: what was published never changes, and institutions follow it with what they completed."""

from datetime import date

import pytest
from tests import make
from tests.catalogue.national_files import AMENDED, BONUS, WITHDRAWN, publish_text

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.adopting import Adopted, adopt_national_entries
from ventanilla.catalogue.entries.amounts import amounts_on, legal_amounts
from ventanilla.catalogue.entries.copying import copy_entry
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import Entry, EntryReason, EntryVersion, LegalAmount, NationalEntry
from ventanilla.catalogue.national.publishing import Published, publish
from ventanilla.catalogue.national.reading import shipped
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken

pytestmark = pytest.mark.django_db
as_the_owner = pytest.mark.django_db(transaction=True)
SUF_AMOUNT = '[[amount]]\ncode = "suf"\nlabel = "Subsidio Familiar, al mes por causante"\nvalues = [{ %s }]'


def completed(by: Actor, code: str = "test_bonus") -> Entry:
    """The national entry with what the institution says of it: its unit, and a note."""
    entry = Entry.objects.get(national_id=code)
    details = EntryDetails(unit=make.unit_of(by), local_note="Traiga lápiz.", local_documents="Cartola")
    actions.change_draft(entry, details, by=by, version=0)
    actions.publish_draft(entry, by=by, starts_on=make.TODAY, version=1)
    return entry


def test_a_new_database_has_the_layer_and_its_reasons_suggest_it() -> None:
    assert NationalEntry.objects.count() == len(shipped().entries)
    with make.inside() as by:
        done = adopt_national_entries()
        assert done.added == len(shipped().entries)
        assert adopt_national_entries() == Adopted()
        assert len(versions_told(by, on=make.TODAY)) == done.added
        suggested = EntryReason.objects.filter(reason=make.reason("suf")).values_list("entry__national_id", flat=True)
        assert {"suf", "suf_double", "suf_maternal"} <= set(suggested)


def test_an_entry_tells_the_amount_of_its_day_and_whether_it_was_read_in_the_law() -> None:
    with make.inside():
        adopt_national_entries()
        double = EntryVersion.objects.get(entry__national_id="suf_double")
        [one] = amounts_on(double, date(2026, 1, 15), legal_amounts(date(2026, 1, 15)))
        assert (one.pesos, one.is_verified) == (44_014, True)
        [later] = amounts_on(double, date(2026, 11, 26), legal_amounts(date(2026, 11, 26)))
        assert (later.pesos, later.is_verified) == (44_014, False)
        pgu = EntryVersion.objects.in_force_on(date(2026, 11, 26)).get(entry__national_id="pgu")
        assert pgu.number == 2
        in_2027 = amounts_on(pgu, date(2027, 3, 1), legal_amounts(date(2027, 3, 1)))
        assert {amount.pesos for amount in in_2027} == {None}, "what is over is told as not known"


def test_a_local_entry_with_the_same_name_does_not_break_adoption() -> None:
    with make.inside() as by:
        for name in ("SUF", "Subsidio Familiar (SUF)", "suf nacional"):
            details = EntryDetails(name=name, plain="De aquí.", modality="money", unit=make.unit_of(by))
            actions.publish_draft(actions.write_entry(details, by=by), by=by, starts_on=make.TODAY, version=1)
        assert adopt_national_entries().added == len(shipped().entries)
        codes = Entry.objects.filter(national_id="suf").values_list("code", flat=True)
        assert list(codes) == ["suf-nacional-2"]


@as_the_owner
def test_publishing_what_ships_twice_changes_nothing() -> None:
    from django.db import connection

    from ventanilla.config.postgres.roles import as_owner

    with as_owner(connection.settings_dict["NAME"]):
        assert publish(shipped()) == Published()


@as_the_owner
def test_a_published_version_cannot_change_and_nothing_of_the_file_is_kept() -> None:
    assert publish_text(BONUS) == Published(entries=1, versions=1)
    changed = BONUS.replace("Un bono.", "Otra cosa.")
    with pytest.raises(RuleBroken, match="versión 1, ya está publicada y el archivo dice otra cosa en «plain»"):
        publish_text(BONUS.replace("test_bonus", "other_bonus"), changed)
    assert not NationalEntry.objects.filter(pk="other_bonus").exists()
    assert publish_text(changed, keep_published=True) == Published(), "a release does not undo what was published"


@as_the_owner
@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("number = 2", "number = 3", "la próxima versión es la 2"),
        ("2026-06-01", "2025-06-01", "no puede valer desde antes que la 1"),
    ],
)
def test_versions_come_in_order(written: str, instead: str, said: str) -> None:
    publish_text(BONUS)
    with pytest.raises(RuleBroken, match=said):
        publish_text(AMENDED.replace(written, instead))


@as_the_owner
def test_codes_that_nobody_has_are_refused() -> None:
    for written, instead in (
        ('function = "subsidies"', 'function = "magic"'),
        ('reasons = ["suf"]', 'reasons = ["magic"]'),
        ('legal = "suf"', 'legal = "magic"'),
        ("position = 900", 'position = 900\nreplaced_by = "magic"'),
    ):
        with pytest.raises(RuleBroken, match="con el código «magic»"):
            publish_text(BONUS.replace(written, instead))
    with pytest.raises(RuleBroken, match="es nueva: lleva «position»"):
        publish_text(AMENDED)


@as_the_owner
def test_an_amendment_is_a_new_version_in_each_institution_that_keeps_what_it_completed() -> None:
    publish_text(BONUS)
    by = {number: make.actor(Role.UAS_HEAD, number) for number in (make.MONTE_PATRIA, make.COMBARBALA)}
    for head in by.values():
        with acting(head):
            adopt_national_entries()
            completed(head)
    publish_text(AMENDED)
    for head in by.values():
        with acting(head):
            assert adopt_national_entries() == Adopted(followed=1)
            entry = Entry.objects.get(national_id="test_bonus")
            first, mine, now = EntryVersion.objects.filter(entry=entry).order_by("number")
            assert (first.plain, mine.plain, now.plain) == ("Un bono.", "Un bono.", "Un bono mayor.")
            assert (mine.local_note, now.local_note) == ("Traiga lápiz.", "Traiga lápiz.")
            assert (now.national_number, now.unit_id) == (2, head.unit_id)
            assert entry.revalidate_on == make.TODAY, "it asks to look at it again"


@as_the_owner
def test_a_withdrawn_entry_that_was_completed_is_closed_and_what_was_given_under_it_stays() -> None:
    publish_text(BONUS)
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        adopt_national_entries()
        version = EntryVersion.objects.filter(entry=completed(head)).latest("number")
        given = Delivery.objects.create(
            person=make.person(),
            label="Bono de prueba",
            version=version,
            delivered_on=make.TODAY,
            origin=Delivery.Origin.LOADED,
            recorded_at=clock.now(),
        )
    assert publish_text(WITHDRAWN) == Published(withdrawn=1)
    with acting(head):
        assert "Bono de prueba" not in [one.name for one in versions_told(head, on=make.TODAY)]
        assert adopt_national_entries() == Adopted(withdrawn=1)
        assert adopt_national_entries() == Adopted()
        entry = Entry.objects.get(national_id="test_bonus")
        assert (entry.state, entry.closed_on) == (EntryState.CLOSED, date(2026, 7, 1))
        assert entry.replaced_by is not None
        assert entry.replaced_by.national_id == "suf"
        given.refresh_from_db()
        assert given.version == version
        assert version.local_note == "Traiga lápiz."
        copied = copy_entry(entry, by=head, name="Bono municipal")
        assert copied.is_local
        actions.publish_draft(copied, by=head, starts_on=make.TODAY, version=1)
        told = next(one for one in versions_told(head, on=make.TODAY) if one.name == "Bono municipal")
        assert (told.plain, told.local_note) == ("Un bono.", "Traiga lápiz.")
    with pytest.raises(RuleBroken, match="ya está retirada"):
        publish_text(WITHDRAWN.replace("2026-07-01", "2026-08-01"))


@as_the_owner
def test_an_amount_that_was_not_verified_is_corrected_and_one_read_in_the_law_only_ends() -> None:
    correct = SUF_AMOUNT % 'pesos = 22_900, from = 2026-05-01, source = "Ley nueva, art. 1", verified = true'
    assert publish_text(correct) == Published(corrected=1)
    assert publish_text(correct) == Published()
    assert LegalAmount.objects.in_force_on(make.TODAY).get(code="suf").pesos == 22_900
    with pytest.raises(RuleBroken, match="no cambia, solo se le puede poner término"):
        publish_text(correct.replace("22_900", "23_000"))
    ending = correct.replace(", source", ", until = 2027-04-30, source")
    with pytest.raises(RuleBroken, match="todavía vale el 01-05-2027"):
        publish_text(SUF_AMOUNT % 'pesos = 24_000, from = 2027-05-01, source = "Ley"')
    following = ending.replace("}]", ', }, { pesos = 24_000, from = 2027-05-01, source = "Ley" }]').replace(
        " , }", " }"
    )
    assert publish_text(following) == Published(amounts=1, corrected=1)
