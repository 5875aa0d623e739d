"""What the API answers, as msgspec structs: one definition for the bytes and for the document.

snake_case JSON, RFC 3339 instants in UTC, ISO dates, decimals as text.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

Level = Literal["none", "low", "medium", "high", "not_assessed"]


class Shape(Struct, frozen=True, kw_only=True):
    """Something the API answers."""


class ExternalRef(Shape, frozen=True, kw_only=True):
    source: Annotated[str, Meta(examples=["portfolio"])]
    id: Annotated[str, Meta(examples=["P-0001"])]


class Money(Shape, frozen=True, kw_only=True):
    amount: Annotated[str, Meta(examples=["123.45"])]
    currency: Annotated[str, Meta(examples=["EUR"])]


class Named(Shape, frozen=True, kw_only=True):
    id: str
    name: str


class AsOf(Shape, frozen=True, kw_only=True):
    """Which moment the answer is about, and what "known then" means in it."""

    at: dt.datetime
    basis: Literal["now", "position", "recorded"]
    position: int | None = None


class Risk(Shape, frozen=True, kw_only=True):
    """The present assessment in short; `level` is `not_assessed` while there is not enough to go by."""

    level: Level
    probability_late: Annotated[float | None, Meta(description="Later than the date in force", examples=[0.42])] = None
    leeway_days: Annotated[int | None, Meta(description="Committed minus forecast, working days; negative is late")] = (
        None
    )
    forecast_go_live_on: dt.date | None = None
    as_of: dt.datetime | None = None


class GoLiveRange(Shape, frozen=True, kw_only=True):
    """Half of such projects were live by `p50_on`, four in five by `p80_on`."""

    p50_on: dt.date | None
    p80_on: dt.date | None
    projects: Annotated[int, Meta(description="Finished projects whose forecasts it rests on")]
    reason: Annotated[str, Meta(description="Stable code of why there is none", examples=["too_few_projects"])] = ""


class Margin(Shape, frozen=True, kw_only=True):
    """Margins as shares of the revenue; `stake` is what the forecast lacks of the margin sold, in money."""

    sold: Decimal | None
    planned: Decimal | None
    forecast: Decimal | None
    floor: Decimal | None
    points: Annotated[Decimal | None, Meta(description="Forecast minus sold, percentage points; negative is lost")]
    is_below_floor: bool
    eac: Money | None
    budget: Money | None
    stake: Money | None
    missing: Annotated[list[str], Meta(description="Why a figure is null")]


class WaitingOn(Shape, frozen=True, kw_only=True):
    """A party that something waits on; days are that party's working days."""

    party: Named | None
    track: str
    since_on: dt.date
    age_days: int
    float_days: Annotated[int | None, Meta(description="Least that its tasks can still slip before go-live does")]
    task_ids: list[str]
    held_tasks: Annotated[int, Meta(description="Open tasks that cannot go on before")]
    holds_go_live: bool


class ProjectSummary(Shape, frozen=True, kw_only=True):
    id: str
    external_ref: ExternalRef
    name: str
    customer: Named | None
    manager: Named | None
    playbook: str
    status: str
    stage: str
    baseline_go_live_on: dt.date | None
    committed_go_live_on: dt.date | None
    live_on: dt.date | None
    open_tasks: int
    done_tasks: int
    open_alerts: int
    risk: Risk
    go_live_range: GoLiveRange | None
    margin: Annotated[Margin | None, Meta(description="Null for roles that may not see money")]
    waiting_on: list[WaitingOn]


class ProjectPage(Shape, frozen=True, kw_only=True):
    data: list[ProjectSummary]
    next_cursor: str | None


class WaitOut(Shape, frozen=True, kw_only=True):
    """A waiting clock: it stands still on hold. Ages count the owner's own working time."""

    state: Literal["not_started", "running", "on_hold", "stopped"]
    since: dt.datetime | None
    age_days: int | None
    age_hours: Decimal | None


class HoldOut(Shape, frozen=True, kw_only=True):
    """`since` is null while the project is not on hold; `held_days` are working days on hold so far."""

    since: dt.datetime | None
    held_days: int


class CommitmentOut(Shape, frozen=True, kw_only=True):
    at: dt.datetime
    on: dt.date | None


class Task(Shape, frozen=True, kw_only=True):
    id: str
    external_ref: ExternalRef
    name: str
    stage: str
    track: Annotated[str, Meta(examples=["internal", "customer", "approval"])]
    status: str
    owner: Named | None
    effort_hours: Decimal | None
    planned_start_on: dt.date | None
    due_on: dt.date | None
    first_due_on: dt.date | None
    started_at: dt.datetime | None
    done_at: dt.datetime | None
    milestone: str
    depends_on: Annotated[list[str], Meta(description="Ids of the tasks it depends on")]
    waiting: Annotated[WaitOut | None, Meta(description="Null for a task that was never set waiting")] = None


