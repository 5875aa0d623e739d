"""A live worker, told day by day what a portfolio's source recorded, says what the replay says at the same instants."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

import pytest

from agents.runner import Runner
from agents.thinkers import THINKERS
from evals.replay.alerts import replay_alerts
from evals.replay.portfolio import SLUG, Portfolio
from risk.detectors import late_risk
from store.clock import FixedClock
from store.embedded import Server
from store.ground import Ground, ground_at
from store.log import Draft, Event, Write
from store.projections.alerts import rows as alert_rows
from tests.databases import clone

Said = tuple[str, str, str, str]
FIRST, LAST = 27, 40
"""The worker's days: before them the replay says nothing, within them alerts come."""
_numbers = itertools.count()


@pytest.fixture
def live(server: Server, worker_id: str, few: Portfolio) -> Iterator[tuple[Ground, FixedClock]]:
    clock = FixedClock(next(at for _, at in few.days(is_weekly=False)))
    ground = ground_at(clone(server, f"parity_{worker_id}_{next(_numbers)}"), clock=clock, may_be_unsafe=True)
    yield ground, clock
    ground.close()


def append(ground: Ground, portfolio: Portfolio, events: Sequence[Event], now: dt.datetime) -> None:
    writes: list[Write] = [
        (e.stream_id, [Draft(e.event_id, e.fact, e.occurred_at, e.recorded_at, e.source)], None) for e in events
    ]
    for write in writes:
        ground.log.append(portfolio.tenant_id, [write], now=now)


def said_live(ground: Ground, portfolio: Portfolio) -> list[Said]:
    with ground.database.tx(portfolio.tenant_id) as connection:
        rows = alert_rows.page(connection, portfolio.tenant_id, alert_rows.AlertFilter(), limit=200).rows
    found = ground.alerts(portfolio.tenant_id, [str(row["alert_id"]) for row in rows]).values()
    return sorted(
        (
            portfolio.names[alert.project_id],
            alert.kind,
            stamp(portfolio, alert.raised_at),
            stamp(portfolio, alert.cleared_at),
        )
        for alert in found
        if alert.kind != late_risk.KIND  # scores are not compared here: the replay was given none
    )


def said_by_replay(portfolio: Portfolio, until: dt.datetime) -> list[Said]:
    """The replay's alerts as they stood then; lines show them as they were raised."""
    known = [line for line in replay_alerts(portfolio, {}) if line["raised_at"] <= stamp(portfolio, until)]
    return sorted(
        (
            line["project_id"],
            line["kind"],
            line["raised_at"],
            line["cleared_at"] if (line["cleared_at"] or "9") <= stamp(portfolio, until) else "",
        )
        for line in known
    )


def stamp(portfolio: Portfolio, at: dt.datetime | None) -> str:
    return at.astimezone(portfolio.zone).isoformat(timespec="seconds") if at else ""


def test_a_live_worker_says_what_the_replay_says(few: Portfolio, live: tuple[Ground, FixedClock]) -> None:
    ground, clock = live
    ground.tenants.open(SLUG)
    days = [(day, at) for day, at in few.days(is_weekly=False)][:LAST]
    rest = list(few.events)
    for number, (day, at) in enumerate(days):
        clock.advance(at - clock.now())
        known = [event for event in rest if event.recorded_at <= at]
        rest = rest[len(known) :]
        append(ground, few, known, at)
        if number >= FIRST and few.calendar.is_working_day(day):
            Runner(ground, THINKERS).run_until_idle()
    assert said_by_replay(few, days[-1][1])
    assert said_live(ground, few) == said_by_replay(few, days[-1][1])
