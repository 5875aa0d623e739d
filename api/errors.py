"""Every error of the house as RFC 9457 problem details."""

from __future__ import annotations

import json
import traceback
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from store.errors import Conflict, Invalid, LeewayError, NotFound, Refused, Unavailable

PROBLEM = "application/problem+json"
_STATUS: dict[type[LeewayError], int] = {Invalid: 422, NotFound: 404, Conflict: 409, Refused: 403, Unavailable: 503}
_BY_CODE = {"unauthenticated": 401, "stale_version": 412, "unsupported_media_type": 415}
_TITLES = {
    400: "The request is malformed",
    401: "A key is needed",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    409: "The world moved on",
    412: "It changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "The input is not of the expected form",
    429: "Too many calls",
    500: "Something broke here",
    503: "Not available now",
}

_REMEDIES = {
    "missing": "Send it.",
    "extra_forbidden": "Leave it out, or mend its name.",
    "json_invalid": "Send JSON (RFC 8259) in UTF-8.",
    "too_long": "Split it over several calls.",
}
LONGEST_DETAIL = 2000
MOST_FAULTS = 20

log = structlog.get_logger()


class Fault(BaseModel):
    """One thing wrong with the input."""

    where: str = Field(description="Path of the field", examples=["body.verb"])
    detail: str
    expected: str = ""


class Problem(BaseModel):
    """RFC 9457 problem details with a stable code and a remedy."""

    type: str = Field(examples=["urn:leeway:problem:unknown_project"])
    title: str
    status: int
    code: str = Field(examples=["unknown_project"])
    detail: str
    remedy: str = ""
    where: str = ""
    errors: list[Fault] = []


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem, "description": _TITLES[status]} for status in statuses}


OPEN = _answers(400, 503)
READING = OPEN | _answers(401, 422, 429)
MISSING = READING | _answers(404)
WRITING = MISSING | _answers(403, 409, 412, 413, 415)


def status_of(error: LeewayError) -> int:
    """The HTTP status of an error of the house."""
    return _BY_CODE.get(error.code) or next(s for kind, s in _STATUS.items() if isinstance(error, kind))


def problem_of(error: LeewayError) -> Response:
    """The answer to a request that met this error."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "1"} if status == 503 else {}
    extra = jsonable_encoder(error.data)
    return problem(
        status, error.code, error.detail, remedy=error.remedy, where=error.where, extra=extra, headers=headers
    )


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    remedy: str = "",
    where: str = "",
    errors: list[Fault] | None = None,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Problem details with our stable code."""
    body = problem_body(status, code, detail, remedy=remedy, where=where, errors=errors)
    content = json.dumps((extra or {}) | body.model_dump(), ensure_ascii=False)
    # A caller's own half characters may be quoted in the detail.
    return Response(content.encode(errors="replace"), status, headers, PROBLEM)


def problem_body(
    status: int, code: str, detail: str, *, remedy: str = "", where: str = "", errors: list[Fault] | None = None
) -> Problem:
    """What such an answer says."""
    return Problem(
        type=f"urn:leeway:problem:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=detail[:LONGEST_DETAIL],
        remedy=remedy,
        where=where[:LONGEST_DETAIL],
        errors=errors or [],
    )


def install(app: FastAPI, routes: Sequence[BaseRoute] = ()) -> None:
    """Registers the handlers. `routes` are those whose methods a 405 names."""

    @app.exception_handler(LeewayError)
    def house_error(_request: Request, error: LeewayError) -> Response:
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    def bad_request(_request: Request, error: RequestValidationError) -> Response:
        return _bad_request(error)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        code, remedy = _HTTP.get(error.status_code, ("http_error", "See /docs."))
        detail = f"{error.detail}".rstrip(".") + "."
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _methods_of(routes, request.url.path) or headers.get("Allow", "")
        return problem(error.status_code, code, detail, remedy=remedy, headers=headers)

    @app.exception_handler(Exception)
    def unforeseen(_request: Request, error: Exception) -> Response:
        return broken(error)


_HTTP = {
    400: ("malformed_body", "Send JSON (RFC 8259) in UTF-8, not nested too deep, with numbers of 64 bits."),
    404: ("not_found", "See /docs for the addresses there are."),
    405: ("method_not_allowed", "See the Allow header, or /docs."),
}


def _methods_of(routes: Sequence[BaseRoute], path: str) -> str:
    """What the address takes, whichever of its routes the router came upon first."""
    found = [route for route in routes if isinstance(route, APIRoute) and route.path_regex.fullmatch(path)]
    return ", ".join(sorted({method for route in found for method in route.methods or ()}))


def broken(error: Exception, **circumstances: str) -> Response:
    """The answer where nobody foresaw what happened; the error itself goes to the log only."""
    # As plain text: renderers of exceptions print local variables, and keys are among them.
    log.error("unforeseen", error=repr(error), trace="".join(traceback.format_exception(error)), **circumstances)
    return problem(500, "internal", "Something broke on our side; it is in the log.", remedy="Try again later.")


def _bad_request(error: RequestValidationError) -> Response:
    entries = error.errors()
    faults = [
        Fault(
            where=place(entry["loc"]),
            detail=str(entry["msg"])[:LONGEST_DETAIL],
            expected=str(entry.get("ctx", {}).get("expected", "")),
        )
        for entry in entries[:MOST_FAULTS]
    ]
    first = faults[0] if faults else Fault(where="", detail="malformed")
    remedy = _REMEDIES.get(entries[0]["type"] if entries else "", "See /docs for the form.")
    detail = f"{first.where}: {first.detail}."
    return problem(422, "invalid_request", detail, remedy=remedy, where=first.where, errors=faults)


def place(parts: Sequence[str | int]) -> str:
    """Where in the request, for example `body.events[2].type`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)[1:][:LONGEST_DETAIL]


def within(error: LeewayError, part: str) -> LeewayError:
    """The same error with its place named from the request's own point of view."""
    error.where = f"{part}.{error.where}" if error.where else part
    return error
