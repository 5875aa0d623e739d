"""One call, one effect: a POST that carries an Idempotency-Key is answered once and repeated from memory."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.answers import answer
from api.deps import GroundDep, PrincipalDep
from api.shapes import Shape
from store.access import Principal
from store.errors import Conflict
from store.ground import Ground
from store.repeats import Repeats, StoredAnswer

WAIT_SECONDS = 5.0
PAUSE_SECONDS = 0.05

_KEY = Header(
    alias="Idempotency-Key",
    min_length=8,
    max_length=200,
    pattern="^[!-~]*$",
    description="Makes a repeat of this call harmless for 24 hours: the same key and body give the same answer.",
    examples=["0199a1de-7c1e-7d2f-a1b2-0123456789ab"],
)
NeededKey = Annotated[str, _KEY]
OptionalKey = Annotated[str | None, _KEY]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls what: the ground, the principal, and the address of the call."""

    ground: Ground
    principal: Principal
    path: str

    def scoped(self, key: str) -> str:
        """The caller's own key, which is not that of another caller who chose the same text."""
        return f"{self.principal.key_id}/{key}"

    def once(self, key: str | None, request: BaseModel, work: Callable[[str], Shape]) -> Response:
        """The answer of `work(key)`, done at most once per key; without a key, done under a new one.

        A repeat that comes while the first call still works waits for it. Raises `Invalid`
        ("key_reused") for the same key with another body or address, `Conflict` ("in_flight") when
        the first call takes longer than the wait.
        """
        if key is None:
            return answer(work(self.ground.clock.new_id()), 201)
        own = self.scoped(key)
        asked = hashlib.sha256(f"{self.path}\n{request.model_dump_json()}".encode()).digest()
        repeats = Repeats(self.ground.database, self.principal.tenant_id, self.ground.clock.now())
        stored = _begin(repeats, own, asked)
        if stored is not None:
            return Response(stored.body, stored.status, {"Idempotency-Replayed": "true"}, "application/json")
        try:
            given = answer(work(own), 201)
        except BaseException:
            repeats.forget(own)
            raise
        repeats.finish(own, StoredAnswer(given.status_code, bytes(given.body)))
        return given


async def caller_of(request: Request, ground: GroundDep, principal: PrincipalDep) -> Caller:
    """The caller of this request."""
    address = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return Caller(ground, principal, address)


CallerDep = Annotated[Caller, Depends(caller_of)]


def _begin(repeats: Repeats, key: str, asked: bytes) -> StoredAnswer | None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return repeats.begin(key, asked)
        except Conflict:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
