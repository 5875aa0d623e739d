"""The person's door, hung into the application."""

from __future__ import annotations

import structlog
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from store.ground import Ground
from web import errors
from web.options import ConsoleOptions
from web.pages import (
    alert,
    capacity,
    event,
    inbox,
    metrics,
    playbooks,
    portfolio,
    project,
    sign_in,
    stage,
    start,
    summary,
)
from web.render import STATIC, has_file
from web.shield import Shield

MACHINES = ("/v1", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics")
PAGES = (
    portfolio.router,
    project.router,
    capacity.router,
    metrics.router,
    inbox.router,
    alert.router,
    summary.router,
    playbooks.router,
    start.router,
    stage.router,
    event.router,
    sign_in.router,
)

log = structlog.get_logger()


class _Console(Mount):
    """Everything that is not the machine's: there, a wrong method must stay a 405 and an error JSON."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Starlette's."""
        path = str(scope.get("path", ""))
        if any(path == known or path.startswith(f"{known}/") for known in MACHINES):
            return Match.NONE, {}
        return super().matches(scope)


def mount(app: FastAPI, ground: Ground, console: ConsoleOptions) -> None:
    """Adds the pages to an application whose other routes are there already."""
    pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages.state.ground, pages.state.console = ground, console
    for router in PAGES:
        pages.include_router(router)
    pages.mount("/static", StaticFiles(directory=STATIC, check_dir=False))
    errors.install(pages)
    pages.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    pages.add_middleware(Shield)
    app.router.routes.append(_Console("", app=pages, name="console"))
    if not has_file("vendor/htmx.min.js"):
        log.warning("htmx_missing", effect="pages work, less lively", remedy="run: sh setup.sh")
