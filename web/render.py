"""Templates, filled in: everything that comes from outside is escaped."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import words
from web.visitors import new_token, options_of

HERE = Path(__file__).parent
STATIC = HERE / "static"


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The one environment; an unknown name is an error, not an empty text."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in (
        "amount", "count", "day", "days", "listed", "long_day", "moment", "money", "number_label", "plain", "relative",
        "share", "signed",
    ):  # fmt: skip
        environment.filters[name] = getattr(words, name)
    environment.globals["asset"] = asset
    environment.globals["words"] = words
    return environment


@lru_cache(maxsize=32)
def asset(name: str) -> str:
    """The address of a file of ours, different when its content is."""
    path = STATIC / name
    stamp = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "none"
    return f"/static/{name}?v={stamp}"


def has_file(name: str) -> bool:
    """Whether a file that is fetched at install is there."""
    return (STATIC / name).is_file()


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page, with what its frame needs: the visitor, a token for its forms, the place in the navigation."""
    frame = {
        "visitor": getattr(request.state, "visitor", None),
        "form_token": new_token(request),
        "is_open": options_of(request).open_tenant_slug is not None,
        "has_htmx": has_file("vendor/htmx.min.js"),
        "path": request.url.path,
        "here": "",
    }
    return HTMLResponse(templates().get_template(name).render(frame | context), status_code=status)


def address(path: str, **query: object) -> str:
    """A path with those parts of the query that say something."""
    said: dict[str, Any] = {name: value for name, value in query.items() if value not in {None, "", ()}}
    return f"{path}?{urlencode(said, doseq=True)}" if said else path
