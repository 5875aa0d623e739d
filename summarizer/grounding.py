"""Every item cites words that stand in the transcript; what does not is dropped."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.items import Item
from summarizer.transcript import Transcript


def is_grounded(item: Item, transcript: Transcript) -> bool:
    """Whether all cited cues exist and the quote is a verbatim part of one of them, white space apart."""
    cues = [transcript.cue(number) for number in item.cues]
    quote = _squeezed(item.quote)
    return bool(quote and cues) and all(cues) and any(cue is not None and quote in _squeezed(cue.text) for cue in cues)


def grounded(items: Iterable[Item], transcript: Transcript) -> tuple[Item, ...]:
    return tuple(item for item in items if is_grounded(item, transcript))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
