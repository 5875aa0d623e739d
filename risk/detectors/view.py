"""What a project detector is given: one project as known at an instant, and whose days count for whom. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from plan.calendar import Calendar
from plan.money import Statement, statement
from plan.months import Earnings
from plan.network import Calendars, Forecast, calendars_of, forecast_of
from plan.staffing import calendar_of
from plan.timeline import Allowances, Staff, Timeline, timeline_of
from risk.absences import announced
from risk.assessment import Score
from risk.features.setting import Setting, setting_of
from risk.findings import Finding
from risk.waits import OpenWait, open_waits
from store.errors import Invalid
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

THRESHOLD = "threshold."
"""Inputs of a finding under this prefix are the thresholds it was made with."""


@dataclass(frozen=True)
class ProjectView:
    """One project at `now`; `as_of` is the tenant's date then.

    `people` are those the project books or whose tasks they are, as far as they are known.
    `thresholds` replace a detector's own defaults by name (a tenant's settings, or what an older
    finding was made with). `score` is the learned one where there is a model. `texts` are messages by
    id, as the shell decrypted them for this look; without them what depends on texts is not assessed.
    """

    project: ProjectState
    tenant: TenantState
    people: Mapping[str, PersonState]
    now: dt.datetime
    as_of: dt.date
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    score: Score | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def threshold(self, name: str, default: Decimal) -> Decimal:
        """The threshold in force under this name."""
        return self.thresholds.get(name, default)

    @cached_property
    def setting(self) -> Setting:
        """The project's calendar, the customer's, and the customer's contacts."""
        return setting_of(self.tenant, self.project)

    @cached_property
    def calendars(self) -> Calendars:
        """The calendar of each person and contact."""
        return _everybody.calendars(self.tenant, self.people)

    @cached_property
    def forecast(self) -> Forecast | None:
        """The plan's own forecast with floats; None without tasks or where its links run in a circle."""
        try:
            return forecast_of(self.project, self.tenant, self.calendars, self.as_of)
        except Invalid:
            return None

    @cached_property
    def staff(self) -> Staff:
        """Everybody who is known, as the arithmetic of dates asks for them."""
        return Staff(self.tenant, self.people, self.calendars)

    @cached_property
    def money(self) -> Statement:
        """What the project earns and costs; several rules read it."""
        return statement(self.project, self.tenant, self.people, self.as_of)

    @cached_property
    def earnings(self) -> Earnings:
        """What the project's hours earn, month by month."""
        return Earnings(self.project, self.staff, self.as_of)

    def timeline(self, due_on: dt.date, allowances: Allowances, *, judges_roles: bool) -> Timeline | None:
        """The remaining work held against a date; `Invalid` prints a cycle of dependencies."""
        asked = (due_on, allowances.least_answer_days, judges_roles)
        if asked not in self._timelines:
            staff = self.staff if judges_roles else Staff(self.tenant, {}, self.calendars)
            self._timelines[asked] = timeline_of(self.project, staff, due_on, self.as_of, allowances)
        return self._timelines[asked]

    @cached_property
    def _timelines(self) -> dict[tuple[dt.date, Decimal, bool], Timeline | None]:
        return {}

    @cached_property
    def absences(self) -> Mapping[str, frozenset[dt.date]]:
        """The days on which a party said it would be away, as far as the texts are known."""
        found: dict[str, set[dt.date]] = {}
        for message in self.project.messages:
            text = self.texts.get(message.message_id)
            if text and message.from_id and message.at <= self.now:
                for first, last in announced(text, self.calendar.local_date(message.at)):
                    days = found.setdefault(message.from_id, set())
                    days |= {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
        return {party_id: frozenset(days) for party_id, days in found.items()}

    @cached_property
    def waits(self) -> tuple[OpenWait, ...]:
        """What waits on somebody now."""
        return tuple(open_waits(self.project, self.calendar, self.working_days_of, self.now))

    def float_days(self, task_id: str) -> int | None:
        """How far the task can slip before go-live does; None where the plan does not say."""
        known = self.forecast.schedule.tasks.get(task_id) if self.forecast else None
        return known.total_float_days if known else None

    @property
    def calendar(self) -> Calendar:
        """The project's own calendar."""
        return self.setting.calendar

    def working_days_of(self, party_id: str | None) -> Calendar:
        """The calendar of whoever must act, without the days a contact said it would be away.

        Leave on the delivering side does not stop a clock: a deputy can be asked, and is.
        """
        person = self.people.get(party_id or "")
        if party_id in self.setting.contact_ids:
            own = self.setting.customer_calendar
        else:
            own = calendar_of(self.tenant, person.calendar_id) if person else self.calendar
        away = self.absences.get(party_id or "")
        own = own.with_holidays(away) if away else own
        return own if any(own.weekday_hours) else self.calendar

    def external(self, subject_id: str) -> str:
        """What the source calls a party, a task or this project; the id where it has no name for it."""
        if subject_id == self.project.project_id:
            return self.project.external_id or subject_id
        known = self.tenant.parties.get(subject_id) or self.people.get(subject_id) or self.project.tasks.get(subject_id)
        return (known.external_id if known else "") or subject_id


class _Everybody:
    """The calendars of the people last asked for: all projects of one look share them."""

    def __init__(self) -> None:
        self._last: tuple[TenantState, Mapping[str, PersonState], Calendars] | None = None

    def calendars(self, tenant: TenantState, people: Mapping[str, PersonState]) -> Calendars:
        """Made anew unless tenant and people are the very same objects as before."""
        last = self._last
        if last is None or last[0] is not tenant or last[1] is not people:
            last = (tenant, people, calendars_of(tenant, people.values()))
            self._last = last
        return last[2]


_everybody = _Everybody()


class ProjectDetector(NamedTuple):
    """A registered rule: the kind of alert it leads to, its id and the pure function that finds."""

    kind: str
    rule_id: str
    detect: Callable[[ProjectView], list[Finding]]


def thresholds_of(inputs: Mapping[str, str]) -> dict[str, Decimal]:
    """The thresholds that a finding wrote down among its inputs."""
    return {
        name.removeprefix(THRESHOLD): Decimal(value) for name, value in inputs.items() if name.startswith(THRESHOLD)
    }
