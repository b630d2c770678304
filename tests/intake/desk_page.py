"""The page of an attention as a browser fills and sends it."""

import re

from django.test import Client
from tests import make

from ventanilla.access.models import Posting
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Person


def browser_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def start(client: Client, person: Person) -> str:
    address: str = client.post(f"/consultas/iniciar/{person.pk}/").headers["Location"]
    return address


def place_of(page: str, reason: str) -> str:
    """The prefix of the reason's fields, as its label has it on the page."""
    found = re.search(rf'name="(m-[0-9a-f-]+)-marked"[^>]*>{reason}<', page)
    assert found, reason
    return found[1]


def form(page: str, **outcomes: str) -> dict[str, str]:
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    data = {"version": version[1], "channel": "in_person", "requester": "self", "notes": "Vino con su hijo"}
    for reason, outcome in outcomes.items():
        prefix = place_of(page, reason)
        data |= {f"{prefix}-marked": "on", f"{prefix}-outcome": outcome}
    return data


def kept() -> Consultation:
    with make.inside():
        return Consultation.objects.select_related("person").get()
