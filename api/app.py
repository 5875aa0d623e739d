"""The machine's door as one FastAPI application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from api import document, errors, handbook
from api.limits import BodyLimit, KnownHosts, Pace
from api.routes import (
    alerts,
    baselines,
    capacity,
    cards,
    engagements,
    events,
    metrics,
    people,
    playbooks,
    project_playbooks,
    projects,
    risk,
    summaries,
    system,
    vault,
)
from api.scope import scoped
from api.watching import Watch
from store.ground import Ground

ROUTERS = (
    projects.router,
    baselines.router,
    engagements.router,
    project_playbooks.router,
    risk.router,
    capacity.router,
    metrics.router,
    summaries.router,
    people.router,
    playbooks.router,
    cards.router,
    alerts.router,
    events.router,
    vault.router,
    system.router,
)
CALLS_PER_MINUTE = 60_000
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")

ABOUT = """Risk scores, alerts and their proposals, and the log they rest on.

Every read takes `as_of`; every number of an alert can be recomputed with `GET /v1/alerts/{id}/check`.
Errors are RFC 9457 problem details with a stable `code` and a remedy.
"""


class Api(FastAPI):
    """FastAPI with our own account of itself."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document.completed(super().openapi())
        return self.openapi_schema


def _name(route: APIRoute) -> str:
    return route.name


def create_app(
    ground: Ground, *, hosts: Sequence[str] = LOCAL_HOSTS, calls_per_minute: int = CALLS_PER_MINUTE
) -> FastAPI:
    """The API over one ground floor. `hosts` are the names it answers to; `calls_per_minute` is each key's limit."""
    app = Api(
        title="Leeway", version="1", description=ABOUT, docs_url=None, redoc_url=None, generate_unique_id_function=_name
    )
    app.state.ground = ground
    for router in ROUTERS:
        app.include_router(router, dependencies=[] if router is system.router else [Depends(scoped)])
    handbook.install(app)
    errors.install(app, [route for router in ROUTERS for route in router.routes])
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(Pace, per_minute=calls_per_minute)
    app.add_middleware(KnownHosts, hosts=hosts)
    app.add_middleware(Watch, new_id=ground.clock.new_id)
    return app
