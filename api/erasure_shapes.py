"""What the API answers about erasures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta

from api.shapes import Shape


class Erasure(Shape, frozen=True, kw_only=True):
    """Whose key is destroyed. Nobody can read what it guarded, as of any moment."""

    party_id: str
    erased_at: dt.datetime
    was_erased: Annotated[bool, Meta(description="The key was gone before this call")]
