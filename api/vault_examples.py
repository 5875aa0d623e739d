"""Examples of the operations on one-time secrets. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.vault_shapes import SecretOut, SecretReference

_REF = "0199a1de-7c1e-7d2f-a1b2-0123456789ab"
_PROJECT_ID = "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"
_WORDS = "the words themselves"
_UNTIL = dt.datetime(2026, 9, 8, 12, 0, tzinfo=dt.UTC)

REQUESTS: dict[str, Any] = {
    "keep_secret": {"project_id": _PROJECT_ID, "name": "SFTP", "secret": _WORDS, "expires_in_hours": 24}
}
ANSWERS: dict[str, dict[str, Any]] = {
    "keep_secret": {"201": SecretReference(ref=_REF, project_id=_PROJECT_ID, name="SFTP", expires_at=_UNTIL)},
    "reveal_secret": {
        "201": SecretOut(ref=_REF, project_id=_PROJECT_ID, name="SFTP", expires_at=_UNTIL, secret=_WORDS)
    },
}
