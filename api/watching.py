"""Every request is named, counted, timed and written down; what breaks is answered as a problem."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import broken

REQUESTS = Counter("leeway_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("leeway_http_request_seconds", "Time to the whole answer", ["method", "route"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")

log = structlog.get_logger()


class Watch:
    """Outermost: `X-Request-Id` is taken over or made, and comes back with the answer."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else self._new_id()
        status, start = 0, time.monotonic()

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception as error:  # noqa: BLE001 (nobody is above to answer it)
            answer = broken(error, path=scope["path"], request_id=request_id)
            if not status:
                await answer(scope, receive, tell)
        finally:
            _note(scope, status, time.monotonic() - start, request_id)


def _note(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    route = str(getattr(scope.get("route"), "path", "") or "unknown")
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)
    if route not in QUIET:
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            tenant=scope.get("state", {}).get("tenant"),
            request_id=request_id,
        )
