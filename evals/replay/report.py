"""A replay's figures as plain data, as a table for the terminal, and the notes that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.replay.controls import controls
from evals.replay.figures import Band, Bin, Estimate, Table, bands, reliability, tables
from evals.replay.fits import TARGETS
from evals.replay.outcomes import Outcomes, coverage, judged
from evals.replay.ranges import Ranges, ranges
from evals.replay.scores import Said
from evals.replay.verdicts import AlertScore, score_alerts

QUESTIONS = {
    "baseline": "live after the first plan's date",
    "current": "live after the date in force when the score was made",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The scores against one of the two dates. `passed`: made after that date, not counted."""

    name: str
    question: str
    scored: int
    abstained: int
    passed: int
    tables: tuple[Table, ...]
    bands: tuple[Band, ...]
    reliability: tuple[Bin, ...]
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Coverage:
    """Project-weeks from week 3 on that have a score, of all there are."""

    scored: int
    wanted: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """What the agents said; `score` is None without truth. `controls`: the same counts where nothing can be told."""

    raised: dict[str, int]
    still_open: int
    per_project_week: float | None
    score: AlertScore | None
    controls: dict[str, AlertScore] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `fingerprint` is the SHA-256 of the files, `outcomes_from` "truth" or "log"."""

    fingerprint: str
    facts: int
    projects: int
    refused_lines: int
    first_on: str
    last_on: str
    every: str
    outcomes_from: str
    looks: int
    levels: dict[str, int]
    not_assessed: dict[str, int]
    by_prior: int
    coverage: Coverage
    targets: tuple[Target, ...]
    alerts: Alerts


def targets(said: Sequence[Said], outcomes: Outcomes) -> tuple[Target, ...]:
    """The figures against both dates."""
    return tuple(_target(said, outcomes, name) for name in TARGETS)


def covered(said: Sequence[Said], outcomes: Outcomes) -> Coverage:
    """How many project-weeks have a score."""
    scored, wanted = coverage(said, outcomes)
    return Coverage(scored, wanted, scored / wanted if wanted else None)


def alerts_of(lines: Sequence[dict[str, Any]], said: Sequence[Said], truth: Sequence[dict[str, Any]] = ()) -> Alerts:
    """Counts by kind, and an alert's frequency over the weeks that projects ran."""
    weeks = len({(one.look.project_id, one.look.as_of_on.toordinal() // 7) for one in said})
    return Alerts(
        raised=dict(sorted(Counter(line["kind"] for line in lines).items())),
        still_open=sum(line["cleared_at"] is None for line in lines),
        per_project_week=len(lines) / weeks if weeks else None,
        score=score_alerts(lines, truth) if truth else None,
        controls=controls(lines, truth) if truth else {},
    )


def as_table(report: Report) -> str:
    """Plain text, 110 columns."""
    return "\n".join(_lines(report))


def _target(said: Sequence[Said], outcomes: Outcomes, name: str) -> Target:
    known = judged(said, outcomes, name)
    return Target(
        name=name,
        question=QUESTIONS[name],
        scored=len(known.cases),
        abstained=known.abstained,
        passed=known.passed,
        tables=tables(known.cases, name),
        bands=bands(known.cases, name),
        reliability=reliability(known.cases, name),
        ranges=ranges(known.cases),
    )


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.projects} projects, {report.facts:,} facts, {report.first_on} to {report.last_on}"
    yield f"data sha256 {report.fingerprint[:16]}, {report.refused_lines} lines refused"
    yield f"outcomes from the {report.outcomes_from}; scores every {report.every}"
    share = number(report.coverage.share)
    yield f"coverage from week 3: {report.coverage.scored} of {report.coverage.wanted} project-weeks ({share})"
    for reason, count in report.not_assessed.items():
        yield f"  not assessed: {count} x {reason}"
    if report.by_prior:
        yield f"  {report.by_prior} of {report.looks} looks are scored by the prior: too few projects had finished"
    for target in report.targets:
        yield from _target_lines(target)
    yield from _alert_lines(report.alerts)


def _target_lines(target: Target) -> Iterator[str]:
    yield ""
    yield f"{target.name}: {target.question}"
    yield f"{target.scored} scores with a known outcome, {target.abstained} abstained, {target.passed} after the date"
    for table in target.tables:
        late = "" if table.late_share is None else f", {table.late_share:.0%} late"
        yield f"  {table.slice}: {table.rows} scores of {table.projects} projects{late}. {table.note}".rstrip()
        yield f"  {'':32}{'AUC':>6} {'95 %':>13}{'raw':>14}{'Brier':>7} {'95 %':>13}{'slope':>14}{'icept':>7}"
        for row in table.scorers:
            yield (
                f"  {row.name:32}{number(row.auc.value):>6} {interval(row.auc):>13} {row.auc_than_ours:7}"
                f"{number(row.raw_auc):>6}{number(row.brier.value):>7} {interval(row.brier):>13} "
                f"{row.brier_than_ours:7}{number(row.slope.value, 2):>6}{number(row.intercept.value, 2):>7}"
            )
    spread = target.ranges
    yield f"  go-live range on {spread.rows} scores: live by P50 {number(spread.share_live_by_p50.value)}"
    yield f"    {interval(spread.share_live_by_p50)}, by P80 {number(spread.share_live_by_p80.value)}"
    yield (
        f"    {interval(spread.share_live_by_p80)}; off by {number(spread.p50_error_days, 1)} working days, "
        f"the plan's forecast {number(spread.plan_error_days, 1)}, the first date "
        f"{number(spread.baseline_date_error_days, 1)}"
    )


def _alert_lines(alerts: Alerts) -> Iterator[str]:
    yield ""
    yield f"alerts: {sum(alerts.raised.values())} raised, {alerts.still_open} open at the end"
    if alerts.score is None:
        yield from (f"  {kind:24}{count:6}" for kind, count in alerts.raised.items())
        return
    heads = ("raised", "hit", "false", "again", "ignored", "outside", "known", "precis.", "recall", "lead")
    yield f"  {'kind':24}" + "".join(f"{head:>9}" for head in heads)
    for kind in alerts.score.kinds:
        counts = [kind.verdicts.get(name, 0) for name in ("hit", "false", "duplicate", "ignored", "outside")]
        figures = [number(kind.precision), number(kind.recall), number(kind.median_lead_days, 0)]
        cells = [sum(counts), *counts, kind.incidents, *figures]
        yield f"  {kind.kind:24}" + "".join(f"{cell:>9}" for cell in cells)
    for name, control in alerts.controls.items():
        told = ", ".join(
            f"{k.kind} {number(k.precision, 2)}/{number(k.recall, 2)}" for k in control.kinds if k.verdicts
        )
        yield f"  {name} (precision/recall): {told}"
    hit = ", ".join(f"{count} {kind}" for kind, count in alerts.score.look_alikes_hit.items())
    yield f"  look-alikes hit: {hit or 'none'}; false per project-week {number(alerts.score.false_per_project_week, 4)}"


def number(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def interval(estimate: Estimate) -> str:
    """Its interval, or a dash."""
    return "-" if estimate.low is None or estimate.high is None else f"{estimate.low:.3f}..{estimate.high:.3f}"
