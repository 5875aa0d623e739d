"""The project that an order would start: its tasks with dates and owners, its dates, its price. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plan.network import calendars_of
from plan.playbook.choosing import Choice, choose
from plan.playbook.dating import Dates, dated, dates_of
from plan.playbook.order import Around, Order, check_order
from plan.playbook.pricing import Price, price_of
from plan.recordable import LAST_DAY
from store.errors import Invalid
from store.events.playbooks import PlaybookTask
from store.projections.playbooks.fold import PlaybookVersion


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task on its days, both included. `float_days`: how far it can slip before go-live does."""

    task: PlaybookTask
    owner_id: str | None
    starts_on: date
    due_on: date
    float_days: int | None
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order comes to. `go_live_on` is when the plan gets there, `target_on` the day that was asked for.

    `leeway_days` are the working days between them, negative when the plan is later.
    """

    version: PlaybookVersion
    choice: Choice
    dates: Dates
    tasks: tuple[PlannedTask, ...]
    critical_path: tuple[str, ...]
    go_live_on: date
    target_on: date
    success_on: date
    ends_on: date
    leeway_days: int
    price: Price


def plan_of(version: PlaybookVersion, order: Order, around: Around) -> Plan:
    """The plan; the go-live it promises is the day asked for, or the later of the usual day and the plan's own.

    Raises `Invalid` and `NotFound` for an order that cannot be.
    """
    template = version.template
    check_order(order, template, around)
    choice = choose(template, order.answers)
    calendars = calendars_of(around.tenant, around.people.values())
    dates = dates_of(template, choice, order, calendars.tenant)
    found = dated(choice, dates, order.owners, calendars)
    places = found.tasks
    tasks = tuple(
        PlannedTask(
            task=task,
            owner_id=order.owners.get(task.role),
            starts_on=places[task.key].start_on,
            due_on=places[task.key].finish_on,
            float_days=places[task.key].total_float_days,
            is_critical=places[task.key].is_critical,
        )
        for task in choice.tasks
    )
    ends_on = max(task.due_on for task in tasks)
    if ends_on > LAST_DAY:
        raise Invalid("date_out_of_range", f"The plan ends on {ends_on}.", remedy=f"Dates run to {LAST_DAY}.")
    target = order.go_live_on or max(dates.go_live_on, found.finish_on)
    return Plan(
        version=version,
        choice=choice,
        dates=dates,
        tasks=tasks,
        critical_path=found.critical_path,
        go_live_on=found.finish_on,
        target_on=target,
        success_on=next(task.due_on for task in tasks if task.task.milestone == "success"),
        ends_on=ends_on,
        leeway_days=calendars.tenant.working_days_between(found.finish_on, target),
        price=price_of(
            version.fee, template.roles, choice, order, [(task.task, task.starts_on) for task in tasks], around
        ),
    )
