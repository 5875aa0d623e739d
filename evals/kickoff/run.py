"""`leeway eval kickoff`: predictions for every call, and the table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from evals.kickoff.dataset import load
from evals.kickoff.scorers import Tally, differing_forms, f1, micro, score
from evals.kickoff.task import predict


@dataclass(frozen=True, slots=True)
class Result:
    calls: int
    tally: Tally
    differing: tuple[str, ...]
    predictions: dict[str, dict[str, Any]]


def run(data: Path) -> Result:
    tally, differing, predictions = Tally(), [], {}
    calls = load(data)
    for call in calls:
        found = [(name, predict(call, transcript)) for name, transcript in call.forms]
        predictions[call.slug] = found[0][1]
        differing += [f"{call.slug}/{name}" for name in differing_forms(found)]
        score(call, found[0][1], tally)
    return Result(len(calls), tally, tuple(differing), predictions)


def main(
    data: Path,
    *,
    out: Path | None = None,
    as_json: bool = False,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Prints the figures; `out` receives one NN-slug.json per call."""
    result = run(data)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for slug, predicted in result.predictions.items():
            (out / f"{slug}.json").write_bytes(msgspec.json.format(msgspec.json.encode(predicted), indent=1))
    write((_json(result) if as_json else "\n".join(_table(result))) + "\n")
    return 0


def figures(result: Result) -> dict[str, Any]:
    """Everything the table shows, as JSON."""
    kinds = {**result.tally.counts, "all": micro(result.tally)}
    return {
        "task": "kickoff",
        "calls": result.calls,
        "kinds": {
            kind: {"gold": gold, "predicted": predicted, "matched": matched, "f1": _round(f1(gold, predicted, matched))}
            for kind, (gold, predicted, matched) in kinds.items()
        },
        "right": {name: {"right": right, "of": of} for name, (right, of) in result.tally.right.items()},
        "trap_hits": result.tally.trap_hits,
        "differing_forms": list(result.differing),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _json(result: Result) -> str:
    return msgspec.json.format(msgspec.json.encode(figures(result)), indent=2).decode()


def _table(result: Result) -> list[str]:
    shown = figures(result)
    lines = [f"{result.calls} calls", f"{'kind':<20} {'gold':>5} {'found':>5} {'match':>5} {'F1':>6}"]
    for kind, row in shown["kinds"].items():
        value = "-" if row["f1"] is None else f"{row['f1']:.3f}"
        lines.append(f"{kind:<20} {row['gold']:>5} {row['predicted']:>5} {row['matched']:>5} {value:>6}")
    for name, row in shown["right"].items():
        value = f"{row['right'] / row['of']:.3f}" if row["of"] else "-"
        lines.append(f"{name + ' right':<20} {value:>6} ({row['right']}/{row['of']})")
    lines.append(f"{'on trap cues':<20} {shown['trap_hits']:>6}")
    lines += [f"differs from the first form: {name}" for name in shown["differing_forms"]]
    return lines
