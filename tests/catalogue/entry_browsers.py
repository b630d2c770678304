"""What tests of the catalogue by its pages share: browsers, and a form as its page would send it."""

from datetime import date
from typing import Any

from django.test import Client

from ventanilla.access.models import Posting

GAS = "Vale de gas"


def browser_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What a page's form would send untouched."""
    form = client.get(address).context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    return {
        name: f"{value:%d-%m-%Y}" if isinstance(value, date) else value
        for name, value in sent.items()
        if value is not None and value is not False
    }
