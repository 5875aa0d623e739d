"""One call, one effect: a POST that carries an Idempotency-Key is answered once and repeated from memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import Header
from fastapi.responses import Response
from pydantic import BaseModel

from store.access import Principal
from store.errors import Invalid
from store.ground import Ground
from store.repeats import Repeats, StoredAnswer

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Makes a repeat of this call harmless for 24 hours: the same key and body give the same answer.",
    ),
]


def once(
    ground: Ground, principal: Principal, key: str | None, request: BaseModel, work: Callable[[str], BaseModel]
) -> Response:
    """The answer of `work(key)`, done at most once per key; without a key, done under a new one.

    Raises `Invalid` ("key_reused") for the same key with another body, `Conflict` ("in_flight")
    while the first call still works.
    """
    if key is None:
        return _created(work(ground.clock.new_id()))
    asked = hashlib.sha256(f"{type(request).__name__}:{request.model_dump_json()}".encode()).digest()
    repeats = Repeats(ground.database, principal.tenant_id, ground.clock.now())
    stored = repeats.begin(f"{principal.key_id}/{key}", asked)
    if stored is not None:
        return Response(stored.body, stored.status, {"Idempotency-Replayed": "true"}, "application/json")
    try:
        answer = _created(work(key))
    except BaseException:
        repeats.forget(f"{principal.key_id}/{key}")
        raise
    repeats.finish(f"{principal.key_id}/{key}", StoredAnswer(answer.status_code, bytes(answer.body)))
    return answer


def required(key: str | None) -> str:
    """The key of a call that may not go without."""
    if key is None:
        raise Invalid("key_needed", "This call needs an Idempotency-Key.", remedy="Send any unique text as the header.")
    return key


def _created(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), 201, media_type="application/json")
