"""Every error of the house as RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from store.errors import Conflict, Invalid, LeewayError, NotFound, Refused, Unavailable

PROBLEM = "application/problem+json"
_STATUS: dict[type[LeewayError], int] = {Invalid: 422, NotFound: 404, Conflict: 409, Refused: 403, Unavailable: 503}
_BY_CODE = {"unauthenticated": 401, "stale_version": 412, "too_large": 413, "unsupported_media_type": 415}
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
    500: "Something broke here",
    503: "Not available now",
}

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


READING = _answers(401, 403, 422, 503)
MISSING = READING | _answers(404)
WRITING = MISSING | _answers(409, 412, 413)


def status_of(error: LeewayError) -> int:
    """The HTTP status of an error of the house."""
    return _BY_CODE.get(error.code) or next(s for kind, s in _STATUS.items() if isinstance(error, kind))


def problem_of(error: LeewayError) -> JSONResponse:
    """The answer to a request that met this error."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
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
) -> JSONResponse:
    """Problem details with our stable code."""
    body = Problem(
        type=f"urn:leeway:problem:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=detail,
        remedy=remedy,
        where=where,
        errors=errors or [],
    )
    content = (extra or {}) | body.model_dump(exclude_defaults=False)
    return JSONResponse(content, status_code=status, media_type=PROBLEM, headers=headers)


def install(app: FastAPI) -> None:
    """Registers the handlers."""

    @app.exception_handler(LeewayError)
    def house_error(_request: Request, error: LeewayError) -> Response:
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    def bad_request(_request: Request, error: RequestValidationError) -> Response:
        return _bad_request(error)

    @app.exception_handler(HTTPException)
    def http_error(_request: Request, error: HTTPException) -> Response:
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
        headers = dict(error.headers or {})
        return problem(error.status_code, code, str(error.detail), remedy="See /docs.", headers=headers)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        log.error("unforeseen", path=request.url.path, exc_info=error)
        return problem(500, "internal", "Something broke on our side; it is in the log.", remedy="Try again later.")


def _bad_request(error: RequestValidationError) -> JSONResponse:
    faults = [
        Fault(
            where=".".join(str(part) for part in entry["loc"]),
            detail=str(entry["msg"]),
            expected=str(entry.get("ctx", {}).get("expected", "")),
        )
        for entry in error.errors()
    ]
    first = faults[0] if faults else Fault(where="", detail="malformed")
    detail = f"{first.where}: {first.detail}."
    return problem(422, "invalid_request", detail, remedy="See /docs for the form.", where=first.where, errors=faults)
