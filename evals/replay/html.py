"""The replay's report as one file that needs nothing else: tables, plots, and every project's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from evals.replay.charts import bands_chart, histogram, reliability_chart, timeline
from evals.replay.figures import OURS, SCORERS, Estimate, Table
from evals.replay.outcomes import Outcomes
from evals.replay.report import Alerts, Report, Target, interval, number
from evals.replay.scores import Said
from evals.replay.verdicts import KindScore

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5d6878;--line:#d7dce3;--page:#fbfbfc;--card:#fff;--ours:#0b6bcb;
--good:#1a7f4b;--bad:#b3261e;--warn:#b26a00;--r1:#8a94a3;--r2:#c0562f;--r3:#7a5bb5;--r4:#2f8f83;--r5:#a8851a;
--r6:#b04a7d}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaf0;--soft:#9aa5b5;--line:#333c49;--page:#12161c;--card:#1a2028;
--ours:#63aefb;--good:#5cc98e;--bad:#ff8a80;--warn:#f0b45c;--r1:#8d97a6;--r2:#e88a63;--r3:#b39ae6;--r4:#62c4b7;
--r5:#d9b94f;--r6:#e58ab8}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 80px}h1{font-size:26px;margin:8px 0}h2{font-size:20px;
margin:36px 0 8px}
h3{font-size:16px;margin:20px 0 6px}p{margin:6px 0;max-width:78ch}.soft{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th,td{text-align:right;padding:4px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}th{color:var(--soft);font-weight:500}
tr.ours td{font-weight:600}.better{color:var(--bad)}.worse{color:var(--good)}.tied{color:var(--warn)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:16px}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px}
figcaption{font-size:13px;color:var(--soft)}svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:12px}svg polyline{fill:none;stroke-width:1.5}
svg .ours{stroke:var(--ours);stroke-width:2.2}svg circle{stroke-width:0!important;fill:var(--r1)}
svg circle.ours{fill:var(--ours);fill-opacity:.85}
svg .faint{stroke:var(--line)}svg .dashed{stroke-dasharray:5 4}svg .first{stroke:var(--warn)}
svg .live{stroke:var(--good);stroke-width:2}
svg .r1{stroke:var(--r1)}svg .r2{stroke:var(--r2)}svg .r3{stroke:var(--r3)}svg .r4{stroke:var(--r4)}
svg .r5{stroke:var(--r5)}
svg .r6{stroke:var(--r6)}svg circle.r2{fill:var(--r2)}svg circle.r3{fill:var(--r3)}svg circle.r4{fill:var(--r4)}
svg circle.r5{fill:var(--r5)}svg circle.r6{fill:var(--r6)}svg .bar{fill:var(--ours)}svg .bar.late{fill:var(--bad)}
svg .alert{fill:var(--warn);fill-opacity:.75}svg .alert.critical,svg .alert.high{fill:var(--bad)}
svg .alert.low{fill:var(--r1)}
svg .lane{font-size:10px}.key span{display:inline-block;margin-right:14px;font-size:13px}
.key i{display:inline-block;width:18px;height:3px;vertical-align:middle;margin-right:5px}
details{border-top:1px solid var(--line);padding:6px 0}summary{cursor:pointer}.timeline{margin-top:6px}
"""


