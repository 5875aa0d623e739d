"""What the API says, as pydantic models: the schema of the answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from api.texts import Text, dated, plain, wired
from store.events.alerts import RejectReason, Verb
from store.events.summaries import ItemVerb

Figure = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
"""A decimal as text, never in scientific notation."""

Day = Annotated[dt.date, BeforeValidator(dated)]
Instant = Annotated[AwareDatetime, BeforeValidator(dated)]
Level = Literal["none", "low", "medium", "high", "not_assessed"]
Wire = Annotated[dict[str, Any], BeforeValidator(wired)]


class Shape(BaseModel):
    """snake_case JSON, RFC 3339 instants, ISO dates, hours as decimal text."""

    model_config = ConfigDict(from_attributes=True)


class ExternalRef(Shape):
    source: str = Field(examples=["portfolio"])
    id: str = Field(examples=["P-0001"])


class Money(Shape):
    amount: str = Field(examples=["123.45"])
    currency: str = Field(examples=["EUR"])


class Named(Shape):
    id: str
    name: str


class AsOf(Shape):
    """Which moment the answer is about, and what "known then" means in it."""

    at: dt.datetime
    basis: Literal["now", "position", "recorded"]
    position: int | None = None


class Risk(Shape):
    """The present assessment in short; `level` is `not_assessed` while there is not enough to go by."""

    level: Level
    probability_late: float | None = Field(None, description="Later than the date in force", examples=[0.42])
    leeway_days: int | None = Field(None, description="Committed minus forecast, working days; negative is late")
    forecast_go_live_on: dt.date | None = None
    as_of: dt.datetime | None = None


class ProjectSummary(Shape):
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


class ProjectPage(Shape):
    data: list[ProjectSummary]
    next_cursor: str | None


class Task(Shape):
    id: str
    external_ref: ExternalRef
    name: str
    stage: str
    track: str = Field(examples=["internal", "customer", "approval"])
    status: str
    owner: Named | None
    effort_hours: Figure | None
    planned_start_on: dt.date | None
    due_on: dt.date | None
    first_due_on: dt.date | None
    started_at: dt.datetime | None
    done_at: dt.datetime | None
    milestone: str
    depends_on: list[str] = Field(description="Ids of the tasks it depends on")


class Project(Shape):
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
    live_at: dt.datetime | None
    success_milestone: str
    fee: Money | None
    budget_hours: Figure | None
    logged_hours: Figure
    tasks: list[Task]


class EventOut(Shape):
    id: str
    position: int | None
    type: str = Field(examples=["allocation.booked.v1"])
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
    hash: str | None = Field(description="SHA-256 of the chain up to here, hex; null until sealed")


class EventPage(Shape):
    data: list[EventOut]
    next_cursor: str | None = Field(description="Position to go on after; null when nothing newer is sealed")


class EventIn(Shape):
    """A fact to record. Ids of new things may be left out; they are made."""

    model_config = ConfigDict(extra="forbid")
    type: Text = Field(max_length=100, examples=["allocation.booked.v1"])
    payload: Wire = Field(description="The fact's own fields, by its type; see the schemas of the same name")
    occurred_at: Instant | None = Field(None, description="When it happened; now unless said otherwise")


class EventsIn(Shape):
    model_config = ConfigDict(extra="forbid")
    events: list[EventIn] = Field(min_length=1, max_length=500)


class EventsOut(Shape):
    data: list[EventOut]


class Driver(Shape):
    """Why the score is what it is, in log-odds against the average project the model knows."""

    feature: str
    direction: Literal["raises", "lowers"]
    value: float | None
    unit: str
    typical: float | None
    contribution: float
    step: str = Field("", description="The step the project is in, where that is the feature")
    subject_ids: list[str]
    who_can_act: str
    next_step: str


class Score(Shape):
    """P(go-live more than `k_days` working days after the date in force), with why, or why not.

    `log_odds` = `intercept` + the sum of `contributions`, exactly.
    """

    project_id: str
    external_ref: ExternalRef
    as_of: AsOf
    level: Level
    probability_late: float | None
    reason: str = Field("", description="Stable code of why it was not assessed")
    sentence: str = ""
    target: str
    k_days: int
    log_odds: float | None
    intercept: float | None
    contributions: dict[str, float]
    drivers: list[Driver]
    leeway_days: int | None
    forecast_go_live_on: dt.date | None
    features: dict[str, float | None]
    model_hash: str


class ScorePage(Shape):
    data: list[Score]
    next_cursor: str | None


class NumberOut(Shape):
    name: str
    value: Figure
    unit: str
    threshold: Figure | None


class EffectOut(Shape):
    """What applying the proposal changes; `numbers` are the claim's own figures afterwards."""

    days: Figure
    margin: Figure | None
    currency: str
    numbers: list[NumberOut]


