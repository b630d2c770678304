"""The national reasons and each institution's own rows of them."""

import pytest
from django.db import IntegrityError, transaction
from tests import make

from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import IndexGroup, NationalReason, Reason
from ventanilla.catalogue.reasons.actions import adopt_national_reasons
from ventanilla.core.errors import TenancyError
from ventanilla.core.secrecy import Secrecy

pytestmark = pytest.mark.django_db


def test_every_index_group_has_a_national_reason() -> None:
    assert {reason.index_group for reason in NationalReason.objects.all()} == set(IndexGroup)


def test_violence_is_restricted_and_medicines_are_reserved() -> None:
    levels = dict(NationalReason.objects.values_list("code", "secrecy"))
    assert levels["violence"] == Secrecy.RESTRICTED
    assert levels["medicines"] == Secrecy.RESERVED
    assert levels["suf"] == Secrecy.ORDINARY


def test_an_institution_adopts_the_whole_list_once() -> None:
    actor = make.actor()
    with acting(actor):
        assert adopt_national_reasons() == NationalReason.objects.count()
        assert adopt_national_reasons() == 0
        adopted = {reason.national_id: reason for reason in Reason.objects.select_related("parent")}
    for national in NationalReason.objects.all():
        mine = adopted[national.pk]
        assert (mine.name, mine.secrecy, mine.index_group) == (national.name, national.secrecy, national.index_group)
        assert (mine.parent.national_id if mine.parent else None) == national.parent_id


def test_each_institution_has_rows_of_its_own() -> None:
    keys = []
    for institution in (make.MONTE_PATRIA, make.COMBARBALA):
        with make.inside(institution):
            keys.append({reason.pk for reason in Reason.objects.all()})
    assert keys[0].isdisjoint(keys[1])


def test_adopting_needs_an_institution() -> None:
    with pytest.raises(TenancyError):
        adopt_national_reasons()


def test_a_local_reason_hangs_from_a_national_one_and_has_its_own_name() -> None:
    with make.inside():
        food = make.reason("food")
        local = Reason(
            national=food.national, name="Caja de alimentos", is_local=True, parent=food,
            index_group=food.index_group, position=90,
        )  # fmt: skip
        local.save()
        with pytest.raises(IntegrityError, match="one_reason_per_name"), transaction.atomic():
            Reason.objects.create(national=food.national, name="SUF", is_local=True, index_group="suf", position=91)
        with pytest.raises(IntegrityError, match="one_adoption_per_reason"), transaction.atomic():
            Reason.objects.create(national=food.national, name="Otra", index_group="suf", position=92)


def test_a_retired_reason_is_no_longer_offered() -> None:
    with make.inside():
        Reason.objects.filter(pk=make.reason("sap").pk).update(retired_on=make.TODAY)
        names = [reason.name for reason in Reason.objects.in_use().in_order()]
    assert "SAP" not in names
    assert names[0] == "Ingreso RSH"
