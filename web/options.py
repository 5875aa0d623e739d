"""How a console is set up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """What the roof decides about the pages.

    `open_tenant_slug`: whoever comes is that tenant's manager, without a key; only for a demo on the
    loopback address. `secret` signs sessions and form tokens: several processes need the same one.
    `check_seconds`: how often the worker looks for alerts, for the empty inbox to say.
    """

    open_tenant_slug: str | None = None
    actor_name: str = "Demo manager"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    session_hours: int = 12
    check_seconds: int = 5
