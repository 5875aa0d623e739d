"""Lists: pages, filters, sorts, and what they say to bad ones."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence

import pytest

from store.events import Fact, ProjectCreated, ProjectStatusChanged
from store.ids import ProjectId
from tests.api.office import Office

NAMES = ["Anna", "Berta", "Cäsar", "Dora", "Emil", "Fritz", "Gustav"]


@pytest.fixture(scope="module")
def many(office: Office) -> Office:
    """The tenant with seven more projects."""
    facts: list[Fact] = []
    for name in NAMES:
        project_id = ProjectId(office.id("project", name))
        facts.append(ProjectCreated(project_id=project_id, external_id=name, name=f"List {name} 100%"))
        facts.append(ProjectStatusChanged(project_id=project_id, status="live" if name < "D" else "on_hold"))
    office.tell(facts)
    office.think()
    return office


def pages(office: Office, path: str) -> Sequence[str]:
    """The ids of all pages in order."""
    found: list[str] = []
    cursor = ""
    for _ in range(50):
        page = office.get(f"{path}{cursor}")
        found += [entry["id"] for entry in page["data"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("sort", ["risk", "go_live", "name", "margin", "stake"])
def test_pages_of_any_size_make_the_same_list(many: Office, sort: str) -> None:
    whole = pages(many, f"/v1/projects?limit=200&sort={sort}")
    assert len(whole) == len(set(whole)) >= len(NAMES) + 2
    for limit in (1, 2, 3):
        assert pages(many, f"/v1/projects?limit={limit}&sort={sort}") == whole


def test_names_sort_by_name(many: Office) -> None:
    found = many.get("/v1/projects?sort=name&q=List")["data"]
    assert [project["name"] for project in found] == [f"List {name} 100%" for name in NAMES]


def test_filters_narrow_the_list(many: Office) -> None:
    def names(query: str) -> list[str]:
        return sorted(project["external_ref"]["id"] for project in many.get(f"/v1/projects?{query}")["data"])

    assert names("status=live&q=list") == ["Anna", "Berta", "Cäsar"]
    assert len(names("status=live&status=on_hold&q=list")) == len(NAMES)
    assert names("external_id=Dora") == ["Dora"]
    assert many.get("/v1/projects?external_id=Dora")["data"][0]["external_ref"] == {"source": "test", "id": "Dora"}
    assert names(f"manager_id={many.id('person', 'Over')}") == ["P-1", "P-2"]
    assert len(names("q=100%25")) == len(NAMES)  # a per cent sign is a per cent sign
    assert names("q=L_st") == []
    assert names("q=nobody") == names("level=high") == names("manager_id=x") == []


def test_alerts_are_found_by_whom_and_what_they_name(office: Office) -> None:
    alert = office.alert()
    for query in (
        f"project_id={office.id('project', 'P-2')}",
        f"subject_id={office.id('person', 'Over')}",
        "agent=resource",
        f"kind={alert['kind']}",
        "state=open&state=done",
    ):
        assert [found["id"] for found in office.get(f"/v1/alerts?{query}")["data"]] == [alert["id"]], query
    for query in ("state=done", "agent=finance", "kind=x", "project_id=x", f"subject_id={office.id('person', 'Same')}"):
        assert office.get(f"/v1/alerts?{query}") == {"data": [], "next_cursor": None}


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/v1/projects?limit=0", "query.limit"),
        ("/v1/projects?limit=201", "query.limit"),
        ("/v1/projects?limit=ten", "query.limit"),
        ("/v1/projects?limit=" + "9" * 5000, "query.limit"),
        ("/v1/projects?sort=colour", "query.sort"),
        ("/v1/projects?status=gone", "query.status[0]"),
        ("/v1/projects?level=extreme", "query.level[0]"),
        ("/v1/projects?q=" + "x" * 201, "query.q"),
        ("/v1/alerts?state=open&state=shut", "query.state[1]"),
        ("/v1/events?after=-1", "query.after"),
        ("/v1/events?after=" + "9" * 30, "query.after"),
        ("/v1/projects?q=%00", "url"),
        ("/v1/projects/%00", "url"),
    ],
)
def test_a_bad_value_is_named_with_its_place(office: Office, path: str, where: str) -> None:
    answer = office.call("GET", path)
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text
    assert answer.json()["remedy"]


@pytest.mark.parametrize("path", ["/v1/projects?", "/v1/projects?sort=name&", "/v1/alerts?"])
@pytest.mark.parametrize(
    "bad",
    ["x", "%F0%9F", "AAAA", cursor(), cursor(1), cursor("x", "y", "z"), cursor(None, None, None), cursor("x", {}),
     cursor([1], 2, 3), cursor("1e999", "2", "3"), cursor("a\0", "b\0"), "9" * 4000, "%20", "é"],
)  # fmt: skip
def test_a_foreign_cursor_is_refused(office: Office, path: str, bad: str) -> None:
    answer = office.call("GET", f"{path}cursor={bad}")
    # A forged one that is of the right form may point anywhere in the caller's own list.
    assert (answer.status_code, answer.json().get("code")) in {(422, "bad_cursor"), (200, None)}


@pytest.mark.parametrize("bad", ["x", "-1", "1.5", "²", "9" * 12])
def test_a_foreign_cursor_of_events_is_refused(office: Office, bad: str) -> None:
    project = office.id("project", "P-1")
    for path in (f"/v1/projects/{project}/events", f"/v1/projects/{project}/risk/history", "/v1/events"):
        answer = office.call("GET", f"{path}?cursor={bad}")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), path


def test_a_projects_events_come_in_pages_and_in_order(office: Office) -> None:
    project = office.id("project", "P-1")
    whole = pages(office, f"/v1/projects/{project}/events?limit=200")
    assert pages(office, f"/v1/projects/{project}/events?limit=2") == whole
    assert len(whole) == len(set(whole)) == 6


def test_earlier_scores_are_kept_newest_first(new_office: Callable[[], Office]) -> None:
    office = new_office()
    project = office.id("project", "P-1")
    office.tell([ProjectStatusChanged(project_id=ProjectId(project), status="active")])
    office.think()
    history = office.get(f"/v1/projects/{project}/risk/history")
    now = office.get(f"/v1/projects/{project}/risk")
    assert len(history["data"]) >= 1
    assert history["data"][0]["features"] == now["features"]
    assert office.get(f"/v1/projects/{project}/risk/history?limit=1")["data"] == history["data"][:1]
