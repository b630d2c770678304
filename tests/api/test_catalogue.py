"""Entries of the catalogue through the API: the same actions, with their versions and refusals."""

from datetime import timedelta
from typing import Any

import pytest
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access.models import Site
from ventanilla.access.permissions import Role
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.core.ids import new_id

ENTRIES = "/catalogue/entries"
RULE = {
    "subject": "person",
    "conditions": [{"kind": "age", "low": 60, "article": "Ordenanza 4, art. 2"}, {"kind": "residence"}],
}


@pytest.fixture
def head(db: None) -> Operator:
    """Of the UAS."""
    return make_operator(Role.UAS_HEAD)


def said(head: Operator, **other: Any) -> dict[str, Any]:
    return {
        "name": "Vale de gas",
        "plain": "Un vale para cambiar por un balón de gas.",
        "modality": "in_kind",
        "unit_id": str(head.posting.unit_id),
        "documents": ["Cédula de identidad"],
        "amounts": [{"label": "Por vale", "pesos": 25_000, "starts_on": "2026-01-01"}],
        "rule": RULE,
        **other,
    }


def written(call: Call, head: Operator, **other: Any) -> str:
    answer = call(head, "POST", ENTRIES, said(head, **other))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def published(call: Call, head: Operator, **other: Any) -> str:
    entry_id = written(call, head, **other)
    answer = call(head, "POST", f"{ENTRIES}/{entry_id}/publish", {})
    assert answer.status_code == 201, answer.content
    return entry_id


def test_an_entry_is_written_with_its_rule_and_published(call: Call, head: Operator, desk: Operator) -> None:
    answer = call(head, "POST", ENTRIES, said(head))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["draft_version"], made["code"]) == ("draft", 2, "vale-de-gas")
    draft = call(head, "GET", f"{ENTRIES}/{made['id']}/draft").json()
    assert draft["rule_in_words"] == ["Tener 60 años o más", "Vivir en la comuna"]
    assert draft["rule"]["conditions"][0]["article"] == "Ordenanza 4, art. 2"
    assert [one["field"] for one in draft["missing"] if one["stops"]] == []
    assert call(desk, "GET", ENTRIES).json()["items"] == []
    assert call(desk, "GET", f"{ENTRIES}/{made['id']}").status_code == 404
    out = call(head, "POST", f"{ENTRIES}/{made['id']}/publish", {"version": 2, "note": "La primera"})
    assert (out.status_code, out.json()["number"]) == (201, 1)
    assert out.headers["Location"].endswith(f"{made['id']}/versions/1")
    (row,) = call(desk, "GET", f"{ENTRIES}?q=gas").json()["items"]
    assert (row["name"], row["state"]) == ("Vale de gas", "published")
    shown = call(desk, "GET", f"{ENTRIES}/{made['id']}").json()
    assert shown["in_force"]["amounts"][0]["pesos"] == 25_000


def test_a_version_never_changes_and_the_next_stands_beside_it(call: Call, head: Operator) -> None:
    entry_id = published(call, head)
    draft = call(head, "GET", f"{ENTRIES}/{entry_id}/draft")
    assert draft.json()["version"] == 0
    changed = call(
        head, "PUT", f"{ENTRIES}/{entry_id}/draft", said(head, plain="Ahora de 11 kilos.", rule=None),
        **{"If-Match": draft.headers["ETag"]},
    )  # fmt: skip
    assert changed.status_code == 200, changed.content
    assert changed.json()["rule"]["conditions"], "without a rule, the one there was stays"
    tomorrow = (make.TODAY + timedelta(days=1)).isoformat()
    assert call(head, "POST", f"{ENTRIES}/{entry_id}/publish", {"starts_on": tomorrow}).status_code == 201
    versions = call(head, "GET", f"{ENTRIES}/{entry_id}/versions").json()["items"]
    assert [(one["number"], one["plain"]) for one in versions] == [
        (2, "Ahora de 11 kilos."),
        (1, "Un vale para cambiar por un balón de gas."),
    ]
    assert call(head, "GET", f"{ENTRIES}/{entry_id}").json()["in_force"]["number"] == 1
    assert call(head, "GET", f"{ENTRIES}/{entry_id}/versions/2").json()["starts_on"] == tomorrow
    refused(call(head, "GET", f"{ENTRIES}/{entry_id}/versions/3"), 404)


