"""Processes that hold one thing and are asked about parts of it, and a place where finished parts are kept.

The answers come in the order of the questions, so that many processes say what one would say.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Generic, TypeVar

import settings

Held = TypeVar("Held")
Answer = TypeVar("Answer")
Part = TypeVar("Part")
FEW = 16
"""So few parts are done sooner than other processes are under way."""
ROOMS = ("agents", "evals", "intake", "plan", "risk", "store")
_held: list[Any] = []


class Workers(Generic[Held]):
    """One job: this process itself. More: processes that are started when first asked and each hold their own copy."""

    def __init__(self, held: Held, jobs: int = 1) -> None:
        self.held = held
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def ask(self, ask: Callable[[Held, Part], Answer], parts: Sequence[Part]) -> Iterator[tuple[Part, Answer]]:
        """Each part with its answer, in the order given. `ask` must be found by its name in another process."""
        if self._jobs == 1 or (len(parts) <= FEW and self._pool is None):
            yield from ((part, ask(self.held, part)) for part in parts)
            return
        if self._pool is None:
            # A fork would copy locks that another thread holds; what is held travels once to each process.
            self._pool = ProcessPoolExecutor(self._jobs, get_context("spawn"), _open, (self.held,))
        yield from zip(parts, self._pool.map(_Asked(ask), parts), strict=True)

    def close(self) -> None:
        """Ends the processes; what was not begun is not done."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def workers(held: Held, jobs: int = 1) -> Iterator[Workers[Held]]:
    """Workers that are gone afterwards."""
    made = Workers(held, jobs)
    try:
        yield made
    finally:
        made.close()


class _Asked:
    """A question that finds what its process holds."""

    def __init__(self, ask: Callable[[Any, Any], Any]) -> None:
        self._ask = ask

    def __call__(self, part: object) -> Any:
        return self._ask(_held[0], part)


def _open(held: object) -> None:
    settings.quiet_agents()
    _held[:] = [held]


class Kept:
    """Finished parts as files under a name that stands for data, code and question; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        """A part that was finished before, if it was."""
        path = self._folder / name if self._folder else None
        return path.read_bytes() if path and path.is_file() else None

    def put(self, name: str, body: bytes) -> None:
        """Keeps a part: whole, or not at all."""
        if self._folder:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            beside.write_bytes(body)
            beside.replace(path)

    def clear(self) -> None:
        """Forgets every part, and those of other runs beside them."""
        if self._folder:
            shutil.rmtree(self._folder.parent, ignore_errors=True)


def code_fingerprint() -> str:
    """SHA-256 over the sources of the rooms a replay runs through: another rule must not find old answers."""
    root, digest = Path(__file__).parents[2], hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
