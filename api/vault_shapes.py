"""What the API answers about one-time secrets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta

from api.shapes import Shape


class SecretReference(Shape, frozen=True, kw_only=True):
    """Where the secret can be read, once. Safe to pass on: reading it takes a key that may write on the project."""

    ref: Annotated[str, Meta(examples=["0199a1de-7c1e-7d2f-a1b2-0123456789ab"])]
    project_id: str
    name: str
    expires_at: dt.datetime


class SecretOut(SecretReference, frozen=True, kw_only=True):
    """The secret itself, for the first who asks."""

    secret: str
