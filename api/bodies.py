"""What the API takes, as pydantic models: checked while they come in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from api.texts import Text, dated, wired
from store.events.alerts import RejectReason, Verb
from store.events.summaries import ItemVerb

Day = Annotated[dt.date, BeforeValidator(dated)]
Instant = Annotated[AwareDatetime, BeforeValidator(dated)]
Wire = Annotated[dict[str, Any], BeforeValidator(wired)]


class Body(BaseModel):
    """A body without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid")


class EventIn(Body):
    """A fact to record. Ids of new things may be left out; they are made."""

    type: Text = Field(max_length=100, examples=["allocation.booked.v1"])
    payload: Wire = Field(description="The fact's own fields, by its type; see the schemas of the same name")
    occurred_at: Instant | None = Field(None, description="When it happened; now unless said otherwise")


class EventsIn(Body):
    events: list[EventIn] = Field(min_length=1, max_length=500)


class DecisionIn(Body):
    """What the reviewer does. `approve` names a proposal, `reject` a reason, `snooze` a date."""

    verb: Verb
    proposal_id: Text | None = Field(None, max_length=200)
    args: dict[Text, Text] = Field({}, max_length=100, description="Edited arguments of the proposal, for `edit`")
    reason: RejectReason | None = None
    note: Text = Field("", max_length=2000)
    until_on: Day | None = None
    assignee_id: Text | None = Field(None, max_length=200)


class ItemDecisionIn(Body):
    """`edit` needs a text. With `accept` of an action item, the other fields overrule what was said."""

    verb: ItemVerb
    text: Text = Field("", max_length=2000)
    track: Literal["internal", "customer", "approval"] | None = None
    owner_id: Text | None = Field(None, max_length=200, description="A person or contact")
    due_on: Day | None = None


class ExternalRefIn(Body):
    """What another system calls a record: unique per source."""

    source: str = Field(max_length=63, pattern="^[a-z][a-z0-9_.-]*$", examples=["crm"])
    id: Text = Field(min_length=1, max_length=200, examples=["D-4711"])


class ProjectIn(Body):
    """A project to be started from a playbook. Dates, answers and a fee left out are the playbook's own."""

    playbook_id: Text = Field(max_length=63, examples=["saas-onboarding"])
    version: int | None = Field(None, ge=1, le=1_000_000, description="The latest unless said otherwise")
    name: Text = Field(min_length=1, max_length=300)
    external_ref: ExternalRefIn | None = Field(None, description="The deal: it has one project, however often it comes")
    customer_id: Text | None = Field(None, max_length=200)
    manager_id: Text | None = Field(None, max_length=200)
    contract_signed_on: Day
    kickoff_on: Day | None = None
    go_live_on: Day | None = Field(None, description="The date that is promised")
    answers: dict[Text, Text] = Field({}, max_length=100, description='By question: {"sso": "yes"}')
    owners: dict[Text, Text] = Field({}, max_length=100, description="Person or contact by role; others stay open")
    fee: Decimal | None = Field(None, ge=0, lt=10**12, decimal_places=9)


class StageIn(Body):
    """`override_reason` enters a stage that the playbook holds; it takes a manager."""

    stage: Text = Field(min_length=1, max_length=200)
    override_reason: Text = Field("", max_length=2000)


class BaselineIn(Body):
    """`approval` says who agreed to another go-live than the last baseline's, and why; it takes a manager."""

    name: Text = Field(min_length=1, max_length=100, pattern=r"^[^\x00/]*$", examples=["kickoff"])
    approval: Text = Field("", max_length=2000)


class ErasureIn(Body):
    """`confirm` repeats the id."""

    confirm: Text = Field(max_length=200)


class SecretIn(Body):
    """A secret for a project: it can be read once, within `expires_in_hours`."""

    project_id: Text = Field(max_length=200)
    name: Text = Field(min_length=1, max_length=200, description="What it is for, in the clear", examples=["SFTP"])
    secret: Annotated[SecretStr, BeforeValidator(wired)] = Field(min_length=1, max_length=10_000)
    expires_in_hours: int = Field(168, ge=1, le=720)


class RetirementIn(Body):
    reason: Text = Field(min_length=1, max_length=2000)
