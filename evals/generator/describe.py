"""The tables that describe rather than happen: people, customers, projects, plans, baselines."""

from __future__ import annotations

from evals.generator.calendars import WorkCalendar, instant
from evals.generator.draw import stream
from evals.generator.plan import Project
from evals.generator.playbooks import STAGES
from evals.generator.simulate import Simulation
from evals.generator.world import ZONE, Customer, Person


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
        _customer(sim, customer)
    for project in sorted(sim.projects, key=lambda p: (p.created_on, p.project_id)):
        _project(sim, project)
    _engagements(sim)


def _week(calendar: WorkCalendar) -> dict[str, str]:
    return {
        "weekday_hours": ";".join(f"{h:g}" for h in calendar.weekday_hours),
        "holidays": ";".join(sorted(h.isoformat() for h in calendar.holidays)),
    }


def _customer(sim: Simulation, customer: Customer) -> None:
    add, world = sim.rows.add, sim.world
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
        sim.rows.add(
            "engagements",
            project.created_on,
            engagement_id=engagement_id,
            customer_id=project.customer.customer_id,
            name=f"{project.customer.name} programme",
            deal_ref=f"deal-{engagement_id[4:]}",
            arr=round(project.fee * 0.8, -3),
            currency=project.customer.currency,
            contract_starts_on=project.signed_on,
            billing_starts_on=project.baseline_on,
        )
