"""What is refused before anything reads it: hosts that are not ours, callers in a hurry, bodies that are too large."""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections import OrderedDict
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

MOST_BYTES = 10 * 1024 * 1024
MOST_CALLERS = 10_000


class KnownHosts:
    """Answers only to its own names, so that no foreign page can talk to it under a name of its own; no NUL in URLs."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            host = re.sub(r":\d*$", "", Headers(scope=scope).get("host", "")).lower()
            if host not in self._hosts and "*" not in self._hosts:
                detail = "This server does not answer to that host name."
                remedy = "Use its own name; further ones are set with LEEWAY_HOSTS."
                await problem(400, "unknown_host", detail, remedy=remedy)(scope, receive, send)
                return
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                detail = "The address holds a NUL character."
                await problem(422, "unstorable_text", detail, remedy="Remove it.", where="url")(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Pace:
    """A bucket of calls per key, filled evenly. `per_minute` is also how many may come at once."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._most = per_minute
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        key = Headers(scope=scope).get("authorization") if scope["type"] == "http" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        left = self._take(hashlib.sha256(key.encode("latin-1")).digest())
        numbers = {
            "RateLimit-Limit": str(self._most),
            "RateLimit-Remaining": str(max(0, int(left))),
            "RateLimit-Reset": str(math.ceil((self._most - max(0.0, left)) * 60 / self._most)),
        }
        if left < 0:
            wait = str(math.ceil(-left * 60 / self._most))
            detail = f"This key has made more than {self._most} calls a minute."
            answer = problem(
                429, "too_many_calls", detail, remedy=f"Wait {wait} s.", headers={**numbers, "Retry-After": wait}
            )
            await answer(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(numbers)
            await send(message)

        await self._app(scope, receive, tell)

    def _take(self, key: bytes) -> float:
        """What is left after this call; below zero when it may not be made, and then nothing is taken."""
        now = time.monotonic()
        left, at = self._buckets.pop(key, (float(self._most), now))
        left = min(float(self._most), left + (now - at) * self._most / 60) - 1
        self._buckets[key] = (left if left >= 0 else left + 1, now)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return left


class BodyLimit:
    """Answers 413 as soon as a body is announced, or turns out, to be larger than the limit."""

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and (len(announced) > 18 or int(announced) > self._most_bytes):
            await self._refuse(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return  # the caller left half-way; half a body is no request
            body += message.get("body", b"")
            if len(body) > self._most_bytes:
                await self._refuse(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _replayed(bytes(body), receive), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._most_bytes // (1024 * 1024)
        answer = problem(
            413,
            "too_large",
            f"The body is larger than {limit} MB.",
            remedy="Split it; whole portfolios come in by `leeway import`.",
            headers={"Connection": "close"},
        )
        await answer(scope, receive, send)


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def read() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read
