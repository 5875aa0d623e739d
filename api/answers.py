"""Shapes as bytes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from fastapi.responses import Response

from api.shapes import Shape

_ENCODER = msgspec.json.Encoder()


def answer(shape: Shape, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The shape as JSON, encoded straight: FastAPI's own way costs ten times as much on a page of alerts."""
    return Response(_ENCODER.encode(shape), status, headers, "application/json")
