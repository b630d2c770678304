"""The tray by API: what the page shows, from the same sources, with the same trace."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import make
from tests.intake.pending_work import leave

from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.django_db


def test_the_tray_is_the_same_by_api_and_the_look_is_logged() -> None:
    with make.inside():
        pass
    desk = make.posting(Role.FRONT_DESK)
    late = leave(actor_in(desk), until=make.TODAY - timedelta(days=7), given_names="Rosa")
    leave(actor_in(make.posting(Role.CASE_WORKER)), given_names="Luis")
    answer = Client().get("/api/v1/tray", headers={"authorization": f"Bearer {make.token(desk)}"})
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert item["title"] == "Recibir antecedentes para SUF: Certificado de residencia"
    assert item["detail"].startswith("Rosa")
    assert (item["group"], item["due_on"]) == ("late", late.due_on.isoformat() if late.due_on else "")
    assert item["days_left"] < 0
    assert item["url"] == f"/consultas/{late.consultation_id}/"
    assert item["person_id"] == str(late.consultation.person_id)
    assert answer.json()["is_whole"] is True
    with make.inside():
        entry = ReadEntry.objects.get(note="bandeja")
    assert entry.people == [late.consultation.person_id]


def test_whoever_sees_no_consultation_has_no_tray_by_api() -> None:
    answer = Client().get("/api/v1/tray", headers={"authorization": f"Bearer {make.token(make.posting(Role.DIDECO))}"})
    assert answer.status_code == 403
