"""What a detector says: a claim about a subject, with the figures and the facts that prove it."""

from __future__ import annotations

import datetime as dt

import msgspec

from store.events import Number
from store.events.alerts import Agent, Severity


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A deterministic detector's output at a cut.

    `subject_key` is what makes two findings of one rule the same on different days. `project_id`
    is the project that answers for it, `subject_ids` the persons, allocations or tasks it is about,
    `evidence` the ids of the facts it rests on, `inputs` what the rule was given, as text.
    `first_on` and `last_on` bound the harm; after `expires_on` there is nothing left to do. A finding
    that `may_raise` nothing keeps an open alert open: it is what stops one that hovers at its threshold
    from coming and going.
    """

    rule_id: str
    kind: str
    agent: Agent
    severity: Severity
    subject_key: str
    project_id: str
    other_project_ids: tuple[str, ...] = ()
    subject_ids: tuple[str, ...]
    numbers: tuple[Number, ...]
    inputs: dict[str, str]
    evidence: tuple[str, ...]
    first_on: dt.date
    last_on: dt.date
    expires_on: dt.date
    may_raise: bool = True
