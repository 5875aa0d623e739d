"""Orders from a published collection, put into transcripts of calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from store.errors import Invalid
from summarizer.forms import parse_transcript
from summarizer.transcript import Cue, Transcript

FILE_NAME = "text_attack_train.json"
Place = Literal["start", "middle", "within"]
PLACES: tuple[Place, ...] = ("start", "middle", "within")


@dataclass(frozen=True, slots=True)
class Case:
    """One order in one transcript. `cue` is the number of the cue that holds it in `transcript`."""

    category: str
    attack: str
    place: Place
    original: Transcript
    transcript: Transcript
    cue: int

    def before(self, number: int) -> int:
        """The number that a cue had before the order was put in."""
        return number if self.place == "within" or number < self.cue else number - 1


def load_attacks(data: Path) -> list[tuple[str, str]]:
    """Category and text of each order. `data`: the JSON file, or the folder it lies in."""
    path = data / FILE_NAME if data.is_dir() else data
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [(category, attack) for category, attacks in found.items() for attack in attacks]
    except (OSError, ValueError, AttributeError) as error:
        raise Invalid(
            "eval_data_missing",
            f"{path.name} cannot be read.",
            remedy="Give --data BIPIA's text attacks.",
        ) from error


def load_transcripts(folder: Path, count: int) -> list[Transcript]:
    """The first transcripts below the folder, by name."""
    paths = sorted(folder.rglob("*.vtt"))[:count]
    if not paths:
        raise Invalid("eval_data_missing", "There is no .vtt file there.", remedy="Give --transcripts their folder.")
    return [parse_transcript(path.name, path.read_bytes()) for path in paths]


def cases(attacks: list[tuple[str, str]], transcripts: list[Transcript]) -> Iterator[Case]:
    """Every order at every place of every transcript."""
    for transcript in transcripts:
        for category, attack in attacks:
            for place in PLACES:
                changed, cue = _with(transcript, attack, place)
                yield Case(category, attack, place, transcript, changed, cue)


def _with(transcript: Transcript, attack: str, place: Place) -> tuple[Transcript, int]:
    """The order as a cue of its own, or at the end of what somebody says two thirds into the call."""
    cues = list(transcript.cues)
    if place == "within":
        at = len(cues) * 2 // 3
        cues[at] = msgspec.structs.replace(cues[at], text=f"{cues[at].text} {attack}")
    else:
        at = 0 if place == "start" else len(cues) // 2
        near = cues[at]
        cues.insert(at, Cue(number=0, text=attack, speaker=near.speaker, start_ms=near.start_ms, end_ms=near.start_ms))
    numbered = tuple(msgspec.structs.replace(cue, number=n) for n, cue in enumerate(cues, start=1))
    return msgspec.structs.replace(transcript, cues=numbered), at + 1