def page(report: Report, said: Sequence[Said], alerts: Sequence[Mapping[str, Any]], outcomes: Outcomes) -> str:
    """The whole page."""
    body = "\n".join(
        [
            *_head(report),
            *(part for target in report.targets for part in _target(target)),
            *_alerts(report.alerts),
            *_timelines(said, alerts, outcomes),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Leeway replay</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def _head(report: Report) -> Iterator[str]:
    share = "-" if report.coverage.share is None else f"{report.coverage.share:.1%}"
    yield "<h1>Replay</h1>"
    yield (
        f"<p>{report.projects} projects, {report.facts:,} facts from {report.first_on} to {report.last_on}; "
        f"a score every {report.every}, alerts day by day. Each was made with nothing but what was recorded by "
        f"then. Outcomes come from the {report.outcomes_from}.</p>"
    )
    yield (
        f"<p>Coverage from week 3 on: {report.coverage.scored} of {report.coverage.wanted} project-weeks "
        f"({share}). What has no score is counted here and is nowhere taken for a zero.</p>"
    )
    if report.by_prior:
        yield (
            f"<p>{report.by_prior} of {report.looks} looks are scored by the prior, fitted on generated projects: "
            "too few of these projects had finished by then.</p>"
        )
    if report.not_assessed:
        reasons = ((reason, str(count)) for reason, count in report.not_assessed.items())
        yield _table(("not assessed", "scores"), reasons)
    yield f'<p class="soft">Data: sha256 {report.fingerprint}; {report.refused_lines} lines refused.</p>'


def _target(target: Target) -> Iterator[str]:
    yield f"<h2>{escape(target.question[0].upper() + target.question[1:])}</h2>"
    yield (
        f"<p>{target.scored} scores whose outcome is known, {target.abstained} abstained, "
        f"{target.passed} made after the date and not counted. Every rule is calibrated on the past only; the 95 % "
        "intervals draw whole projects. The word beside a rule's figure says how it stands to ours: "
        '<span class="worse">worse</span>, <span class="tied">tied</span> or <span class="better">better</span>.</p>'
    )
    for table in target.tables:
        late = "" if table.late_share is None else f", {table.late_share:.0%} late"
        yield f"<h3>{table.slice}: {table.rows} scores of {table.projects} projects{late}</h3>"
        if table.note:
            yield f'<p class="soft">{table.note}</p>'
        yield _scorers(table)
    spread = target.ranges
    yield (
        f"<p>Go-live range on {spread.rows} scores: {_share(spread.share_live_by_p50)} were live by the P50 day, "
        f"{_share(spread.share_live_by_p80)} by the P80 day, {number(spread.p80_after_p50_days, 1)} working days "
        f"later on average. P50 was off by {number(spread.p50_error_days, 1)} working days, the plan's forecast by "
        f"{number(spread.plan_error_days, 1)}, the first plan's date by "
        f"{number(spread.baseline_date_error_days, 1)}.</p>"
    )
    yield '<div class="pair">'
    caption = "<figcaption>Reliability: on the line is perfect.</figcaption>"
    yield f"<figure>{reliability_chart(target.reliability)}{caption}</figure>"
    yield f"<figure>{bands_chart(target.bands)}<figcaption>{_key()}</figcaption></figure></div>"


def _key() -> str:
    colours = ("--ours", "--r1", "--r2", "--r3", "--r4", "--r5", "--r6")
    named = zip(SCORERS, colours, strict=True)
    spans = (f'<span><i style="background:var({colour})"></i>{escape(name)}</span>' for name, colour in named)
    return f'<div class="key">{"".join(spans)}</div>'


def _scorers(table: Table) -> str:
    heads = ("", "AUC", "95 %", "", "raw AUC", "Brier", "95 %", "", "slope", "95 %", "intercept", "95 %")
    rows = [
        (
            row.name,
            number(row.auc.value),
            interval(row.auc),
            row.auc_than_ours,
            number(row.raw_auc),
            number(row.brier.value),
            interval(row.brier),
            row.brier_than_ours,
            number(row.slope.value, 2),
            interval(row.slope),
            number(row.intercept.value, 2),
            interval(row.intercept),
        )
        for row in table.scorers
    ]
    return _table(heads, rows)


def _alerts(alerts: Alerts) -> Iterator[str]:
    yield "<h2>Alerts</h2>"
    rate = number(alerts.per_project_week)
    yield (
        f"<p>{sum(alerts.raised.values())} raised ({rate} a project-week), {alerts.still_open} open at the end. "
        "One that comes back after it was over counts again.</p>"
    )
    if alerts.score is None:
        yield _table(("kind", "raised"), ((kind, str(count)) for kind, count in alerts.raised.items()))
        return
    heads = ("kind", "raised", "hit", "false", "again", "ignored", "outside", "known", "precision", "recall", "lead")
    yield _table(heads, (_kind(kind) for kind in alerts.score.kinds))
    hit = ", ".join(f"{count} x {kind}" for kind, count in alerts.score.look_alikes_hit.items()) or "none"
    false = number(alerts.score.false_per_project_week, 4)
    yield f"<p>Benign look-alikes hit: {hit}. False alerts a project-week: {false}.</p>"
    plots = [kind for kind in alerts.score.kinds if kind.lead_days]
    if plots:
        figures = (
            f"<figure>{histogram(kind.lead_days, kind.kind)}<figcaption>Lead of {kind.kind}, "
            f"{len(kind.lead_days)} hits with a harm</figcaption></figure>"
            for kind in plots
        )
        yield f'<h3>How early</h3><div class="pair">{"".join(figures)}</div>'


def _kind(kind: KindScore) -> tuple[str, ...]:
    counts = [kind.verdicts.get(name, 0) for name in ("hit", "false", "duplicate", "ignored", "outside")]
    cells = (sum(counts), *counts, kind.incidents)
    figures = (number(kind.precision), number(kind.recall), number(kind.median_lead_days, 0))
    return (kind.kind, *map(str, cells), *figures)


def _timelines(said: Sequence[Said], alerts: Sequence[Mapping[str, Any]], outcomes: Outcomes) -> Iterator[str]:
    yield "<h2>Project by project</h2>"
    yield (
        '<p class="soft">Blue: probability of being live after the first plan\'s date, 0 to 1. Dashed: that date. '
        "Green: live in fact. Below: the alerts as long as they lived; point at one for its claim.</p>"
    )
    by_project: dict[str, list[Said]] = {}
    for one in said:
        by_project.setdefault(one.look.external_id, []).append(one)
    for project_id, own in sorted(by_project.items()):
        raised = [dict(alert) for alert in alerts if alert["project_id"] == project_id]
        ending = outcomes.of(project_id)
        became = {None: "outcome unknown", True: "late", False: "on time"}[ending.is_late if ending else None]
        yield (
            f"<details><summary>{escape(project_id)} <span class='soft'>{became}, {len(raised)} alerts</span></summary>"
            f"{timeline(own, raised, ending)}</details>"
        )


def _share(estimate: Estimate) -> str:
    value = "-" if estimate.value is None else f"{estimate.value:.0%}"
    return value if estimate.low is None else f"{value} ({estimate.low:.0%} to {estimate.high:.0%})"


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        f'<tr class="{"ours" if row[0] == OURS else ""}">{"".join(_cell(cell) for cell in row)}</tr>' for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(text: str) -> str:
    style = f' class="{text}"' if text in {"better", "worse", "tied"} else ""
    return f"<td{style}>{escape(text)}</td>"
