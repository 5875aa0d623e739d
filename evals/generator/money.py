"""Fees, rates, expenses and invoices of the sample world."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from evals.generator.calendars import DAY
from evals.generator.draw import is_hit, stream
from evals.generator.plan import Project
from evals.generator.playbooks import ROLES
from evals.generator.rows import Rows
from evals.generator.world import TO_EUR, World

SUPPLIERS = ("Rail Example", "Hotel Placeholder", "Test Data Example", "Print Shop Mock")


def write_rates(world: World, rows: Rows) -> None:
    """Role rates change with the year; one engineer has a project price of its own later."""
    turn = date(world.horizon_on.year, 1, 1)
    for role in ROLES:
        someone = next(p for p in world.people if p.role == role)
        for kind, amount in (("cost", 60.0), ("bill", someone.bill_rate)):
            for first, last, factor in ((world.starts_on - timedelta(days=200), turn - DAY, 0.97), (turn, None, 1.0)):
                rows.add(
                    "rates",
                    world.starts_on,
                    person_id="",
                    role=role,
                    project_id="",
                    kind=kind,
                    amount_per_hour=round(amount * factor, 1),
                    currency="EUR",
                    valid_from=first,
                    valid_to=last,
                )
    for person in world.people:
        rows.add(
            "rates",
            world.starts_on,
            person_id=person.person_id,
            role="",
            project_id="",
            kind="cost",
            amount_per_hour=person.cost_rate,
            currency=person.currency,
            valid_from=person.starts_on,
        )
    month = world.starts_on.replace(day=1)
    while month <= world.horizon_on:
        rng = stream(world.seed, "fx", month.isoformat())
        for currency in ("USD", "GBP"):
            rows.add(
                "exchange_rates",
                month,
                from_currency=currency,
                to_currency="EUR",
                rate=f"{TO_EUR[currency] * rng.uniform(0.98, 1.02):.4f}",
                valid_on=month,
            )
        month = (month + timedelta(days=32)).replace(day=1)


def write_spending(world: World, rows: Rows, projects: list[Project]) -> dict[str, float]:
    """Expenses and invoices; gives back the expenses in EUR per project, to the end."""
    spent: dict[str, float] = defaultdict(float)
    for project in projects:
        rng = stream(world.seed, "spend", project.project_id)
        end = project.live_on or project.ended_on or project.committed_on
        for _ in range(rng.randint(0, 3)):
            on = project.created_on + timedelta(days=rng.randint(10, max(11, (end - project.created_on).days)))
            amount = round(rng.uniform(80, 900), 2)
            spent[project.project_id] += amount
            rows.add(
                "expenses",
                on,
                expense_id=rows.new_id("exp"),
                project_id=project.project_id,
                incurred_on=on,
                amount=amount,
                currency="EUR",
                billable=is_hit(rng, 0.3),
                planned=is_hit(rng, 0.6),
                supplier=rng.choice(SUPPLIERS),
            )
        _invoice(world, rows, project)
    return spent


def _invoice(world: World, rows: Rows, project: Project) -> None:
    if project.fee <= 0:
        return
    rng = stream(world.seed, "invoice", project.project_id)
    for key, share in (("plan_ok", 0.4), ("accept", 0.4), ("launch", 0.2)):
        task = project.task(key)
        if task is None or task.done_on is None:
            continue
        issued = world.calendar.add(task.done_on, rng.randint(1, 5))
        paid = issued + timedelta(days=rng.randint(14, 50))
        rows.add(
            "invoices",
            issued,
            invoice_id=rows.new_id("inv"),
            project_id=project.project_id,
            issued_on=issued,
            amount=round(project.fee * share, 2),
            currency=project.customer.currency,
            milestone_task_id=task.task_id if task.milestone else "",
            paid_on=paid if paid <= world.horizon_on else "",
        )
