"""The one clock and the one maker of new ids: the shells hold it, pure code is given instants."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """What a shell needs of the outside world's time and chance."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    def new_id(self) -> str:
        """A UUIDv7 for what a person or a client creates."""
        ...


class SystemClock:
    """The wall clock; ids are UUIDv7 (RFC 9562) from it and the operating system's randomness."""

    def now(self) -> datetime:
        """The present instant, in UTC, to the microsecond."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """48 bits of milliseconds, version and variant, 74 random bits."""
        milliseconds = time.time_ns() // 1_000_000
        random = int.from_bytes(os.urandom(10), "big")
        value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
        value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
        value |= 0x2 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
        return str(UUID(int=value))


class FixedClock:
    """A clock for tests and replays: stands still until told, and counts its ids."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._count = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Moves the clock."""
        self._at += by

    def new_id(self) -> str:
        """Version 7 ids in order, the same in every run."""
        with self._lock:
            self._count += 1
            milliseconds = int(self._at.timestamp() * 1000)
            return str(UUID(int=(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0x2 << 62 | self._count))
