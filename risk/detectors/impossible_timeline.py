"""A go-live date that cannot be kept whatever goes well: a proof, not a score.

Held against the date in force; the same for the baseline stands beside it as figures of its own and
never makes a finding. A finding of one promise is one alert, however long it lasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from plan.timeline import Allowances, Timeline
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.errors import Invalid
from store.events import Number
from store.events.alerts import Severity

KIND = "impossible_timeline"
RULE_ID = "impossible_timeline.v1"
LEAST_ANSWER_DAYS = Decimal(1)
FAR_OFF_DAYS, OFF_DAYS = 10, 3
"""Working days short from which it is critical, and high; a role that falls short is high."""
LASTS = dt.timedelta(days=28)
NOTHING = Decimal(0)


def detect(view: ProjectView) -> list[Finding]:
    """One finding while the date in force cannot be kept; none on hold, without a date or without an open go-live."""
    due_on = view.project.committed_on
    if view.project.status != "active" or due_on is None:
        return []
    proof = proof_of(view, due_on)
    return [_finding(view, proof)] if proof and proof.is_impossible else []


def proof_of(view: ProjectView, due_on: dt.date) -> Timeline | None:
    """The remaining work held against a date; None where there is none to hold, or its links run in a circle."""
    allowances = Allowances(view.threshold("least_answer_days", LEAST_ANSWER_DAYS))
    try:
        return view.timeline(due_on, allowances, judges_roles=_judges_roles(view))
    except Invalid:
        return None


def _judges_roles(view: ProjectView) -> bool:
    """Whether everybody was known when the finding was made, so that a role can be said to be short."""
    return bool(view.threshold("judges_roles", Decimal(view.staff.is_everybody)))


def figures(view: ProjectView, proof: Timeline) -> Iterator[Number]:
    """The rule's figures, whether the date can be kept or not; days left are negative once the date has passed."""
    yield _days("days_needed", proof.days_needed, Decimal(proof.days_left))
    yield _days("days_left", proof.days_left)
    yield _days("days_short", proof.days_short, NOTHING)
    yield Number(name="tasks_on_path", value=Decimal(len(proof.path.task_ids)), unit="tasks")
    for gap in proof.short_roles:
        yield Number(name=f"{gap.role}_hours_needed", value=_plain(gap.needed_hours), unit="h")
        yield Number(name=f"{gap.role}_hours_free", value=_plain(gap.free_hours), unit="h")
    baseline_on = view.project.baseline_go_live_on
    if baseline_on and baseline_on != proof.due_on:
        other = proof_of(view, baseline_on)
        yield _days("baseline_days_short", other.days_short if other else 0, NOTHING)


def _days(name: str, days: int, threshold: Decimal | None = None) -> Number:
    return Number(name=name, value=Decimal(days), unit="working days", threshold=threshold)


def _plain(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.01")).normalize() + NOTHING


def _finding(view: ProjectView, proof: Timeline) -> Finding:
    project = view.project
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="resource",
        severity=_severity(proof),
        subject_key=f"{project.project_id}/{proof.milestone_id}/{proof.due_on.isoformat()}",
        project_id=project.project_id,
        subject_ids=(project.project_id, proof.milestone_id),
        numbers=tuple(figures(view, proof)),
        inputs={
            "as_of": view.as_of.isoformat(),
            "due_on": proof.due_on.isoformat(),
            "earliest_on": proof.earliest_on.isoformat(),
            "path_finish_on": proof.path.finish_on.isoformat(),
            "path": " ".join(proof.path.task_ids),
            "short_roles": " ".join(gap.role for gap in proof.short_roles),
            "person_ids": " ".join(sorted({i for gap in proof.roles for i in gap.person_ids})),
            "baseline_on": project.baseline_go_live_on.isoformat() if project.baseline_go_live_on else "",
            f"{THRESHOLD}least_answer_days": f"{view.threshold('least_answer_days', LEAST_ANSWER_DAYS)}",
            f"{THRESHOLD}judges_roles": str(int(_judges_roles(view))),
        },
        evidence=tuple(dict.fromkeys(_evidence(view, proof))),
        first_on=proof.due_on,
        last_on=max(proof.earliest_on, proof.due_on),
        expires_on=max(proof.due_on, view.as_of) + LASTS,
    )


def _evidence(view: ProjectView, proof: Timeline) -> Iterator[str]:
    """The promise, the open tasks of the path with the links between them, the bookings of roles that fall short."""
    project = view.project
    yield project.commitments[-1].event_id if project.commitments else project.created_event_id
    chain = set(proof.path.task_ids)
    for task_id in proof.path.task_ids:
        task = project.tasks[task_id]
        yield task.status_event_id or task.created_event_id
        yield from (link.event_id for link in task.links if link.depends_on_id in chain)
    for person_id in sorted({i for gap in proof.short_roles for i in gap.person_ids}):
        yield view.people[person_id].event_id


def _severity(proof: Timeline) -> Severity:
    if proof.days_short >= FAR_OFF_DAYS:
        return "critical"
    return "high" if proof.days_short >= OFF_DAYS or proof.short_roles else "medium"
