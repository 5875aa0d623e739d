"""Facts about secrets handed over: that one was kept and that it was read. Never the secret itself."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from store.events.fact import Fact
from store.ids import ProjectId


class SecretKept(Fact, frozen=True, kw_only=True):
    """A secret was handed over for a project; `secret_id` is the reference under which it can be read once."""

    TYPE: ClassVar[str] = "secret.kept"
    secret_id: str
    project_id: ProjectId
    name: str
    expires_on: dt.date


class SecretRevealed(Fact, frozen=True, kw_only=True):
    """The secret was read, by the envelope's actor; nobody can read it again."""

    TYPE: ClassVar[str] = "secret.revealed"
    secret_id: str
    project_id: ProjectId