class Project(Shape, frozen=True, kw_only=True):
    """A project as of a moment. Money is null for roles that may not see it."""

    id: str
    external_ref: ExternalRef
    as_of: AsOf
    name: str
    customer: Named | None
    manager: Named | None
    playbook: str
    status: str
    stage: str
    contract_signed_on: dt.date | None
    baseline_go_live_on: dt.date | None
    committed_go_live_on: dt.date | None
    expected_go_live_on: dt.date | None
    live_at: Annotated[dt.datetime | None, Meta(description="The first go-live; it stays when re-opened")]
    reopened_at: dt.datetime | None = None
    lacks_commitment: Annotated[bool, Meta(description="Re-opened, and no date promised since")] = False
    hold: HoldOut = HoldOut(since=None, held_days=0)
    commitments: Annotated[list[CommitmentOut], Meta(description="Every date promised, oldest first")] = field(
        default_factory=list
    )
    success_milestone: str
    fee: Money | None
    budget_hours: Decimal | None
    logged_hours: Decimal
    go_live_range: GoLiveRange | None
    margin: Margin | None
    waiting_on: list[WaitingOn]
    tasks: list[Task]


class EventOut(Shape, frozen=True, kw_only=True):
    id: str
    position: int | None
    type: Annotated[str, Meta(examples=["allocation.booked.v1"])]
    stream_id: str
    stream_version: int
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    appended_at: dt.datetime
    actor_id: str | None
    source: str
    causation_id: str | None
    correlation_id: str | None
    payload: dict[str, Any]
    hash: Annotated[str | None, Meta(description="SHA-256 of the chain up to here, hex; null until sealed")]


class EventPage(Shape, frozen=True, kw_only=True):
    data: list[EventOut]
    next_cursor: Annotated[str | None, Meta(description="Position to go on after; null when nothing newer is sealed")]


class EventsOut(Shape, frozen=True, kw_only=True):
    data: list[EventOut]


class Driver(Shape, frozen=True, kw_only=True):
    """Why the score is what it is, in log-odds against the average project the model knows."""

    feature: str
    direction: Literal["raises", "lowers"]
    value: float | None
    unit: str
    typical: float | None
    contribution: float
    step: Annotated[str, Meta(description="The step the project is in, where that is the feature")] = ""
    subject_ids: list[str]
    who_can_act: str
    next_step: str


class Score(Shape, frozen=True, kw_only=True):
    """P(go-live more than `k_days` working days after the date in force), with why, or why not.

    `log_odds` = `intercept` + the sum of `contributions`, exactly.
    """

    project_id: str
    external_ref: ExternalRef
    as_of: AsOf
    level: Level
    probability_late: float | None
    reason: Annotated[str, Meta(description="Stable code of why it was not assessed")] = ""
    sentence: str = ""
    basis: Annotated[
        Literal["", "own", "prior", "date"],
        Meta(description="Fitted on own projects, on generated ones (prior), or the date itself, which has passed"),
    ] = ""
    target: str
    k_days: int
    log_odds: float | None
    intercept: float | None
    contributions: dict[str, float]
    drivers: list[Driver]
    leeway_days: int | None
    forecast_go_live_on: dt.date | None
    go_live_range: GoLiveRange
    margin: Annotated[Margin | None, Meta(description="Null for roles that may not see money")]
    waiting_on: list[WaitingOn]
    features: dict[str, float | None]
    model_hash: str


class ScorePage(Shape, frozen=True, kw_only=True):
    data: list[Score]
    next_cursor: str | None


class NumberOut(Shape, frozen=True, kw_only=True):
    name: str
    value: Decimal
    unit: str
    threshold: Decimal | None


class EffectOut(Shape, frozen=True, kw_only=True):
    """What applying the proposal changes; `numbers` are the claim's own figures afterwards."""

    days: Decimal
    margin: Decimal | None
    currency: str
    numbers: list[NumberOut]


class ProposalOut(Shape, frozen=True, kw_only=True):
    proposal_id: str
    action: str
    args: dict[str, str]
    sentence: str
    effect: EffectOut
    is_feasible: bool


class DecisionOut(Shape, frozen=True, kw_only=True):
    at: dt.datetime
    actor_id: str | None
    verb: str
    proposal_id: str | None
    reason: str | None
    note: str
    until_on: dt.date | None


class AppliedOut(Shape, frozen=True, kw_only=True):
    proposal_id: str
    event_ids: list[str]
    applied_at: dt.datetime
    undone_at: dt.datetime | None


