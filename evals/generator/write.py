"""A run as a folder of portfolio files, with its truth in a folder beside it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from evals.generator.calendars import WorkCalendar, instant
from evals.generator.draw import stream
from evals.generator.plan import Project
from evals.generator.playbooks import STAGES
from evals.generator.rows import Row, text
from evals.generator.simulate import Simulation
from evals.generator.waits import Record
from evals.generator.world import ZONE, Person

COLUMNS = {
    "calendars": "calendar_id,name,timezone,weekday_hours,holidays",
    "people": "person_id,name,email,role,skills,hours_per_day,cost_rate,bill_rate,currency,starts_on,ends_on,calendar_id,employment,logs_time",
    "rates": "person_id,role,project_id,kind,amount_per_hour,currency,valid_from,valid_to",
    "exchange_rates": "from_currency,to_currency,rate,valid_on",
    "time_off": "person_id,starts_on,ends_on,hours_per_day,recorded_at",
    "customers": "customer_id,name,segment,timezone,calendar_id",
    "engagements": "engagement_id,customer_id,name,deal_ref,arr,currency,contract_starts_on,billing_starts_on",
    "contacts": "contact_id,customer_id,name,email,role",
    "projects": "project_id,customer_id,name,playbook,manager_id,contract_signed_on,fee_type,fee,currency,budget_hours,sold_margin,margin_floor,baseline_go_live_on,success_milestone,created_at,"
    "engagement_id,calendar_id",
    "stages": "project_id,stage,position,owner_id,entry,exit",
    "baselines": "project_id,name,approved_at,approved_by,task_id,start_on,due_on,effort_hours,cost",
    "scope_items": "scope_item_id,project_id,text,hours",
    "tasks": "task_id,project_id,stage,name,track,owner_id,role,effort_hours,planned_start_on,due_on,scope_item_id,playbook_task,milestone,billable,created_at",
    "dependencies": "task_id,depends_on_id,type,lag_days,created_at",
    "history": "at,project_id,entity,entity_id,field,value,actor_id",
    "messages": "message_id,project_id,at,from_id,to_ids,channel,in_reply_to,needs_answer,text",
    "allocations": "allocation_id,person_id,role,project_id,starts_on,ends_on,hours_per_day,kind,recorded_at",
    "time_entries": "entry_id,person_id,project_id,task_id,worked_on,hours,billable,submitted_at,approved_at",
    "expenses": "expense_id,project_id,incurred_on,amount,currency,billable,planned,supplier",
    "change_requests": "change_request_id,project_id,at,text,hours,amount,currency,decision,decided_at",
    "invoices": "invoice_id,project_id,issued_on,amount,currency,milestone_task_id,paid_on",
    "forecasts": "project_id,made_on,period,revenue,currency",
    "escalations": "escalation_id,project_id,at,by_id,text",
}
SORTED_BY = {
    "messages": ("at", "message_id"),
    "history": ("at",),
    "allocations": ("recorded_at", "allocation_id"),
    "time_off": ("recorded_at", "person_id"),
    "time_entries": ("worked_on", "entry_id"),
    "expenses": ("incurred_on", "expense_id"),
    "change_requests": ("at",),
    "invoices": ("issued_on", "invoice_id"),
    "forecasts": ("made_on", "project_id", "period"),
    "escalations": ("at",),
    "dependencies": ("created_at", "task_id", "depends_on_id"),
    "exchange_rates": ("valid_on", "from_currency"),
}


def fill(sim: Simulation) -> None:
    """The tables that describe rather than happen."""
    add = sim.rows.add
    world = sim.world
    for calendar in world.calendars:
        add(
            "calendars",
            world.starts_on,
            calendar_id=calendar.calendar_id,
            name=calendar.name,
            timezone=calendar.timezone,
            **_week(calendar),
        )
    for person in [*world.people, world.bot]:
        _person(sim, person)
    for number, row in enumerate(world.time_off):
        minute = stream(world.seed, "off", row.person_id, str(number)).randint(480, 1000)
        add(
            "time_off",
            row.recorded_on,
            person_id=row.person_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            hours_per_day=row.hours_per_day,
            recorded_at=instant(row.recorded_on, minute, ZONE),
        )
    for customer in world.customers:
        own = customer.calendar.calendar_id if customer.has_own_calendar else ""
        add(
            "customers",
            world.starts_on,
            customer_id=customer.customer_id,
            name=customer.name,
            segment=customer.segment,
            timezone=customer.calendar.timezone,
            calendar_id=own,
        )
        for contact in customer.contacts.values():
            add(
                "contacts",
                world.starts_on,
                contact_id=contact.contact_id,
                customer_id=customer.customer_id,
                name=contact.name,
                email=contact.email,
                role=contact.role,
            )
    for project in sorted(sim.projects, key=lambda p: (p.created_on, p.project_id)):
        _project(sim, project)
    _engagements(sim)


def _week(calendar: WorkCalendar) -> dict[str, str]:
    return {
        "weekday_hours": ";".join(f"{h:g}" for h in calendar.weekday_hours),
        "holidays": ";".join(sorted(h.isoformat() for h in calendar.holidays)),
    }


def _person(sim: Simulation, person: Person) -> None:
    email = person.name.lower().replace(" (integration)", "").replace(" ", ".") + "@harbour.example"
    sim.rows.add(
        "people",
        sim.world.starts_on,
        person_id=person.person_id,
        name=person.name,
        email=email,
        role=person.role,
        skills=";".join(dict.fromkeys(person.skills)),
        hours_per_day=person.hours_per_day,
        cost_rate=person.cost_rate or "",
        bill_rate=person.bill_rate or "",
        currency=person.currency,
        starts_on=person.starts_on,
        ends_on=person.ends_on,
        calendar_id=person.calendar.calendar_id if person.has_own_calendar else "",
        employment=person.employment,
        logs_time=person.logs_time,
    )


def _project(sim: Simulation, project: Project) -> None:
    add, made = sim.rows.add, project.created_on
    created_at = instant(made, 505, ZONE)
    add(
        "projects",
        made,
        project_id=project.project_id,
        customer_id=project.customer.customer_id,
        name=project.name,
        playbook=project.playbook.key,
        manager_id=project.manager.person_id,
        contract_signed_on=project.signed_on,
        fee_type=project.fee_type,
        fee=project.fee,
        currency=project.customer.currency,
        budget_hours=project.budget_hours,
        sold_margin=project.sold_margin if project.fee else "",
        margin_floor=round(project.sold_margin - 0.08, 2) if project.fee else "",
        baseline_go_live_on=project.baseline_on,
        success_milestone="First case closed without help",
        created_at=created_at,
        engagement_id=project.engagement_id,
        calendar_id="",
    )
    for item, _, words, hours in project.scope_items:
        add("scope_items", made, scope_item_id=item, project_id=project.project_id, text=words, hours=hours)
    for task in project.tasks:
        is_first = task.created_on == made and not task.key.startswith("extra")
        add(
            "tasks",
            task.created_on,
            task_id=task.task_id,
            project_id=project.project_id,
            stage=task.stage,
            name=task.name,
            track=task.track,
            role=task.role,
            scope_item_id=task.scope_item_id,
            playbook_task="" if task.key.startswith("extra") else task.key,
            milestone=task.milestone,
            billable=task.is_billable,
            created_at=created_at if is_first else instant(task.created_on, 1048, ZONE),
            **_first(task.first),
        )
        for link in task.links:
            if is_first and not link.is_hidden and link.created_on == made:
                add(
                    "dependencies",
                    made,
                    task_id=task.task_id,
                    depends_on_id=link.before.task_id,
                    type=link.kind,
                    lag_days=link.lag_days,
                    created_at=created_at,
                )
    _stages(sim, project)
    _baseline(sim, project)


def _first(first: dict[str, str]) -> dict[str, str]:
    return first | {"effort_hours": "" if first["effort_hours"] == "0" else first["effort_hours"]}


def _stages(sim: Simulation, project: Project) -> None:
    for position, stage in enumerate(STAGES, 1):
        mine = [t for t in project.tasks if t.stage == stage and not t.key.startswith("extra")]
        internal = [t.owner_id for t in mine if t.track == "internal"]
        owner = (
            max(sorted(set(internal)), key=internal.count)
            if internal and stage in ("setup", "validation")
            else project.manager.person_id
        )
        entry = (
            "Contract countersigned" if position == 1 else f"{STAGES[position - 2].replace('_', ' ').capitalize()} left"
        )
        leave = (
            ";".join(t.task_id for t in mine if t.milestone or t.track == "approval") or "All steps of the stage done"
        )
        sim.rows.add(
            "stages",
            project.created_on,
            project_id=project.project_id,
            stage=stage,
            position=position,
            owner_id=owner,
            entry=entry,
            exit=leave,
        )


def _baseline(sim: Simulation, project: Project) -> None:
    """The plan as it stood when the sponsor approved it."""
    approval = project.task("plan_ok")
    if approval is None or approval.done_on is None:
        return
    at = instant(approval.done_on, 1046, ZONE)
    head = {"project_id": project.project_id, "name": "First plan", "approved_at": at, "approved_by": approval.owner_id}
    cost = round(sum(t.effort_hours for t in project.tasks if not t.key.startswith("extra")) * 62)
    sim.rows.add(
        "baselines",
        approval.done_on,
        **head,
        task_id="",
        start_on=project.created_on,
        due_on=project.baseline_on,
        effort_hours=project.budget_hours,
        cost=cost,
    )
    for task in project.tasks:
        if not task.key.startswith("extra"):
            first = _first(task.first)
            sim.rows.add(
                "baselines",
                approval.done_on,
                **head,
                task_id=task.task_id,
                start_on=first["planned_start_on"],
                due_on=first["due_on"],
                effort_hours=first["effort_hours"],
            )


def _engagements(sim: Simulation) -> None:
    first: dict[str, Project] = {}
    for project in sorted(sim.projects, key=lambda p: p.created_on):
        if project.engagement_id:
            first.setdefault(project.engagement_id, project)
    for engagement_id, project in first.items():
        fee = sum(p.fee for p in sim.projects if p.engagement_id == engagement_id)
        sim.rows.add(
            "engagements",
            project.created_on,
            engagement_id=engagement_id,
            customer_id=project.customer.customer_id,
            name=f"{project.customer.name} programme",
            deal_ref=f"deal-{engagement_id[4:]}",
            arr=round(fee * 0.8, -3),
            currency=project.customer.currency,
            contract_starts_on=project.signed_on,
            billing_starts_on=project.baseline_on,
        )


def close_books(sim: Simulation) -> None:
    """Drop words sent after a project ended; their labels go with them."""
    ended = {p.project_id: p.ended_on.isoformat() for p in sim.projects if p.ended_on}
    tables = sim.rows.tables
    tables["messages"] = [m for m in tables["messages"] if m["at"][:10] <= ended.get(m["project_id"], "9999")]
    kept = {m["message_id"] for m in tables["messages"]}
    sim.rows.labels = [x for x in sim.rows.labels if x["message_id"] in kept]


def write_folder(out: Path, sim: Simulation, truth: Iterable[Record], calls: dict[str, str], name: str) -> None:
    """Replace `out` and `out`.truth by this run's files."""
    beside = out.with_name(out.name + ".truth")
    for folder in (out, beside):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    world = sim.world
    tenant = {
        "name": name,
        "timezone": world.calendar.timezone,
        "currency": "EUR",
        "weekdays": [1, 2, 3, 4, 5],
        "hours_per_day": 8,
        "holidays": sorted(h.isoformat() for h in world.calendar.holidays),
    }
    (out / "tenant.json").write_text(json.dumps(tenant, indent=1) + "\n", encoding="utf-8")
    for table, columns in COLUMNS.items():
        rows = in_order(table, sim.rows.tables.get(table, []))
        if rows:
            (out / f"{table}.csv").write_text(_csv(columns.split(","), rows), encoding="utf-8", newline="")
    for path, words in calls.items():
        (out / "transcripts" / path).parent.mkdir(parents=True, exist_ok=True)
        (out / "transcripts" / path).write_text(words, encoding="utf-8")
    lines = [json.dumps(record, sort_keys=True, default=_plain) for record in truth]
    (beside / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_order(table: str, rows: list[Row]) -> list[Row]:
    """By when it happened, as instants; what happened together keeps its order."""
    keys = SORTED_BY.get(table, ())
    return (
        sorted(
            rows,
            key=lambda r: [
                datetime.fromisoformat(r[k]).timestamp() if len(r[k]) > 10 and k.endswith("at") else r[k] for k in keys
            ],
        )
        if keys
        else rows
    )


def _csv(columns: list[str], rows: list[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _plain(value: object) -> str:
    assert isinstance(value, date)
    return text(value)
