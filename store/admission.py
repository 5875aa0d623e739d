"""What may enter a log: looked at once, before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from store.errors import Invalid
from store.events import Fact, dump
from store.ids import StreamId
from store.log import Draft

MOST_BODY_BYTES = 4 * 1024 * 1024
CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock that wrote `occurred_at` may be ahead of the one that wrote `recorded_at`."""


def admit(stream_id: StreamId, draft: Draft) -> None:
    """Refuses what cannot be so, before anything is stored for the draft, a person's key included. Raises `Invalid`."""
    if draft.occurred_at.tzinfo is None or draft.recorded_at.tzinfo is None:
        raise _refusal(draft, "naive_instant", "An instant has no time zone.", "Give its offset from UTC.")
    if draft.occurred_at - draft.recorded_at > CLOCK_SKEW:
        raise _refusal(
            draft,
            "recorded_before_occurred",
            f"It was recorded at {draft.recorded_at} and happens only at {draft.occurred_at}.",
            "Set the clock of the source right; what is to come belongs in a field of the fact.",
        )
    texts = (stream_id, draft.event_id, draft.source, draft.actor_id, draft.causation_id, draft.correlation_id)
    text = "".join(filter(None, texts))
    if not text.isascii() or "\0" in text:
        _check_text(draft, text)
    if draft.fact.PERSONAL:
        body_of(draft, draft.fact)


def body_of(draft: Draft, fact: Fact) -> bytes:
    """The canonical bytes of the draft's fact as it will be stored. Raises `Invalid` for what no log can hold."""
    try:
        body = dump(fact)
    except UnicodeEncodeError as error:
        raise _no_unicode(draft) from error
    if len(body) > MOST_BODY_BYTES:
        raise _refusal(
            draft,
            "payload_too_large",
            f"It has {len(body):,} bytes; a fact has at most {MOST_BODY_BYTES:,}.",
            "Split it, or keep the document elsewhere and record where.",
            data={"bytes": len(body), "most_bytes": MOST_BODY_BYTES},
        )
    if (b"NaN" in body or b"Infinity" in body) and not _is_finite(msgspec.to_builtins(fact, builtin_types=(Decimal,))):
        raise _refusal(draft, "not_a_number", "A number is NaN or infinite.", "Leave out what is not known.")
    return body


def _check_text(draft: Draft, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _no_unicode(draft) from error
    if "\0" in text:
        raise _refusal(draft, "unstorable_text", "A text holds a NUL character.", "Remove it.")


def _no_unicode(draft: Draft) -> Invalid:
    return _refusal(
        draft, "unstorable_text", "A text is no valid Unicode.", "Read it with its right encoding and send it as UTF-8."
    )


def _is_finite(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, Mapping):
        return all(_is_finite(part) for part in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return all(_is_finite(part) for part in value)
    return True


def _refusal(draft: Draft, code: str, detail: str, remedy: str, *, data: Mapping[str, object] | None = None) -> Invalid:
    return Invalid(code, detail, remedy=remedy, where=f"{draft.fact.TYPE} {draft.event_id!r}", data=data)
