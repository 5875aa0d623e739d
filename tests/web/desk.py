"""A console over small tenants, and a visitor who fills in forms as a browser without JavaScript would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from store.access import Role
from store.events import CustomerRegistered, Fact, ProjectCreated, ProjectStageChanged, TaskCreated, TaskStatusChanged
from store.ground import Ground
from store.ids import CustomerId, PartyId, ProjectId, TaskId
from tests.api.office import Office, opened
from web.app import mount
from web.options import ConsoleOptions

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}'


def application(ground: Ground, options: ConsoleOptions) -> FastAPI:
    """The API with the console in it, as the roof builds it."""
    app = create_app(ground)
    mount(app, ground, options)
    return app


def said(element: html.HtmlElement) -> str:
    """An element's words; hard spaces become plain ones."""
    return " ".join(" ".join(element.itertext()).split())


@dataclass
class Visit:
    """A page that somebody looks at."""

    client: TestClient
    answer: Any

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.answer.text)

    @property
    def text(self) -> str:
        """The page's words, white space made single."""
        return said(self.tree)

    def all(self, path: str) -> list[html.HtmlElement]:
        """The elements of an XPath."""
        return list(self.tree.xpath(path))

    def link(self, words: str) -> Visit:
        """Follows the first link with these words."""
        found = next(a for a in self.all("//a") if words in said(a))
        return visit(self.client, found.get("href").partition("#")[0])

    def submit(self, button: str, **fields: str) -> Visit:
        """Presses the first button with these words, with these fields filled in."""
        for form in self.tree.forms:
            for found in form.xpath(".//button"):
                if button in said(found):
                    values: dict[str, str | list[str]] = {}
                    for name, value in form.form_values():
                        values[name] = [*values.get(name, []), str(value)]
                    values |= fields
                    if found.get("name"):
                        values[found.get("name")] = found.get("value")
                    return post(self.client, form.get("action"), values)
        raise AssertionError(f"no button {button!r} on {self.answer.url}")

    def hidden(self, name: str) -> str:
        """A hidden field of the first form that has it."""
        return str(self.all(f"//input[@name='{name}']")[0].get("value"))


def visit(client: TestClient, path: str, *, status: int = 200) -> Visit:
    """A page; its status must be as said."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return Visit(client, answer)


def post(client: TestClient, path: str, fields: Mapping[str, str | list[str]], **headers: str) -> Visit:
    """A form sent, redirects followed."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Visit(client, client.post(path, data=fields, headers=sent))


def signed_in(app: FastAPI, office: Office, role: Role = "manager") -> TestClient:
    """A browser in which this role of the tenant has signed in."""
    client = TestClient(app, raise_server_exceptions=True)
    done = visit(client, "/sign-in").submit("Sign in", key=office.keys[role])
    assert done.answer.status_code == 200
    return client


def furnished(ground: Ground, slug: str, *, frozen_at: dt.datetime | None = None) -> Office:
    """A tenant with an alert, and a project whose every text is hostile."""
    office = opened(ground, TestClient(create_app(ground)), slug, frozen_at=frozen_at)
    office.tell(hostile(office))
    office.think()
    return office


def hostile(office: Office) -> list[Fact]:
    """A project on three tracks, one task of which waits."""
    project, customer = ProjectId(office.id("project", "P-3")), CustomerId(office.id("customer", "C-2"))
    owner = PartyId(office.id("person", "Same"))
    tasks = [
        TaskCreated(
            task_id=TaskId(office.id("task", f"H-{track}")),
            external_id=f"H-{track}",
            project_id=project,
            stage="setup",
            name=f"{track} {HOSTILE}",
            track=track,
            owner_id=owner,
            effort_hours=Decimal(8),
            planned_start_on=dt.date(2026, 8, 24),
            due_on=dt.date(2026, 9, 4),
            milestone="go_live" if track == "approval" else "",
        )
        for track in ("internal", "customer", "approval")
    ]
    return [
        CustomerRegistered(customer_id=customer, external_id="C-2", name=f"Customer {HOSTILE}"),
        ProjectCreated(
            project_id=project,
            external_id="P-3",
            name=f"Hostile {HOSTILE}",
            customer_id=customer,
            success_milestone=HOSTILE,
            baseline_go_live_on=dt.date(2026, 9, 11),
        ),
        ProjectStageChanged(project_id=project, stage="setup"),
        *tasks,
        TaskStatusChanged(task_id=tasks[1].task_id, project_id=project, status="waiting"),
    ]