class ProposalOut(Shape):
    proposal_id: str
    action: str
    args: dict[str, str]
    sentence: str
    effect: EffectOut
    is_feasible: bool


class DecisionOut(Shape):
    at: dt.datetime
    actor_id: str | None
    verb: str
    proposal_id: str | None
    reason: str | None
    note: str
    until_on: dt.date | None


class AppliedOut(Shape):
    proposal_id: str
    event_ids: list[str]
    applied_at: dt.datetime
    undone_at: dt.datetime | None


class Alert(Shape):
    """A claim that can be checked: rule, thresholds, numbers, evidence, and what could be done."""

    id: str
    project_id: str
    other_project_ids: list[str]
    agent: str = Field(examples=["architect", "resource", "finance", "risk"])
    rule_id: str
    kind: str
    severity: str
    state: str
    claim: str
    wording: str = Field("", description="The claim in a language model's words, where there is a faithful one")
    numbers: list[NumberOut]
    subject_ids: list[str]
    evidence: list[str] = Field(description="Ids of the events it rests on")
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


class CheckedNumber(Shape):
    """A figure as the alert states it and as computed again. `place`: `claim`, or a proposal's id."""

    place: str
    name: str
    unit: str
    stated: Figure | None
    recomputed: Figure | None
    is_equal: bool


class Check(Shape):
    """The alert held against the log as known when it was made, and whether its rule still fires now."""

    alert_id: str
    rule_id: str
    position: int = Field(description="How far the log had come when the alert was made")
    as_of: dt.date
    is_confirmed: bool = Field(description="Every figure equal, every cited event known then")
    numbers: list[CheckedNumber]
    missing_evidence: list[str]
    still_holds: bool
    numbers_now: list[NumberOut]


class AlertPage(Shape):
    data: list[Alert]
    next_cursor: str | None


class DecisionIn(Shape):
    """What the reviewer does. `approve` names a proposal, `reject` a reason, `snooze` a date."""

    model_config = ConfigDict(extra="forbid")
    verb: Verb
    proposal_id: Text | None = Field(None, max_length=200)
    args: dict[Text, Text] = Field({}, max_length=100, description="Edited arguments of the proposal, for `edit`")
    reason: RejectReason | None = None
    note: Text = Field("", max_length=2000)
    until_on: Day | None = None
    assignee_id: Text | None = Field(None, max_length=200)


class CueTimeOut(Shape):
    """A cited cue of the transcript, counted from 1, and when it was spoken in the recording."""

    cue: int
    start_ms: int | None
    end_ms: int | None


class SummaryItemOut(Shape):
    """One thing that was said, with the speaker's words as `quote`. What nobody said is null."""

    id: str
    kind: str = Field(examples=["action_item", "date_commitment", "risk"])
    text: str
    quote: str
    cues: list[CueTimeOut]
    speaker: str
    side: Literal["vendor", "customer", "unknown"]
    owner: str | None
    due_on: dt.date | None
    track: Literal["internal", "customer", "approval"] | None
    modality: Literal["committed", "tentative", "proposed", "declined"]
    confidence: Figure
    needs_confirmation: bool
    origin: Literal["rules", "model"]
    state: Literal["open", "accepted", "dropped"]
    task_id: str | None = Field(description="The task that an accepted action item became")
    decided_by: str | None
    decided_at: dt.datetime | None


class SummaryBrief(Shape):
    id: str
    project_id: str
    transcript_id: str
    name: str
    held_on: dt.date
    language: str
    is_kickoff: bool
    is_erased: bool = Field(description="The words were erased; the counts are left")
    item_count: int
    action_count: int
    open_count: int = Field(description="Items that nobody has accepted or dropped yet")
    cue_count: int
    rules_version: str
    made_at: dt.datetime
    event_id: str


class Summary(SummaryBrief):
    """A call's items in the order in which they were said; `notes` says what could not be read and why."""

    items: list[SummaryItemOut]
    notes: list[str]


class SummaryList(Shape):
    data: list[SummaryBrief]


class ItemDecisionIn(Shape):
    """`edit` needs a text. With `accept` of an action item, the other fields overrule what was said."""

    model_config = ConfigDict(extra="forbid")
    verb: ItemVerb
    text: Text = Field("", max_length=2000)
    track: Literal["internal", "customer", "approval"] | None = None
    owner_id: Text | None = Field(None, max_length=200, description="A person or contact")
    due_on: Day | None = None


class Caller(Shape):
    """The key's tenant and role."""

    tenant: str
    name: str
    role: str
    key_id: str
    is_frozen: bool


class Readiness(Shape):
    """The database answers and has the tables this program expects."""

    status: str
    revision: str