def test_who_writes_on_what_another_changed_is_told(call: Call, head: Operator) -> None:
    entry_id = written(call, head)
    path = f"{ENTRIES}/{entry_id}/draft"
    read = call(head, "GET", path).headers["ETag"]
    first = call(head, "PUT", path, said(head, plain="Una."), **{"If-Match": read})
    assert first.status_code == 200, first.content
    refused(call(head, "PUT", path, said(head, plain="Otra."), **{"If-Match": read}), 412)
    refused(call(head, "PUT", path, said(head, plain="Otra.", version=2)), 409)
    refused(call(head, "POST", f"{ENTRIES}/{entry_id}/publish", {"version": 2}), 409)
    assert call(head, "GET", path).json()["plain"] == "Una."
    refused(call(head, "DELETE", path, **{"If-Match": read}), 412)


def test_a_draft_that_nobody_keeps_yet_is_version_zero(call: Call, head: Operator) -> None:
    entry_id = published(call, head)
    path = f"{ENTRIES}/{entry_id}/draft"
    refused(call(head, "PUT", path, said(head, plain="Otra."), **{"If-Match": '"3"'}), 412)
    assert call(head, "PUT", path, said(head, plain="Otra."), **{"If-Match": '"0"'}).status_code == 200
    refused(call(head, "PUT", path, said(head, plain="Más."), **{"If-Match": '"0"'}), 412)


def test_what_breaks_a_rule_is_refused_at_its_field_and_leaves_nothing(call: Call, head: Operator) -> None:
    nobody = {"conditions": [{"kind": "age", "low": 60}, {"kind": "age", "high": 17}]}
    for body, field in (
        (said(head, amounts=[{"label": "Por vale", "pesos": 25_000}]), "amounts"),
        (said(head, closes_on="2026-01-01", opens_on="2026-02-01"), "closes_on"),
        (said(head, unit_id=str(new_id())), "unit_id"),
        (said(head, places=[{"site_id": str(new_id())}]), "places"),
        (said(head, name=""), "name"),
        (said(head, rule={"conditions": [{"kind": "luck"}]}), "rule.conditions.0.kind"),
    ):
        problem = refused(call(head, "POST", ENTRIES, body), 422)
        assert [one["field"] for one in problem["errors"]] == [field]
    assert "se excluyen" in refused(call(head, "POST", ENTRIES, said(head, rule=nobody)), 422)["detail"]
    with make.inside():
        assert not Entry.objects.exists()


def test_what_is_incomplete_is_not_published(call: Call, head: Operator) -> None:
    entry_id = written(call, head, plain="", rule=None)
    assert refused(call(head, "POST", f"{ENTRIES}/{entry_id}/publish", {}), 422)["errors"][0]["field"] == "plain"
    with make.inside():
        assert not EntryVersion.objects.exists()


def test_it_is_submitted_returned_and_discarded(call: Call, head: Operator, worker: Operator) -> None:
    entry_id = written(call, head)
    sent = call(worker, "POST", f"{ENTRIES}/{entry_id}/submit", {})
    assert sent.json()["state"] == "in_review"
    refused(call(worker, "POST", f"{ENTRIES}/{entry_id}/return", {"reason": "Falta"}), 403)
    back = call(head, "POST", f"{ENTRIES}/{entry_id}/return", {"reason": "Falta el horario"})
    assert back.json()["state"] == "draft"
    refused(call(head, "POST", f"{ENTRIES}/{entry_id}/return", {"reason": "Falta"}), 409)
    gone = call(head, "DELETE", f"{ENTRIES}/{entry_id}/draft")
    assert (gone.json()["state"], gone.json()["draft_version"]) == ("closed", 0)
    refused(call(head, "POST", f"{ENTRIES}/{entry_id}/submit", {}), 409)


