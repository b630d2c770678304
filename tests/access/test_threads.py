"""Requests answered at the same time in one process are each in their own institution, with its clock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import make

from ventanilla.access.models import Institution
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting, current_institution_id
from ventanilla.core.errors import TenancyError
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

TOWNS = (make.MONTE_PATRIA, make.COMBARBALA)


def test_two_threads_at_once_are_each_in_their_own_institution() -> None:
    Institution.objects.filter(pk=make.COMBARBALA).update(time_zone="Pacific/Easter")
    postings = {}
    for town in TOWNS:
        with make.inside(town):
            make.person(f"Vecina {town}")
            postings[town] = make.posting(institution=town)
    together = Barrier(len(TOWNS), timeout=30)

    def see(town: int) -> tuple[int, list[str], str]:
        try:
            with acting(actor_in(postings[town])):
                together.wait()
                seen = list(Person.objects.values_list("given_names", flat=True))
                together.wait()
                return current_institution_id(), seen, timezone.get_current_timezone_name()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(TOWNS)) as pool:
        found = list(pool.map(see, TOWNS))
    assert found == [
        (make.MONTE_PATRIA, [f"Vecina {make.MONTE_PATRIA}"], "America/Santiago"),
        (make.COMBARBALA, [f"Vecina {make.COMBARBALA}"], "Pacific/Easter"),
    ]


def test_a_thread_remembers_nothing_of_the_request_before() -> None:
    Institution.objects.filter(pk=make.COMBARBALA).update(time_zone="Pacific/Easter")
    posting = make.posting(Role.UNIT_HEAD, make.COMBARBALA)
    client = Client()
    client.force_login(posting.account)

    def ask() -> tuple[int, str]:
        try:
            return client.get("/").status_code, timezone.get_current_timezone_name()
        finally:
            connection.close()

    def look() -> int:
        return current_institution_id()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask).result() == (200, "America/Santiago")
        with pytest.raises(TenancyError):
            pool.submit(look).result()
