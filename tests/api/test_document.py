"""The account the API gives of itself: complete, true, and readable without a network."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from jsonschema_rs import validator_for

from api.document import operations
from api.errors import PROBLEM
from tests.api.office import Json, Office


@pytest.fixture(scope="module")
def document(office: Office) -> Json:
    answer = office.client.get("/openapi.json")
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def fits(document: Json, schema: Json, value: object) -> list[str]:
    """What in the value is not of the schema."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"], **schema}
    return [error.message for error in validator_for(whole).iter_errors(value)]


def test_it_is_openapi_31_with_a_key_for_every_operation_but_the_open_ones(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    keyless = {operation["operationId"] for operation in operations(document) if not operation.get("security")}
    assert keyless == {"healthz", "readyz", "metrics"}


def test_every_operation_has_examples_that_are_of_its_form(document: Json) -> None:
    for operation in operations(document):
        name = operation["operationId"]
        assert operation["summary"], name
        assert operation["description"], name
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for answer in [*bodies, *operation["responses"].values()]:
            for media in answer["content"].values():
                assert fits(document, media["schema"], media["example"]) == [], name


def test_every_error_is_a_problem_with_its_own_status(document: Json) -> None:
    for operation in operations(document):
        errors = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert errors
        for status, answer in errors.items():
            assert list(answer["content"]) == [PROBLEM]
            assert answer["content"][PROBLEM]["example"]["status"] == int(status)
            assert answer["content"][PROBLEM]["example"]["remedy"]


def test_every_fact_that_can_be_recorded_has_its_form(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert len(schemas["EventIn"]["oneOf"]) > 40
    good: Json = {"type": "task.due_moved.v1", "payload": {"task_id": "x", "project_id": "y", "due_on": None}}
    where = {"$ref": "#/components/schemas/EventIn"}
    assert fits(document, where, good) == []
    assert fits(document, where, {**good, "type": "task.created.v1"})
    assert fits(document, where, {**good, "payload": {**good["payload"], "colour": "red"}})
    assert not re.findall(r"HTTPValidationError|ValidationError", str(document))


@pytest.mark.parametrize("path", ["/docs", "/docs/handbook.css"])
def test_the_handbook_needs_no_network_and_no_script(office: Office, path: str) -> None:
    answer = office.client.get(path)
    assert answer.status_code == 200
    assert not re.findall(r"https?://|src=|@import|url\(|<script|//cdn", answer.text)


def test_the_handbook_shows_every_operation(office: Office, document: Json) -> None:
    page = office.client.get("/docs")
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    links: list[Any] = re.findall(r'href="([^"]+)"', page.text)
    assert all(link.startswith(("/", "#")) for link in links)
    for path in document["paths"]:
        assert path in page.text
    said = html.unescape(page.text)
    for operation in operations(document):
        assert operation["summary"] in said