class Alert(Shape, frozen=True, kw_only=True):
    """A claim that can be checked: rule, thresholds, numbers, evidence, and what could be done."""

    alert_id: str = field(name="id")
    project_id: str
    other_project_ids: list[str]
    agent: Annotated[str, Meta(examples=["architect", "resource", "finance", "risk"])]
    rule_id: str
    kind: str
    severity: str
    lifecycle: str = field(name="state")
    claim: str
    wording: Annotated[str, Meta(description="The claim in a model's words, where there is a faithful one")] = ""
    numbers: list[NumberOut]
    subject_ids: list[str]
    evidence: Annotated[list[str], Meta(description="Ids of the events it rests on")]
    inputs: dict[str, str]
    proposals: list[ProposalOut]
    decisions: list[DecisionOut]
    applied: list[AppliedOut]
    as_of: dt.date | None
    raised_at: dt.datetime | None
    updated_at: dt.datetime | None
    cleared_at: dt.datetime | None
    cleared_reason: str
    expires_on: dt.date | None
    version: int


class CheckedNumber(Shape, frozen=True, kw_only=True):
    """A figure as the alert states it and as computed again. `place`: `claim`, or a proposal's id."""

    place: str
    name: str
    unit: str
    stated: Decimal | None
    recomputed: Decimal | None
    is_equal: bool


class Check(Shape, frozen=True, kw_only=True):
    """The alert held against the log as known when it was made, and whether its rule still fires now."""

    alert_id: str
    rule_id: str
    position: Annotated[int, Meta(description="How far the log had come when the alert was made")]
    as_of: dt.date
    is_confirmed: Annotated[bool, Meta(description="Every figure equal, every cited event known then")]
    numbers: list[CheckedNumber]
    missing_evidence: list[str]
    still_holds: bool
    numbers_now: list[NumberOut]


class AlertPage(Shape, frozen=True, kw_only=True):
    data: list[Alert]
    next_cursor: str | None


class CauseOut(Shape, frozen=True, kw_only=True):
    """An alert on its card: its kind in words with the number that decides."""

    alert_id: str
    kind: str
    severity: str
    line: str
    days_at_stake: Decimal | None
    money_at_stake: Money | None


class Card(Shape, frozen=True, kw_only=True):
    """What one project or person needs decided; the gravest cause first.

    At stake is the largest that one cause names, never a sum; null where no cause could count it, and money also for
    roles that may not see it.
    """

    card_id: str = field(name="id")
    subject_kind: Literal["project", "person", "portfolio"]
    subject: Named
    state: Literal["open", "snoozed", "done", "rejected", "closed"]
    on: Annotated[dt.date, Meta(description="The tenant's day on which it was looked at")]
    headline: str
    severity: str
    days_at_stake: Annotated[Decimal | None, Meta(description="Working days")]
    money_at_stake: Money | None
    ways_out: Annotated[int, Meta(description="Different proposals that could be carried out now")]
    project_ids: list[str]
    causes: list[CauseOut]


class CardPage(Shape, frozen=True, kw_only=True):
    data: list[Card]
    next_cursor: str | None


class CueTimeOut(Shape, frozen=True, kw_only=True):
    """A cited cue of the transcript, counted from 1, and when it was spoken in the recording."""

    cue: int
    start_ms: int | None
    end_ms: int | None


class SummaryItemOut(Shape, frozen=True, kw_only=True):
    """One thing that was said, with the speaker's words as `quote`. What nobody said is null."""

    id: str
    kind: Annotated[str, Meta(examples=["action_item", "date_commitment", "risk"])]
    text: str
    quote: str
    cues: list[CueTimeOut]
    speaker: str
    side: Literal["vendor", "customer", "unknown"]
    owner: str | None
    due_on: dt.date | None
    track: Literal["internal", "customer", "approval"] | None
    modality: Literal["committed", "tentative", "proposed", "declined"]
    confidence: Decimal
    needs_confirmation: bool
    origin: Literal["rules", "model"]
    state: Literal["open", "accepted", "dropped"]
    task_id: Annotated[str | None, Meta(description="The task that an accepted action item became")]
    decided_by: str | None
    decided_at: dt.datetime | None


class SummaryBrief(Shape, frozen=True, kw_only=True):
    id: str
    project_id: str
    transcript_id: str
    name: str
    held_on: dt.date
    language: str
    is_kickoff: bool
    is_erased: Annotated[bool, Meta(description="The words were erased; the counts are left")]
    item_count: int
    action_count: int
    open_count: Annotated[int, Meta(description="Items that nobody has accepted or dropped yet")]
    cue_count: int
    rules_version: str
    made_at: dt.datetime
    event_id: str


class Summary(SummaryBrief, frozen=True, kw_only=True):
    """A call's items in the order in which they were said; `notes` says what could not be read and why."""

    items: list[SummaryItemOut]
    notes: list[str]


class SummaryList(Shape, frozen=True, kw_only=True):
    data: list[SummaryBrief]


class Caller(Shape, frozen=True, kw_only=True):
    """The key's tenant and role."""

    tenant: str
    name: str
    role: str
    key_id: str
    is_frozen: bool
    project_ids: Annotated[list[str] | None, Meta(description="The only ones the key sees; null: all")] = None


class Readiness(Shape, frozen=True, kw_only=True):
    """The database answers and has the tables this program expects."""

    status: str
    revision: str
