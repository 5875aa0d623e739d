"""`leeway eval replay`: a portfolio's history as if live, and how right and how early it was."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from evals.replay.alerts import replay_alerts
from evals.replay.html import page
from evals.replay.looks import looks
from evals.replay.outcomes import Logged, Outcomes, Told, load_truth
from evals.replay.portfolio import Portfolio, load
from evals.replay.report import Report, alerts_of, as_table, covered, targets
from evals.replay.scores import Said, line, say
from evals.replay.workers import Kept, code_fingerprint, workers

Every = Literal["week", "day"]
Progress = Callable[[str], None]
DIGITS = 6
PARTS = ".parts"
"""Where finished parts stand under the output until the run is over."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything that was said, in order."""

    said: tuple[Said, ...]
    alerts: tuple[dict[str, Any], ...]


def replay(
    portfolio: Portfolio,
    *,
    every: Every = "week",
    progress: Progress = lambda _text: None,
    jobs: int = 1,
    kept: Kept | None = None,
) -> Replay:
    """Scores at every cut and alerts day by day; nothing of it depends on what was recorded later.

    `jobs` processes say what one would; what `kept` holds of an earlier run is not done again.
    """
    cuts = list(portfolio.days(is_weekly=every == "week"))
    with workers(portfolio, jobs) as at_work:
        had = looks(portfolio, cuts, progress, at_work)
        said = tuple(say(portfolio, had, cuts, progress, jobs=jobs))
        scores = defaultdict(list)
        for one in said:
            scores[one.look.project_id].append((one.score.as_of, one.score))
        return Replay(said, tuple(replay_alerts(portfolio, scores, progress, at_work, kept)))


def report_of(
    portfolio: Portfolio, replayed: Replay, truth: Sequence[dict[str, Any]] = (), *, every: Every = "week"
) -> Report:
    """The figures, against the truth where there is one, else against what the log knows at its end."""
    outcomes: Outcomes = Told(truth) if truth else Logged(portfolio)
    said = replayed.said
    days = [day for day, _ in portfolio.days(is_weekly=False)]
    return Report(
        fingerprint=portfolio.fingerprint,
        facts=len(portfolio.events),
        projects=len(portfolio.projects),
        refused_lines=portfolio.refused_lines,
        first_on=days[0].isoformat(),
        last_on=days[-1].isoformat(),
        every=every,
        outcomes_from="truth" if truth else "log",
        looks=len(said),
        levels=dict(sorted(Counter(str(one.score.level) for one in said).items())),
        not_assessed=dict(sorted(Counter(one.score.reason for one in said if one.score.reason).items())),
        by_prior=sum(one.score.basis == "prior" for one in said),
        coverage=covered(said, outcomes),
        targets=targets(said, outcomes),
        alerts=alerts_of(replayed.alerts, said, truth),
    )


def main(
    data: Path,
    out: Path,
    truth: Path | None = None,
    *,
    every: Every = "week",
    jobs: int = 1,
    as_json: bool = False,
    progress: Progress = lambda _text: None,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Writes scores.jsonl, alerts.jsonl, report.json and report.html to `out` and prints the figures; 0.

    Figures that miss a goal are figures, not errors. A run that was broken off goes on where it was, as
    long as files and code are the same.
    """
    portfolio = load(data, progress)
    kept = Kept(out / PARTS / f"{portfolio.fingerprint[:16]}-{code_fingerprint()[:16]}-{every}")
    replayed = replay(portfolio, every=every, progress=progress, jobs=jobs, kept=kept)
    told = load_truth(truth) if truth else ()
    report = report_of(portfolio, replayed, told, every=every)
    progress("writing")
    out.mkdir(parents=True, exist_ok=True)
    outcomes: Outcomes = Told(told) if told else Logged(portfolio)
    for name, text in files(replayed, report).items():
        (out / name).write_text(text, encoding="utf-8")
    (out / "report.html").write_text(page(report, replayed.said, replayed.alerts, outcomes), encoding="utf-8")
    kept.clear()
    write(as_json_text(report) if as_json else as_table(report) + "\n")
    return 0


def files(replayed: Replay, report: Report) -> dict[str, str]:
    """The machine-readable outputs by file name."""
    return {
        "scores.jsonl": "".join(f"{_json(line(one))}\n" for one in replayed.said),
        "alerts.jsonl": "".join(f"{_json(alert)}\n" for alert in replayed.alerts),
        "report.json": as_json_text(report),
    }


def as_json_text(report: Report) -> str:
    """Sorted keys and figures of six digits, so that two runs can be compared as text."""
    return json.dumps(_rounded(msgspec.to_builtins(report)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _json(value: object) -> str:
    return json.dumps(_rounded(value), sort_keys=True, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
