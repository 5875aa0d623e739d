"""When the tasks of a playbook happen, counted from its anchors by the critical path method. Pure.

A task starts on the first working day that its anchor and all its links allow, on its owner's calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from plan.calendar import Calendar
from plan.network import Calendars
from plan.playbook.choosing import Choice
from plan.playbook.order import Order
from plan.schedule import Link, LinkType, Schedule, Task, schedule
from store.events.playbooks import PlaybookTask, PlaybookTemplate


@dataclass(frozen=True, slots=True)
class Dates:
    """The anchors, each on a working day of the project's calendar."""

    contract_signed_on: date
    kickoff_on: date
    go_live_on: date

    def of(self, anchor: str) -> date | None:
        """The day of this anchor; None where the anchor is a task."""
        days = {
            "contract_signed": self.contract_signed_on,
            "kickoff": self.kickoff_on,
            "go_live": self.go_live_on,
        }
        return days.get(anchor)


def dates_of(template: PlaybookTemplate, choice: Choice, order: Order, calendar: Calendar) -> Dates:
    """The anchors of an order; modules that were chosen push the usual go-live out."""
    signed = calendar.on_or_after(order.contract_signed_on)
    usual = calendar.add_working_days(signed, template.kickoff_after_days)
    kickoff = usual if order.kickoff_on is None else calendar.on_or_after(order.kickoff_on)
    span = template.go_live_after_days + sum(module.adds_days for module in choice.modules)
    go_live = calendar.add_working_days(kickoff, span) if order.go_live_on is None else order.go_live_on
    return Dates(signed, kickoff, calendar.on_or_after(go_live))


def dated(choice: Choice, dates: Dates, owners: Mapping[str, str], calendars: Calendars) -> Schedule:
    """Every task's days, floats and the critical path to go-live."""
    go_live = next((task.key for task in choice.tasks if task.milestone == "go_live"), None)
    tasks = [_task(task, dates, calendars.of(owners.get(task.role)), calendars.tenant) for task in choice.tasks]
    links = [link for task in choice.tasks for link in _links(task, dates)]
    return schedule(tasks, links, as_of=dates.contract_signed_on, target_id=go_live)


def _task(task: PlaybookTask, dates: Dates, own: Calendar, calendar: Calendar) -> Task:
    anchor = dates.of(task.anchor)
    start = None if anchor is None else calendar.add_working_days(anchor, task.offset_days)
    return Task(task.key, own, task.duration_days, planned_start_on=start)


def _links(task: PlaybookTask, dates: Dates) -> Iterator[Link]:
    """Its links; an anchor on a task counts as one, a day later being a lag of none."""
    yield from (Link(link.on, task.key, LinkType(link.type), link.lag_days) for link in task.after)
    if task.anchor and dates.of(task.anchor) is None:
        yield Link(task.anchor, task.key, LinkType.FS, task.offset_days - 1)
