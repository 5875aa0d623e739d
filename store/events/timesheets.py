"""Facts about time worked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from store.events.fact import Fact
from store.ids import PersonId, ProjectId, TaskId


class TimeLogged(Fact, frozen=True, kw_only=True):
    """Hours a person worked on a project on a day; weekly totals have no task."""

    TYPE: ClassVar[str] = "time.logged"
    entry_id: str
    external_id: str
    person_id: PersonId
    project_id: ProjectId
    task_id: TaskId | None = None
    worked_on: dt.date
    hours: Decimal
    is_billable: bool | None = None
    is_submitted: bool = True
    extra: dict[str, str] = {}


class TimeApproved(Fact, frozen=True, kw_only=True):
    """The entry was approved."""

    TYPE: ClassVar[str] = "time.approved"
    entry_id: str
    project_id: ProjectId
