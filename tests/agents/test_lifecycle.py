"""The life of an alert, whoever raises it: raised once, updated, cleared, rested, never flapping."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from agents.lifecycle import Habits, review
from agents.world import World
from risk.findings import Finding
from store.events import AlertDecided, Fact, Number
from store.events.alerts import Severity, Verb
from store.ids import AlertId, EventId, tenant_id_of
from store.log import Event
from store.projections.alerts.fold import AlertState, fold
from store.projections.tenants.fold import TenantState
from store.streams import alert_stream

TENANT = tenant_id_of("lifecycle")
START = dt.date(2024, 3, 4)


def finding(value: int = 5, severity: Severity = "medium", subject: str = "s", *, may_raise: bool = True) -> Finding:
    return Finding(
        rule_id="rule.v1",
        kind="rule",
        agent="risk",
        severity=severity,
        subject_key=subject,
        project_id="p",
        subject_ids=(),
        numbers=(Number(name="n", value=Decimal(value), unit="days"),),
        inputs={"as_of": START.isoformat()},
        evidence=("e",),
        first_on=START,
        last_on=START,
        expires_on=START + dt.timedelta(days=20),
        may_raise=may_raise,
    )


def work_up(_world: World, found: Finding) -> dict[str, Any]:
    names = ("severity", "project_id", "subject_ids", "numbers", "inputs", "evidence", "expires_on")
    kept = {name: msgspec.to_builtins(getattr(found, name)) for name in names}
    return {**kept, "claim": "Something is so.", "proposals": [], "as_of": START}


class Life:
    """The alerts of one subject, day by day."""

    def __init__(self, habits: Habits | None = None) -> None:
        self.alerts: dict[str, AlertState] = {}
        self.habits = habits or Habits()
        self.day = 0

    def look(self, *findings: Finding) -> list[str]:
        self.day += 1
        on = START + dt.timedelta(days=self.day)
        now = dt.datetime.combine(on, dt.time(9), dt.UTC)
        world = World(TENANT, TenantState(), {}, {}, now, on)
        own = list(self.alerts.values())
        drafts = review(world, findings, own, work_up, agent="risk", position=self.day, habits=self.habits)
        for draft in drafts:
            self.happen(draft.fact)
        return [draft.fact.TYPE.partition(".")[2] for draft in drafts]

    def happen(self, fact: Fact) -> None:
        alert_id: str = fact.alert_id  # type: ignore[attr-defined]
        before = self.alerts.get(alert_id)
        at = dt.datetime.combine(START + dt.timedelta(days=self.day), dt.time(10), dt.UTC)
        event = Event(
            tenant_id=TENANT,
            stream_id=alert_stream(alert_id),
            stream_version=(before.version if before else 0) + 1,
            event_id=EventId(f"{alert_id}/{self.day}"),
            fact=fact,
            occurred_at=at,
            recorded_at=at,
            appended_at=at,
            source="test",
        )
        self.alerts[alert_id] = fold([event], before)

    def decide(self, verb: Verb) -> None:
        (alert_id,) = self.alerts
        self.happen(AlertDecided(alert_id=AlertId(alert_id), verb=verb, reason="known" if verb == "reject" else None))


def test_a_finding_is_raised_once_and_updated_when_it_says_something_else() -> None:
    life = Life()
    assert [life.look(finding()), life.look(finding()), life.look(finding(6))] == [["raised"], [], ["updated"]]


def test_what_is_gone_is_cleared_once_and_what_comes_back_is_the_same_alert() -> None:
    life = Life()
    assert [life.look(finding()), life.look(), life.look(), life.look(finding())] == [
        ["raised"],
        ["cleared"],
        [],
        ["updated"],
    ]
    assert len(life.alerts) == 1


def test_a_finding_that_may_not_raise_keeps_what_is_open_and_opens_nothing() -> None:
    weak, life = finding(4, may_raise=False), Life()
    assert [life.look(weak), life.look(finding()), life.look(weak), life.look(), life.look(weak)] == [
        [],
        ["raised"],
        ["updated"],
        ["cleared"],
        [],
    ]


def test_a_rejected_alert_stays_rejected_until_it_is_graver() -> None:
    life = Life()
    life.look(finding())
    life.decide("reject")
    assert life.look(finding(50)) == []
    assert life.look(finding(50, "high")) == ["raised", "cleared"]
    assert sorted(alert.lifecycle for alert in life.alerts.values()) == ["open", "rejected"]


def test_a_settled_alert_rests_or_comes_back_as_its_agent_has_it() -> None:
    for rests, expected in ((True, []), (False, ["raised", "cleared"])):
        life = Life(Habits(rests_when_done=rests))
        life.look(finding())
        life.decide("approve")
        assert life.look(finding()) == expected


def test_a_settled_alert_whose_condition_was_gone_is_followed_by_a_new_one() -> None:
    life = Life()
    life.look(finding())
    life.decide("approve")
    assert [life.look(), life.look(finding())] == [["cleared"], ["raised"]]


def test_a_rejection_outlives_its_condition_for_four_weeks() -> None:
    life = Life()
    life.look(finding())
    life.decide("reject")
    assert [life.look(), life.look(finding())] == [["cleared"], []]
    life.day = 40
    assert life.look(finding()) == ["raised"]


def test_other_subjects_have_alerts_of_their_own() -> None:
    life = Life()
    assert life.look(finding(subject="a"), finding(subject="b")) == ["raised", "raised"]
    assert life.look(finding(subject="b")) == ["cleared"]


def test_what_ran_out_of_time_expires() -> None:
    life = Life()
    life.look(finding())
    life.day = 30
    life.look()
    assert [alert.lifecycle for alert in life.alerts.values()] == ["expired"]


def test_a_snoozed_alert_is_brought_up_to_date_asleep_and_wakes_when_it_got_worse() -> None:
    """Worse than it was when it was snoozed: 6 and 9 days creep up on 5, 10 are twice as many."""
    life = Life(Habits(is_worse=lambda alert, found: found.numbers[0].value >= 2 * alert.numbers[0].value))
    life.look(finding())
    life.decide("snooze")
    lives = []
    for value in (6, 9, 10, 11):
        assert life.look(finding(value)) == ["updated"]
        lives += [alert.lifecycle for alert in life.alerts.values()]
    assert lives == ["snoozed", "snoozed", "open", "open"]


def test_an_unchanged_or_hovering_finding_wakes_nobody() -> None:
    life = Life()
    life.look(finding())
    life.decide("snooze")
    assert life.look(finding()) == []
    assert life.look(finding(5, "high", may_raise=False)) == ["updated"]
    assert [alert.lifecycle for alert in life.alerts.values()] == ["snoozed"]
