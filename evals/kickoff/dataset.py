"""Calls with gold items: NN-slug/gold.json beside the transcript in one or more forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from store.errors import Invalid
from summarizer.forms import parse_transcript
from summarizer.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Call:
    """`gold` is the file as it stands; `forms` has the main rendering first."""

    slug: str
    gold: dict[str, Any]
    forms: tuple[tuple[str, Transcript], ...]

    @property
    def held_on(self) -> date:
        return date.fromisoformat(self.gold["call"]["date"])

    @property
    def timezone(self) -> str:
        return str(self.gold["call"]["timezone"])

    @property
    def main(self) -> Transcript:
        return self.forms[0][1]


def load(folder: Path) -> tuple[Call, ...]:
    """Raises `Invalid` where the folder holds no call with gold items."""
    calls = tuple(_calls(folder))
    if not calls:
        raise Invalid(
            "eval_data_missing", "There is no NN-slug/gold.json there.", remedy="Give --data the folder of the calls."
        )
    return calls


def _calls(folder: Path) -> Iterator[Call]:
    for path in sorted(folder.glob("*/gold.json")):
        gold = msgspec.json.decode(path.read_bytes())
        forms = tuple(
            (name, parse_transcript(name, (path.parent / name).read_bytes())) for name in gold["call"]["files"]
        )
        yield Call(slug=path.parent.name, gold=gold, forms=forms)
