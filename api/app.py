"""The machine's door as one FastAPI application."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import errors, handbook
from api.limits import BodyLimit
from api.routes import alerts, events, projects, risk, system
from store.ground import Ground

ROUTERS = (projects.router, risk.router, alerts.router, events.router, system.router)
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")

ABOUT = """Risk scores, alerts and their proposals, and the log they rest on.

Every read takes `as_of`; every number of an alert can be recomputed with `GET /v1/alerts/{id}/check`.
Errors are RFC 9457 problem details with a stable `code` and a remedy.
"""


def create_app(ground: Ground, *, hosts: Sequence[str] = LOCAL_HOSTS) -> FastAPI:
    """The API over one ground floor. `hosts` are the names it answers to."""
    app = FastAPI(title="Leeway", version="1", description=ABOUT, docs_url=None, redoc_url=None)
    app.state.ground = ground
    for router in ROUTERS:
        app.include_router(router)
    handbook.install(app)
    errors.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    return app
