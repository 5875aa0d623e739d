"""How often the outside may be asked: so many calls a day, and a rest after it failed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

FAILURES_BEFORE_REST = 3
LONGEST_REST_SECONDS = 3_600.0


class Budget:
    """Counts one process's calls of a day in UTC. Safe to share between threads."""

    def __init__(self, calls_per_day: int, today: Callable[[], dt.date]) -> None:
        self._calls_per_day = calls_per_day
        self._today = today
        self._day: dt.date | None = None
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for today."""
        with self._lock:
            return self._today() == self._day and self._taken >= self._calls_per_day

    def take(self) -> bool:
        """Whether one more call may be made; it is counted at once, whatever comes of it."""
        with self._lock:
            today = self._today()
            if today != self._day:
                self._day, self._taken = today, 0
            if self._taken >= self._calls_per_day:
                return False
            self._taken += 1
            return True


class Rest:
    """Keeps away from an endpoint that is down, so that nobody waits for it again and again."""

    def __init__(self, seconds: float, elapsed: Callable[[], float]) -> None:
        self._seconds = seconds
        self._elapsed = elapsed
        self._failures = 0
        self._until = float("-inf")
        self._lock = threading.Lock()

    @property
    def is_resting(self) -> bool:
        """Whether to stay away for now."""
        with self._lock:
            return self._elapsed() < self._until

    def succeeded(self) -> None:
        """Forgets the failures so far."""
        with self._lock:
            self._failures = 0

    def failed(self, *, is_lasting: bool = False, after_seconds: float | None = None) -> None:
        """A few failures in a row, one that will not pass by itself, or a request to wait: rests, each time longer."""
        with self._lock:
            self._failures += 1
            if is_lasting or after_seconds is not None or self._failures >= FAILURES_BEFORE_REST:
                again = min(max(self._failures - FAILURES_BEFORE_REST, 0), 10)
                seconds = max(self._seconds * 2**again, after_seconds or 0.0)
                self._until = self._elapsed() + min(seconds, LONGEST_REST_SECONDS)