def test_it_is_suspended_resumed_revalidated_and_closed(call: Call, head: Operator) -> None:
    entry_id = published(call, head)
    path = f"{ENTRIES}/{entry_id}"
    read = call(head, "GET", path).headers["ETag"]
    suspended = call(head, "POST", f"{path}/suspend", {"ground": "no_funds"}, **{"If-Match": read})
    assert suspended.json()["suspended_for"] == "no_funds"
    refused(call(head, "POST", f"{path}/resume", **{"If-Match": read}), 412)
    assert call(head, "POST", f"{path}/resume").json()["state"] == "published"
    refused(call(head, "POST", f"{path}/resume"), 409)
    with make.inside():
        Entry.objects.filter(pk=entry_id).update(revalidate_on=make.TODAY)
    version = call(head, "GET", path).json()["version"]
    refused(call(head, "POST", f"{path}/revalidate", {"version": version - 1}), 409)
    assert call(head, "POST", f"{path}/revalidate", {"version": version}).json()["version"] == version + 1
    other = published(call, head, name="Vale digital")
    refused(call(head, "POST", f"{path}/close", {"reason": "Cambió", "replaced_by": str(new_id())}), 422)
    closed = call(head, "POST", f"{path}/close", {"reason": "Cambió", "replaced_by": other})
    assert closed.json()["state"] == "closed"
    refused(call(head, "PUT", f"{path}/draft", said(head)), 409)


def test_sent_twice_it_is_one(call: Call, head: Operator) -> None:
    body = said(head, entry_id=str(new_id()))
    assert call(head, "POST", ENTRIES, body).status_code == 201
    assert call(head, "POST", ENTRIES, body).status_code == 200
    key = {"Idempotency-Key": "uno"}
    first = call(head, "POST", ENTRIES, said(head, name="Pañales"), **key)
    again = call(head, "POST", ENTRIES, said(head, name="Pañales"), **key)
    assert again.json() == first.json()


def test_it_says_where_it_is_asked_for(call: Call, head: Operator) -> None:
    site = Site.objects.create(
        institution_id=make.MONTE_PATRIA, name="Casa de la comunidad", address="Diaguitas 31", commune_id="04303"
    )
    entry_id = written(call, head, places=[{"site_id": str(site.pk), "hours": "mañanas"}])
    (place,) = call(head, "GET", f"{ENTRIES}/{entry_id}/draft").json()["places"]
    assert (place["address"], place["hours"]) == ("Diaguitas 31, Monte Patria", "mañanas")


def test_the_desk_reads_and_writes_nothing(call: Call, head: Operator, desk: Operator) -> None:
    entry_id = published(call, head)
    refused(call(desk, "POST", ENTRIES, said(head, name="Otro")), 403)
    for verb, body in (("publish", {}), ("suspend", {"ground": "other"}), ("close", {"reason": "No"})):
        refused(call(desk, "POST", f"{ENTRIES}/{entry_id}/{verb}", body), 403)


def test_a_head_of_another_unit_is_told_whose_it_is(call: Call, head: Operator) -> None:
    entry_id = published(call, head)
    elsewhere = make_operator(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    problem = refused(call(elsewhere, "PUT", f"{ENTRIES}/{entry_id}/draft", said(elsewhere)), 403)
    assert "otra unidad" in problem["detail"]


def test_from_another_institution_it_does_not_exist(call: Call, head: Operator) -> None:
    entry_id = published(call, head)
    foreigner = make_operator(Role.UAS_HEAD, make.COMBARBALA)
    assert call(foreigner, "GET", ENTRIES).json()["items"] == []
    for method, end, body in (
        ("GET", "", None),
        ("GET", "/versions", None),
        ("GET", "/versions/1", None),
        ("GET", "/draft", None),
        ("PUT", "/draft", said(head)),
        ("POST", "/publish", {}),
        ("POST", "/suspend", {"ground": "other"}),
        ("POST", "/close", {"reason": "No"}),
    ):
        refused(call(foreigner, method, f"{ENTRIES}/{entry_id}{end}", body), 404)


def test_a_reserved_one_is_seen_by_its_unit_only(call: Call, head: Operator, desk: Operator) -> None:
    entry_id = published(call, head, name="Casa de acogida", secrecy="reserved")
    refused(call(desk, "GET", f"{ENTRIES}/{entry_id}"), 404)
    assert call(head, "GET", f"{ENTRIES}/{entry_id}").status_code == 200


def test_the_list_asks_the_same_queries_however_long_it_is(
    call: Call, head: Operator, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    published(call, head)
    with django_assert_max_num_queries(30) as before:
        call(head, "GET", ENTRIES)
    with make.inside():
        for number in range(12):
            make.entry(f"Prestación {number}")
    with django_assert_num_queries(len(before.captured_queries)):
        assert len(call(head, "GET", ENTRIES).json()["items"]) == 13
