"""`leeway eval over_allocation`: the live agent over a portfolio, against its truth if there is one."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from evals.over_allocation.dataset import Dataset, load, load_truth
from evals.over_allocation.recheck import faults
from evals.over_allocation.scorers import KIND, Raised, Score, score
from evals.over_allocation.task import Utterance, replay
from store.events import AlertCleared, AlertRaised, ProposedAction

Progress = Callable[[str], None]
VERDICTS = ("hit", "false", "duplicate", "ignored", "outside")


@dataclass(slots=True)
class Result:
    """A whole run: the alerts in the form of alerts.jsonl, and what the second opinion said of their proposals."""

    alerts: list[dict[str, Any]] = field(default_factory=list)
    proposals: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    without_a_way_out: int = 0
    updates: int = 0
    score: Score | None = None


def run(data: Path, truth: Path | None = None, *, progress: Progress = lambda _text: None) -> Result:
    """Replays the portfolio in `data`; `truth` is a truth file, or the folder it lies in."""
    progress("reading")
    dataset, result = load(data), Result()
    open_alerts: dict[str, dict[str, Any]] = {}
    for said in replay(dataset, progress):
        _note(result, open_alerts, said)
    if truth:
        lines = load_truth(truth / "truth.jsonl" if truth.is_dir() else truth)
        result.score = score([_raised(dataset, alert) for alert in result.alerts], lines)
    return result


def main(
    data: Path,
    truth: Path | None = None,
    *,
    out: Path | None = None,
    as_json: bool = False,
    progress: Progress = lambda _text: None,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Prints the figures, writes alerts.jsonl to `out`; 1 for a broken proposal, a missed incident or a look-alike.

    Without `truth` it is looked for beside the folder, as FOLDER.truth.
    """
    beside = data.with_name(f"{data.name}.truth")
    result = run(data, truth or (beside if beside.exists() else None), progress=progress)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{json.dumps(alert, sort_keys=True)}\n" for alert in result.alerts)
        (out / "alerts.jsonl").write_text(lines, encoding="utf-8")
    write(json.dumps(figures(result), indent=2, sort_keys=True) if as_json else "\n".join(report(result)))
    write("\n")
    is_bad = bool(result.faults) or (result.score is not None and bool(result.score.missed or result.score.benign_hits))
    return 1 if is_bad else 0


def figures(result: Result) -> dict[str, Any]:
    """The figures as data; what could not be scored is null."""
    found = result.score
    scored = found and {
        "incidents": found.incidents,
        "missed": list(found.missed),
        "verdicts": dict(Counter(found.verdicts)),
        "precision": found.precision,
        "recall": found.recall,
        "look_alikes_hit": dict(found.benign_hits),
        "median_lead_days": median(found.lead_days) if found.lead_days else None,
    }
    return {
        "task": KIND,
        "alerts": len(result.alerts),
        "updates": result.updates,
        "without_a_way_out": result.without_a_way_out,
        "proposals": dict(result.proposals),
        "faults": result.faults,
        "score": scored,
    }


def report(result: Result) -> Sequence[str]:
    """The figures as lines for people."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(result.proposals.items()))
    lines = [
        f"alerts                {len(result.alerts)} raised, {result.updates} updated",
        f"without a way out     {result.without_a_way_out}",
        f"proposals re-checked  {sum(result.proposals.values())} ({kinds}), {len(result.faults)} faults",
        *(f"  fault               {fault}" for fault in result.faults[:20]),
    ]
    if result.score is None:
        return [*lines, "truth                 none given: not scored"]
    counts, found = Counter(result.score.verdicts), result.score
    verdicts = ", ".join(f"{counts[v]} {v}" for v in VERDICTS)
    return [
        *lines,
        f"incidents             {found.incidents} counted, {len(found.missed)} missed",
        *(f"  missed              {incident_id}" for incident_id in found.missed),
        f"verdicts              {verdicts}",
        f"precision, recall     {_figure(found.precision)}, {_figure(found.recall)}",
        f"look-alikes hit       {sum(found.benign_hits.values())}",
        f"lead, working days    {f'median {median(found.lead_days)}' if found.lead_days else 'unscored'}",
    ]


def _figure(value: float | None) -> str:
    return "unscored" if value is None else f"{value:.3f}"


def _note(result: Result, open_alerts: dict[str, dict[str, Any]], said: Utterance) -> None:
    fact = said.fact
    if isinstance(fact, AlertCleared):
        open_alerts[fact.alert_id]["cleared_at"] = said.at.isoformat()
        return
    if isinstance(fact, AlertRaised):
        open_alerts[fact.alert_id] = {
            "project_id": said.world.external("project", fact.project_id),
            "kind": fact.kind,
            "raised_at": said.at.isoformat(),
            "subject_ids": _source_ids(said, fact),
        }
        result.alerts.append(open_alerts[fact.alert_id])
    else:
        result.updates += 1
    result.without_a_way_out += isinstance(fact, AlertRaised) and not any(p.is_feasible for p in fact.proposals)
    now = {"cleared_at": None, "claim": fact.claim, "numbers": msgspec.to_builtins(fact.numbers)}
    open_alerts[fact.alert_id] |= now | {"proposals": msgspec.to_builtins(fact.proposals)}
    inputs = fact.inputs
    first, last = date.fromisoformat(inputs["first_on"]), date.fromisoformat(inputs["last_on"])
    for proposal in fact.proposals:
        result.proposals[proposal.action] += 1
        wrong = faults(said.world, proposal, first, last, inputs["person_id"])
        result.faults += [f"{said.day} {fact.claim} {_named(proposal)}: {fault}" for fault in wrong]


def _named(proposal: ProposedAction) -> str:
    return f"{proposal.action} ({proposal.sentence})"


def _source_ids(said: Utterance, fact: AlertRaised) -> list[str]:
    """The subjects under the names their source gave them."""
    person = said.world.person(fact.inputs["person_id"])
    held = person.allocations
    named = (held[i].external_id if i in held else said.world.external("person", i) for i in fact.subject_ids)
    return sorted(named)


def _raised(dataset: Dataset, alert: dict[str, Any]) -> Raised:
    zone = ZoneInfo(dataset.tenant.timezone)

    def day(text: str) -> date:
        return datetime.fromisoformat(text).astimezone(zone).date()

    cleared = alert["cleared_at"]
    return Raised(
        project_id=alert["project_id"],
        day=day(alert["raised_at"]),
        cleared_on=day(cleared) if cleared else None,
        subject_ids=frozenset(alert["subject_ids"]),
    )
