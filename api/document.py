"""The OpenAPI document completed: problems by their own media type, examples, and the form of every fact. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from api.errors import PROBLEM
from api.examples import ANSWERS, PROBLEMS, REQUESTS
from api.shapes import Shape
from plan.commands import OWN_IDS, RECORDABLE
from store.events import Fact

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"
_HEADERS: dict[str, Json] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string", "const": "Bearer"}}},
    "429": {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
    "503": {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
}


def completed(document: Json) -> Json:
    """The document that FastAPI made, with what it cannot know."""
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                _as_problem(answer, status)
        name = operation["operationId"]
        if name in REQUESTS:
            operation["requestBody"]["content"]["application/json"]["example"] = REQUESTS[name]
        for status, example in ANSWERS[name].items():
            _answered(operation["responses"][status], example)
    schemas = document["components"]["schemas"]
    schemas.update(facts())
    schemas.update(answers())
    schemas["EventIn"] = _event_in(schemas["EventIn"])
    return document


def operations(document: Json) -> Iterator[Json]:
    """Every operation of the document."""
    return (operation for methods in document["paths"].values() for operation in methods.values())


def _as_problem(answer: Json, status: str) -> None:
    schema = {"$ref": _REF.format(name="Problem")}
    answer["content"] = {PROBLEM: {"schema": schema, "example": PROBLEMS[status]}}
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]


def _answered(answer: Json, example: Shape | str) -> None:
    for media in answer["content"].values():
        media["example"] = msgspec.to_builtins(example)
        if isinstance(example, Shape):
            media["schema"] = {"$ref": _REF.format(name=type(example).__name__)}


def answers() -> Json:
    """The form of everything that is answered, by its name."""
    shapes = {type(example) for by_status in ANSWERS.values() for example in by_status.values()} - {str}
    _, schemas = msgspec.json.schema_components(sorted(shapes, key=lambda shape: shape.__name__), ref_template=_REF)
    return schemas


def facts() -> Json:
    """The form of each fact's payload, by the name of its type."""
    _, schemas = msgspec.json.schema_components(RECORDABLE, ref_template=_REF)
    for fact_type in RECORDABLE:
        schema = schemas[fact_type.__name__]
        made = {OWN_IDS.get(fact_type), "external_id"}
        schema["required"] = [name for name in schema.get("required", []) if name not in made]
        schema["additionalProperties"] = False
        schema["title"] = wire_name(fact_type)
        for name, field in schema["properties"].items():
            _narrowed(name, field)
    return schemas


def wire_name(fact_type: type[Fact]) -> str:
    """What outside parties call the fact, for example `task.created.v1`."""
    return f"{fact_type.TYPE}.v{fact_type.VERSION}"


def _narrowed(name: str, field: Json) -> None:
    is_id = name.endswith("_id") and name != "external_id"
    for schema in (field, *field.get("anyOf", []), *field.get("prefixItems", []), field.get("items", {})):
        if not isinstance(schema, dict) or schema.get("type") != "string":
            continue
        if is_id:
            schema["format"] = "uuid"
        if schema.get("format") == "decimal":
            schema["type"] = ["string", "number"]


def _event_in(general: Json) -> Json:
    forms = []
    for fact_type in RECORDABLE:
        name = wire_name(fact_type)
        payload = {"$ref": _REF.format(name=fact_type.__name__)}
        own = {"type": {"type": "string", "const": name}, "payload": payload}
        forms.append({**general, "title": name, "properties": {**general["properties"], **own}})
    return {"description": general["description"], "oneOf": forms}
