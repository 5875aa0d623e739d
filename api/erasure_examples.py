"""Examples of erasing, made of the shapes themselves. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api import erasure_shapes as shapes
from api.shapes import Shape

_PERSON_ID = "5f4f1f6a-7f4a-5c68-9a53-0c8f1a0b6a11"

ANSWERS: dict[str, dict[str, Shape | str]] = {
    "erase_person": {
        "201": shapes.Erasure(
            party_id=_PERSON_ID, erased_at=dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC), was_erased=False
        )
    },
}
REQUESTS: dict[str, Any] = {"erase_person": {"confirm": _PERSON_ID}}
