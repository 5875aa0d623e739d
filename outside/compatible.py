"""A language model behind an OpenAI-compatible endpoint. The only user of the SDK."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

import httpx2
import msgspec
import openai
import structlog

from outside.budget import Budget, Rest
from outside.dialects import MODES, Answer, Dialect, body_of, read_answer
from outside.model import MATERIAL_CHARACTERS, ModelReply, ModelRequest, Shape, value_of

LARGEST_ANSWER_BYTES = 1_000_000
TRIES = 2
LONGEST_PAUSE_SECONDS = 5.0
REST_SECONDS = 60.0
UNFIT = frozenset({400, 404, 405, 406, 415, 422, 501})
"""What an endpoint says to a form of question that it does not know."""
LASTING = frozenset({401, 402, 403})
NO_IDLE_CONNECTIONS = httpx2.Limits(max_keepalive_connections=0)
"""Questions are rare and answers slow: a new connection costs nothing beside them."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model answers. `seconds` bounds one question with all its tries."""

    url: str
    key: str
    model: str
    mode: str = "auto"
    seconds: float = 45.0


class Failed(Exception):
    """The endpoint gave nothing to read; `status` is 0 where there was no HTTP answer."""

    def __init__(self, reason: str, *, status: int = 0, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.after_seconds = after_seconds

    @property
    def is_passing(self) -> bool:
        """Whether another try soon may go better; a slow answer has used up its time."""
        return self.reason == "unreachable" or self.status == 429 or self.status >= 500


class _Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    is_ready: bool


PROBE = ModelRequest("probe", "You fill in forms.", "Are you ready?", _Probe)
"""Says nothing of the form it wants: only an endpoint that keeps to schemas can answer."""


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes a fifth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


class CompatibleModel:
    """Asks an endpoint. Retries, budget, deadline and repair are all here: the SDK's own retries are off."""

    def __init__(self, endpoint: Endpoint, budget: Budget, *, rest_seconds: float = REST_SECONDS) -> None:
        self._endpoint = endpoint
        self._budget = budget
        self._rest = Rest(rest_seconds, time.monotonic)
        self._dialect: Dialect | None = None
        self._probing = threading.Lock()
        # Neither proxies nor redirects: the key goes where the settings say, or nowhere.
        carrier = openai.DefaultHttpxClient(
            verify=_certificates(), trust_env=False, follow_redirects=False, limits=NO_IDLE_CONNECTIONS
        )
        self._client = openai.OpenAI(
            api_key=endpoint.key or "none", base_url=endpoint.url, max_retries=0, http_client=carrier
        )
        # The SDK would take these from the environment.
        self._client.organization = self._client.project = None

    @property
    def is_ready(self) -> bool:
        """Whether a question would be sent now: neither resting after failures nor out of calls for the day."""
        return not self._rest.is_resting and not self._budget.is_spent

    def close(self) -> None:
        """Lets the connections go."""
        self._client.close()

    def complete(self, request: ModelRequest[Shape]) -> ModelReply[Shape] | None:
        """The answer of the right shape, or None; the log says why."""
        started = time.monotonic()
        try:
            reply, reason = self._complete(request, started + self._endpoint.seconds)
        except Failed as error:
            self._rest.failed(is_lasting=error.status in LASTING, after_seconds=error.after_seconds)
            reply, reason = None, error.reason
        except Exception as error:  # noqa: BLE001 - whatever an endpoint sends, the caller has its own words
            self._rest.failed()
            reply, reason = None, f"broke: {type(error).__name__}"
        spent = round((time.monotonic() - started) * 1000)
        asked = {"purpose": request.purpose, "milliseconds": spent, "dialect": self._dialect}
        if reply is None:
            log.warning("model_gave_nothing", reason=reason, **asked)
        else:
            log.info("model_answered", tokens_in=reply.input_tokens, tokens_out=reply.output_tokens, **asked)
        return reply

    def _complete(self, request: ModelRequest[Shape], deadline: float) -> tuple[ModelReply[Shape] | None, str]:
        if len(request.material) > MATERIAL_CHARACTERS:
            return None, "too_long"
        if self._rest.is_resting:
            return None, "resting"
        dialect = self._dialect or self._probed(deadline)
        if dialect is None:
            self._rest.failed(is_lasting=True)
            return None, "no_dialect"
        return self._filled(dialect, request, deadline)

    def _probed(self, deadline: float) -> Dialect | None:
        """The strictest dialect in which the endpoint fills in a form. An outage says nothing about that."""
        with self._probing:
            for dialect in MODES[self._endpoint.mode] if self._dialect is None else ():
                try:
                    reply, _ = self._filled(dialect, PROBE, deadline)
                except Failed as error:
                    if error.status not in UNFIT:
                        raise
                    continue
                if reply is not None:
                    self._dialect = dialect
                    break
            return self._dialect

    def _filled(
        self, dialect: Dialect, request: ModelRequest[Shape], deadline: float
    ) -> tuple[ModelReply[Shape] | None, str]:
        """One turn, and one more for a text that does not fit."""
        repair: tuple[str, str] | None = None
        reason = ""
        for _ in range(2):
            answer = self._tried(dialect, body_of(dialect, self._endpoint.model, request, repair), deadline)
            self._rest.succeeded()
            if answer.fault:
                return None, answer.fault
            try:
                value = value_of(answer.text, request.shape)
            except ValueError as error:
                reason, repair = "unfit", (answer.text, str(error))
            else:
                name = answer.model or self._endpoint.model
                return ModelReply(value, name, answer.input_tokens, answer.output_tokens), ""
        return None, reason

    def _tried(self, dialect: Dialect, body: dict[str, Any], deadline: float) -> Answer:
        for left in range(TRIES - 1, -1, -1):
            if not self._budget.take():
                raise Failed("budget_spent")
            try:
                return _within(deadline, lambda: self._sent(dialect, body, deadline))
            except Failed as error:
                pause = min(error.after_seconds if error.after_seconds is not None else 0.5, LONGEST_PAUSE_SECONDS)
                if not left or not error.is_passing or time.monotonic() + pause >= deadline:
                    raise
                time.sleep(pause)
        raise Failed("unreachable")

    def _sent(self, dialect: Dialect, body: dict[str, Any], deadline: float) -> Answer:
        client = self._client.with_options(timeout=max(deadline - time.monotonic(), 0.001))
        call: Callable[..., Any] = client.chat.completions.with_streaming_response.create
        if dialect == "responses":
            call = client.responses.with_streaming_response.create
        try:
            with call(**body) as response:
                return read_answer(dialect, _bounded(response, deadline))
        except openai.APITimeoutError:
            raise Failed("too_slow") from None
        except openai.APIStatusError as error:
            after = _seconds(error.response.headers.get("retry-after"))
            raise Failed(f"status_{error.status_code}", status=error.status_code, after_seconds=after) from None
        except openai.OpenAIError:
            raise Failed("unreachable") from None


def _bounded(response: Any, deadline: float) -> bytes:
    """The body, unless it is too long or takes too long."""
    data = bytearray()
    for chunk in response.iter_bytes(65_536):
        data += chunk
        if len(data) > LARGEST_ANSWER_BYTES:
            raise Failed("too_long_an_answer")
        if time.monotonic() > deadline:
            raise Failed("too_slow")
    return bytes(data)


def _seconds(text: str | None) -> float | None:
    """A Retry-After in seconds; the form with a date is not followed."""
    with contextlib.suppress(ValueError, TypeError):
        seconds = float(text or "")
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    return None


def _within(deadline: float, work: Callable[[], Answer]) -> Answer:
    """What the work gives before the deadline. A read timeout starts anew with every byte; this one does not."""
    box: SimpleQueue[Answer | Exception] = SimpleQueue()

    def run() -> None:
        try:
            box.put(work())
        except Exception as error:  # noqa: BLE001 - handed over to the thread that waits
            box.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        got = box.get(timeout=max(deadline - time.monotonic(), 0.001))
    except Empty:
        raise Failed("too_slow") from None
    if isinstance(got, Exception):
        raise got
    return got


def utc_day(now: Callable[[], dt.datetime]) -> Callable[[], dt.date]:
    """The day that a budget counts, from a clock."""
    return lambda: now().astimezone(dt.UTC).date()
