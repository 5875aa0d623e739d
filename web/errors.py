"""Every error as a page: what failed, what is safe, what to do."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.errors import status_of
from store.errors import LeewayError
from web.render import address, page
from web.visitors import SignInNeeded

TITLES = {
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That does not work here",
    409: "Something changed meanwhile",
    412: "Something changed meanwhile",
    413: "That is too large",
    422: "That does not fit",
    500: "Something broke on our side",
    503: "Not available right now",
}
SAFE = {
    403: "Nothing was changed.",
    409: "Nothing was changed by this attempt.",
    412: "Nothing was changed by this attempt.",
    422: "Nothing was changed.",
    500: "What was saved before is safe; the error is in the log.",
    503: "What was saved is safe. This page will work again when the database answers.",
}

log = structlog.get_logger()


def show(request: Request, status: int, detail: str, remedy: str = "", code: str = "") -> Response:
    """The page of an error."""
    return page(
        request,
        "error.html",
        status=status,
        title=TITLES.get(status, "That did not work"),
        detail=detail,
        remedy=remedy,
        safe=SAFE.get(status, ""),
        code=code,
        number=status,
    )


def install(pages: FastAPI) -> None:
    """Registers the handlers."""

    @pages.exception_handler(SignInNeeded)
    def sign_in_needed(request: Request, _error: SignInNeeded) -> Response:
        back = str(request.url.path) if request.method == "GET" else "/"
        if request.method == "GET" and request.url.query:
            back = f"{back}?{request.url.query}"
        return RedirectResponse(address("/sign-in", back=None if back == "/" else back), status_code=303)

    @pages.exception_handler(LeewayError)
    def house_error(request: Request, error: LeewayError) -> Response:
        return show(request, status_of(error), error.detail, error.remedy, error.code)

    @pages.exception_handler(RequestValidationError)
    def bad_request(request: Request, error: RequestValidationError) -> Response:
        first = next(iter(error.errors()), {"loc": (), "msg": "it is malformed"})
        field = str(first["loc"][-1]) if first["loc"] else "The request"
        return show(request, 422, f"{field}: {first['msg']}.", "Go back and enter it in another form.")

    @pages.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return show(request, 404, "No page has this address.", "Start again from the portfolio.")
        return show(request, error.status_code, str(error.detail))

    @pages.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        log.error("unforeseen", path=request.url.path, exc_info=error)
        return show(request, 500, "The page could not be made.", "Try again; tell whoever runs this if it stays.")
