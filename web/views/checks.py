"""An alert held against the log, and against what somebody saw of it earlier. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from agents.check import CLAIM, CheckReport
from store.projections.alerts.fold import AlertState
from web.views.case import step
from web.views.names import Names
from web.words import amount, number_label


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A figure as stated, as computed again from what was known then, and as it is now."""

    place: str
    label: str
    stated: str
    recomputed: str
    now: str
    is_equal: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found."""

    is_confirmed: bool
    still_holds: bool
    as_of: dt.date
    position: int
    lines: Sequence[CheckLine]
    missing: int
    proposal_figures: int
    proposal_differences: int


def checked(report: CheckReport) -> Checked:
    """The report as a person reads it: the claim's figures one by one, the proposals' in sum."""
    now = {number.name: number for number in report.numbers_now}
    claimed = [number for number in report.numbers if number.place == CLAIM]
    others = [number for number in report.numbers if number.place != CLAIM]
    return Checked(
        is_confirmed=report.is_confirmed,
        still_holds=report.still_holds,
        as_of=report.as_of,
        position=report.position,
        lines=[
            CheckLine(
                place=number.place,
                label=number_label(number.name, number.unit),
                stated=amount(number.stated, number.unit),
                recomputed=amount(number.recomputed, number.unit),
                now=amount(now[number.name].value, number.unit) if number.name in now else "–",
                is_equal=number.is_equal,
            )
            for number in claimed
        ],
        missing=len(report.missing_evidence),
        proposal_figures=len(others),
        proposal_differences=sum(not number.is_equal for number in others),
    )


def changes(then: AlertState, now: AlertState, names: Names) -> list[str]:
    """What is different since somebody opened the alert, in sentences."""
    found = [
        f"{step.text}, by {step.who}."
        for step in (step(now, n, names) for n in range(len(then.decisions), len(now.decisions)))
    ]
    if then.lifecycle != now.lifecycle:
        found.append(f"It is now {now.lifecycle}.")
    before = {number.name: number for number in then.numbers}
    for number in now.numbers:
        old = before.get(number.name)
        if old and old.value != number.value:
            label = number_label(number.name, number.unit)
            found.append(f"{label}: {amount(old.value, number.unit)} then, {amount(number.value, number.unit)} now.")
    if {p.proposal_id for p in then.proposals} != {p.proposal_id for p in now.proposals}:
        found.append("Other proposals are offered.")
    return found
