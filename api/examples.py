"""One example for every operation, made of the shapes themselves, so that none can lie about its form. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from api import (
    baseline_examples,
    engagement_examples,
    erasure_examples,
    examples_capacity,
    playbook_examples,
    playbook_shapes,
    shapes,
    vault_examples,
)
from api.errors import problem_body

PROJECT_ID = "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"
OTHER_PROJECT_ID = "b1b6ad10-7f0e-5d0a-9a51-2f4a7b0c6d33"
PERSON_ID = "5f4f1f6a-7f4a-5c68-9a53-0c8f1a0b6a11"
COLLEAGUE_ID = "d2a7c9e4-1b3f-5e8d-8c6a-7e5f4d3c2b1a"
ALLOCATION_ID = "7e9d6c5b-4a3f-5d2e-9c1b-0a9f8e7d6c5b"
TASK_ID = "3a2b1c0d-9e8f-5a7b-8c6d-5e4f3a2b1c0d"
ALERT_ID = "9c8b7a69-5847-5362-8514-03f2e1d0cfbe"
SUMMARY_ID = "6f5e4d3c-2b1a-5f0e-8d9c-8b7a69584736"
EVENT_ID = "1f2e3d4c-5b6a-5798-8796-a5b4c3d2e1f0"
MONDAY = dt.date(2026, 9, 14)
FRIDAY = dt.date(2026, 9, 18)
NOON = dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC)

_MANAGER = shapes.Named(id=COLLEAGUE_ID, name="Alex Example")
_CUSTOMER = shapes.Named(id="aa11bb22-cc33-5d44-8e55-ff6600771188", name="Example Logistics")
_SOURCE = shapes.ExternalRef(source="portfolio", id="P-0007")
_NOW = shapes.AsOf(at=NOON, basis="now", position=None)

_RANGE = shapes.GoLiveRange(p50_on=dt.date(2026, 10, 12), p80_on=dt.date(2026, 10, 21), projects=24)
_MARGIN = shapes.Margin(
    sold=Decimal("0.42"),
    planned=Decimal("0.40"),
    forecast=Decimal("0.3625"),
    floor=Decimal("0.30"),
    points=Decimal("-5.75"),
    is_below_floor=False,
    eac=shapes.Money(amount="30600.00", currency="EUR"),
    budget=shapes.Money(amount="27840.00", currency="EUR"),
    stake=shapes.Money(amount="2760.00", currency="EUR"),
    missing=[],
)
_WAITING = shapes.WaitingOn(
    party=shapes.Named(id="bb22cc33-dd44-5e55-8f66-aa7788990011", name="Robin Example"),
    track="customer",
    since_on=dt.date(2026, 8, 25),
    age_days=5,
    float_days=2,
    task_ids=[TASK_ID],
    held_tasks=6,
    holds_go_live=True,
)

_SUMMARY = shapes.ProjectSummary(
    id=PROJECT_ID,
    external_ref=_SOURCE,
    name="Example Logistics onboarding",
    customer=_CUSTOMER,
    manager=_MANAGER,
    playbook="standard",
    status="active",
    stage="configuration",
    baseline_go_live_on=dt.date(2026, 10, 2),
    committed_go_live_on=dt.date(2026, 10, 9),
    live_on=None,
    open_tasks=11,
    done_tasks=9,
    open_alerts=1,
    risk=shapes.Risk(
        level="medium", probability_late=0.42, leeway_days=-2, forecast_go_live_on=dt.date(2026, 10, 13), as_of=NOON
    ),
    go_live_range=_RANGE,
    margin=_MARGIN,
    waiting_on=[_WAITING],
)
_TASK = shapes.Task(
    id=TASK_ID,
    external_ref=shapes.ExternalRef(source="portfolio", id="T-0031"),
    name="Data migration",
    stage="configuration",
    track="internal",
    status="in_progress",
    owner=shapes.Named(id=PERSON_ID, name="Sam Sample"),
    effort_hours=Decimal(24),
    planned_start_on=MONDAY,
    due_on=FRIDAY,
    first_due_on=FRIDAY,
    started_at=NOON,
    done_at=None,
    milestone="",
    depends_on=[],
)
_PROJECT = shapes.Project(
    id=PROJECT_ID,
    external_ref=_SOURCE,
    as_of=_NOW,
    name="Example Logistics onboarding",
    customer=_CUSTOMER,
    manager=_MANAGER,
    playbook="standard",
    status="active",
    stage="configuration",
    contract_signed_on=dt.date(2026, 6, 1),
    baseline_go_live_on=dt.date(2026, 10, 2),
    committed_go_live_on=dt.date(2026, 10, 9),
    expected_go_live_on=None,
    live_at=None,
    success_milestone="First shipment booked",
    fee=shapes.Money(amount="48000.00", currency="EUR"),
    budget_hours=Decimal(320),
    logged_hours=Decimal("141.5"),
    go_live_range=_RANGE,
    margin=_MARGIN,
    waiting_on=[_WAITING],
    tasks=[_TASK],
)
_PAYLOAD = {
    "person_id": PERSON_ID,
    "project_id": PROJECT_ID,
    "role": "solution_consultant",
    "starts_on": MONDAY.isoformat(),
    "ends_on": FRIDAY.isoformat(),
    "hours_per_day": "4",
}
_EVENT = shapes.EventOut(
    id=EVENT_ID,
    position=1204,
    type="allocation.booked.v1",
    stream_id=f"capacity/{PERSON_ID}",
    stream_version=12,
    occurred_at=NOON,
    recorded_at=NOON,
    appended_at=NOON,
    actor_id="key:lw_4fT9aQ",
    source="api",
    causation_id=None,
    correlation_id=None,
    payload={"allocation_id": ALLOCATION_ID, **_PAYLOAD},
    hash="5d1f0a9c22c64a3a54f0f5f7c8d265a1c1f0a9c220c64a3a54f0f5f7c8d265a1",
)
_SCORE = shapes.Score(
    project_id=PROJECT_ID,
    external_ref=_SOURCE,
    as_of=_NOW,
    level="medium",
    probability_late=0.42,
    basis="own",
    target="current",
    k_days=0,
    log_odds=-0.3228,
    intercept=-0.7228,
    contributions={"overdue_share": 0.4},
    drivers=[
        shapes.Driver(
            feature="overdue_share",
            direction="raises",
            value=0.27,
            unit="share",
            typical=0.11,
            contribution=0.4,
            subject_ids=[TASK_ID],
            who_can_act="delivery",
            next_step="Finish or re-plan what is overdue.",
        )
    ],
    leeway_days=-2,
    forecast_go_live_on=dt.date(2026, 10, 13),
    go_live_range=_RANGE,
    margin=_MARGIN,
    waiting_on=[_WAITING],
    features={"overdue_share": 0.27},
    model_hash="8f14e45fceea167a",
)
_HOURS_OVER = shapes.NumberOut(name="hours_over", value=Decimal(6), unit="h", threshold=Decimal(0))
_EFFECT = shapes.EffectOut(
    days=Decimal(0),
    margin=Decimal("60.00"),
    currency="EUR",
    numbers=[replace(_HOURS_OVER, value=Decimal(0))],
)
_ALERT = shapes.Alert(
    alert_id=ALERT_ID,
    project_id=PROJECT_ID,
    other_project_ids=[OTHER_PROJECT_ID],
    agent="resource",
    rule_id="resource.over_allocation.v1",
    kind="over_allocation",
    severity="high",
    lifecycle="open",
    claim="P-12 (solution consultant) is booked 50 h against 40 h from 2026-09-14 to 2026-09-18.",
    numbers=[_HOURS_OVER],
    subject_ids=[PERSON_ID, ALLOCATION_ID],
    evidence=[EVENT_ID],
    inputs={"person_id": PERSON_ID, "as_of": "2026-09-01", "position": "1204"},
    proposals=[
        shapes.ProposalOut(
            proposal_id="5b1e6a0c",
            action="reassign",
            args={"allocation_id": ALLOCATION_ID, "to_person_id": COLLEAGUE_ID},
            sentence="Give the 4 h a day to P-15. Go-live stays. Margin +60.00 EUR.",
            effect=_EFFECT,
            is_feasible=True,
        )
    ],
    decisions=[],
    applied=[],
    as_of=NOON.date(),
    raised_at=NOON,
    updated_at=NOON,
    cleared_at=None,
    cleared_reason="",
    expires_on=FRIDAY,
    version=1,
)
_CARD = shapes.Card(
    card_id=f"project:{PROJECT_ID}",
    subject_kind="project",
    subject=shapes.Named(id=PROJECT_ID, name="Example Logistics onboarding"),
    state="open",
    on=NOON.date(),
    headline="Goes live 4 days late; margin 19 points down",
    severity="high",
    days_at_stake=Decimal(4),
    money_at_stake=shapes.Money(amount="2794.25", currency="EUR"),
    ways_out=2,
    project_ids=[PROJECT_ID],
    causes=[
        shapes.CauseOut(
            alert_id=ALERT_ID,
            kind="margin_drift",
            severity="high",
            line="Margin 28.6 % of 48 % sold",
            days_at_stake=None,
            money_at_stake=shapes.Money(amount="2794.25", currency="EUR"),
        )
    ],
)
_DECIDED = replace(
    _ALERT,
    lifecycle="done",
    version=3,
    decisions=[
        shapes.DecisionOut(
            at=NOON,
            actor_id="key:lw_4fT9aQ",
            verb="approve",
            proposal_id="5b1e6a0c",
            reason=None,
            note="Agreed in the stand-up",
            until_on=None,
        )
    ],
    applied=[shapes.AppliedOut(proposal_id="5b1e6a0c", event_ids=[EVENT_ID], applied_at=NOON, undone_at=None)],
)
_CHECK = shapes.Check(
    alert_id=ALERT_ID,
    rule_id="resource.over_allocation.v1",
    position=1204,
    as_of=NOON.date(),
    is_confirmed=True,
    numbers=[
        shapes.CheckedNumber(
            place="claim", name="hours_over", unit="h", stated=Decimal(6), recomputed=Decimal(6), is_equal=True
        )
    ],
    missing_evidence=[],
    still_holds=True,
    numbers_now=[_HOURS_OVER],
)
_SUMMARIZED = shapes.Summary(
    id=SUMMARY_ID,
    project_id=PROJECT_ID,
    transcript_id="4d3c2b1a-0f9e-5d8c-8b7a-69584736251f",
    name="Kickoff",
    held_on=dt.date(2026, 9, 1),
    language="en",
    is_kickoff=True,
    is_erased=False,
    item_count=1,
    action_count=1,
    open_count=1,
    cue_count=1,
    rules_version="rules-2",
    made_at=NOON,
    event_id=EVENT_ID,
    items=[
        shapes.SummaryItemOut(
            id="2b1a0f9e-8d7c-5b6a-8958-4736251f4d3c",
            kind="action_item",
            text="I'll send you the extract of the item master by Friday.",
            quote="I'll send you the extract of the item master by Friday.",
            cues=[shapes.CueTimeOut(cue=1, start_ms=5000, end_ms=9000)],
            speaker="Caro Client",
            side="customer",
            owner="Caro Client",
            due_on=dt.date(2026, 9, 4),
            track="customer",
            modality="committed",
            confidence=Decimal("0.80"),
            needs_confirmation=False,
            origin="rules",
            state="open",
            task_id=None,
            decided_by=None,
            decided_at=None,
        )
    ],
    notes=[],
)
_BRIEF = msgspec.convert(_SUMMARIZED, shapes.SummaryBrief, from_attributes=True)
_SPOKEN = "Caro Client: I'll send you the extract of the item master by Friday."
TRANSCRIPTS: dict[str, Any] = {
    "text/vtt": f"WEBVTT\n\n1\n00:00:05.000 --> 00:00:09.000\n{_SPOKEN}\n",
    "application/x-subrip": f"1\n00:00:05,000 --> 00:00:09,000\n{_SPOKEN}\n",
    "text/plain": f"{_SPOKEN}\n",
    "application/json": {
        "transcript": [
            {
                "speaker": {"display_name": "Caro Client"},
                "text": "I'll send you the extract of the item master by Friday.",
                "timestamp": "00:00:05",
            }
        ]
    },
}
"""Media type -> a call of that form."""

_ME = shapes.Caller(tenant="main", name="reporting", role="viewer", key_id="lw_4fT9aQ", is_frozen=False)


REQUESTS: dict[str, Any] = {
    "decide_on_item": {"verb": "accept", "due_on": "2026-09-04"},
    "decide_alert": {"verb": "approve", "proposal_id": "5b1e6a0c", "note": "Agreed in the stand-up"},
    "record_events": {"events": [{"type": "allocation.booked.v1", "payload": _PAYLOAD}]},
    **vault_examples.REQUESTS,
    **baseline_examples.REQUESTS,
    **erasure_examples.REQUESTS,
    **playbook_examples.REQUESTS,
}
"""Operation -> a body it takes."""

ANSWERS: dict[str, dict[str, shapes.Shape | str]] = {
    "list_projects": {"200": shapes.ProjectPage(data=[_SUMMARY], next_cursor=None)},
    "read_project": {"200": _PROJECT},
    "list_project_events": {"200": shapes.EventPage(data=[_EVENT], next_cursor=None)},
    "read_risk": {"200": _SCORE},
    "read_risk_history": {"200": shapes.ScorePage(data=[_SCORE], next_cursor=None)},
    "list_cards": {"200": shapes.CardPage(data=[_CARD], next_cursor=None)},
    "list_alerts": {"200": shapes.AlertPage(data=[_ALERT], next_cursor=None)},
    "read_alert": {"200": _ALERT},
    "check_alert": {"200": _CHECK},
    "decide_alert": {"201": _DECIDED},
    "receive_transcript": {"201": _SUMMARIZED},
    "list_summaries": {"200": shapes.SummaryList(data=[_BRIEF])},
    "read_summary": {"200": _SUMMARIZED},
    "decide_on_item": {"201": _SUMMARIZED},
    "follow_events": {"200": shapes.EventPage(data=[_EVENT], next_cursor=None)},
    "read_event": {"200": _EVENT},
    "record_events": {"201": shapes.EventsOut(data=[_EVENT])},
    **vault_examples.ANSWERS,
    **baseline_examples.ANSWERS,
    **engagement_examples.ANSWERS,
    **erasure_examples.ANSWERS,
    **playbook_examples.ANSWERS,
    "start_project": {
        "201": playbook_shapes.ProjectStarted(is_new=True, playbook_id="fast-start", version=1, project=_PROJECT)
    },
    "who_am_i": {"200": _ME},
    "healthz": {"200": "ok"},
    "readyz": {"200": shapes.Readiness(status="ready", revision="0003")},
    **examples_capacity.ANSWERS,
    "metrics": {"200": 'leeway_http_requests_total{method="GET",route="/v1/me",status="200"} 12.0\n'},
}
"""Operation -> what it answers, by status: an example, and by its type the form."""


_SHOWN: tuple[tuple[int, str, str, str, str], ...] = (
    (400, "malformed_body", "There was an error parsing the body.", "Send JSON (RFC 8259) in UTF-8.", ""),
    (401, "unauthenticated", "The request carries no valid key.", "Send `Authorization: Bearer KEY`.", ""),
    (403, "role_too_low", "The role viewer may not do this.", "It takes admin or manager.", ""),
    (404, "unknown_alert", "There is no such alert.", "List them with GET /v1/alerts.", ""),
    (409, "alert_expired", "The alert expired on 2026-09-18: its days have passed.", "Decide on an open one.", ""),
    (412, "stale_version", "The alert is at version 3, not 1.", "Read it again.", ""),
    (413, "too_large", "The body is larger than 10 MB.", "Split it.", ""),
    (415, "unsupported_media_type", "The body is text/csv.", "Send JSON.", "header.Content-Type"),
    (422, "bad_instant", "as_of is 'yesterday'.", "Expected a date or an instant.", "query.as_of"),
    (429, "too_many_calls", "This key has made more than 60000 calls a minute.", "Wait 1 s.", ""),
    (503, "database_unavailable", "The database does not answer.", "Try again.", ""),
)


PROBLEMS: dict[str, Any] = {
    str(status): problem_body(status, code, detail, remedy=remedy, where=where).model_dump()
    for status, code, detail, remedy, where in _SHOWN
}
"""Status -> an example of its problem."""
