"""/docs: the OpenAPI document as a page that needs no network and no script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

router = APIRouter(include_in_schema=False)
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)
_CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_CSS = (Path(__file__).parent / "templates" / "handbook.css").read_text(encoding="utf-8")


@router.get("/docs")
def handbook(request: Request) -> HTMLResponse:
    """Every operation with its parameters, its body, its answers and a curl line."""
    document = request.app.openapi()
    page = _PAGES.get_template("handbook.html").render(
        info=document["info"], groups=groups_of(document), schemas=document["components"]["schemas"], pretty=_pretty
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _CSP})


@router.get("/docs/handbook.css")
def handbook_style() -> HTMLResponse:
    """The page's style."""
    return HTMLResponse(_CSS, media_type="text/css")


def groups_of(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Tag -> its operations in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            entry = {"method": method.upper(), "path": path, "curl": _curl(method, path, operation), **operation}
            groups.setdefault(operation["tags"][0], []).append(entry)
    return groups


def _curl(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = ["curl", f"-X {method.upper()}" if method != "get" else "", '-H "Authorization: Bearer $KEY"']
    if "requestBody" in operation:
        media = next(iter(operation["requestBody"]["content"]))
        key = '-H "Idempotency-Key: $(uuidgen)"' if media == "application/json" else ""
        parts += [key, f'-H "Content-Type: {media}"', "-d @body.json" if key else "--data-binary @body"]
    return " ".join(part for part in parts if part) + f" $LEEWAY{path}"


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def install(app: FastAPI) -> None:
    """Adds the page."""
    app.include_router(router)
