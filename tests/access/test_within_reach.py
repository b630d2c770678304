"""Which rows a right reaches: the institution's, one unit's, or none."""

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.tenancy import within_reach

pytestmark = pytest.mark.django_db


def test_a_right_reaches_its_institution_its_unit_or_nothing() -> None:
    uas, counterpart = make.posting(Role.UAS_HEAD), make.posting(Role.COUNTERPART)
    rsh = make.posting(in_unit=make.unit(code="rsh", functions=("rsh",)))
    make.posting(institution=make.COMBARBALA)

    def reached(role: Role, *, unit: bool = True) -> set[Posting]:
        by = Actor(role, make.MONTE_PATRIA, unit_id=uas.unit_id if unit else None)
        return set(Posting.objects.filter(within_reach(by, Permission.OPERATOR_REGISTER)))

    assert reached(Role.COUNTERPART) == {uas, counterpart, rsh}
    assert reached(Role.UAS_HEAD) == {uas}
    assert reached(Role.UAS_HEAD, unit=False) == set()
    assert reached(Role.FRONT_DESK) == set()
