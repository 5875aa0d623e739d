"""Silence and waiting, read off what happened: each party on its own calendar, announced leave counted out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from evals.generator.calendars import DAY, days
from evals.generator.plan import Project, Task
from evals.generator.simulate import Simulation

GREY_DAYS, COUNTED_DAYS = 3, 6

Record = dict[str, object]


@dataclass
class Spell:
    """Something waits on the customer and nobody there stirs."""

    silent_days: int = 0
    raw_days: int = 0
    reached_on: date | None = None
    tasks: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    leave: list[tuple[date, date, str, str]] = field(default_factory=list)
    due_on: date = date.max


def life_end(sim: Simulation, project: Project) -> date:
    return project.live_on or project.ended_on or sim.world.horizon_on + timedelta(days=400)


def is_held(project: Project, day: date) -> bool:
    return project.held is not None and project.held[0] <= day < project.held[1]


def silences(sim: Simulation, project: Project) -> Iterator[Record]:
    acts = {day for day, _ in sim.acts[project.project_id]} | _message_days(sim, project)
    asked = [t for t in project.tasks if t.owner_id in sim.contacts and t.asked_on]
    spell = Spell()
    for day in days(project.created_on, life_end(sim, project)):
        waiting = [
            t
            for t in asked
            if t.asked_on and t.asked_on < day and (t.done_on or date.max) > day and not _cancelled_by(project, day)
        ]
        if day in acts or not waiting or is_held(project, day):
            yield from _told(sim, project, spell, day)
            spell = Spell()
            continue
        _grow(sim, project, spell, waiting, day)
    yield from _told(sim, project, spell, life_end(sim, project))


def _cancelled_by(project: Project, day: date) -> bool:
    return project.ended_on is not None and project.ended_on <= day


def _message_days(sim: Simulation, project: Project) -> set[date]:
    ours = {p.person_id for p in sim.world.people}
    return {
        date.fromisoformat(m["at"][:10])
        for m in sim.rows.tables["messages"]
        if m["project_id"] == project.project_id and m["from_id"] not in ours
    }


def _grow(sim: Simulation, project: Project, spell: Spell, waiting: list[Task], day: date) -> None:
    people = [sim.contacts[t.owner_id] for t in waiting]
    spell.tasks |= {t.task_id for t in waiting}
    spell.contacts |= {c.contact_id for c in people}
    spell.due_on = min(spell.due_on, *(t.due_on for t in waiting))
    if project.customer.calendar.is_working(day):
        spell.raw_days += 1
        for contact in people:
            spell.leave += [(a, b, said, contact.contact_id) for a, b, said in contact.leave if a <= day <= b]
    if any(project.customer.works(c, day) for c in people):
        spell.silent_days += 1
        if spell.silent_days == GREY_DAYS:
            spell.reached_on = day


def _told(sim: Simulation, project: Project, spell: Spell, end: date) -> Iterator[Record]:
    horizon = sim.world.horizon_on
    subjects = sorted(spell.contacts | spell.tasks)
    if spell.reached_on and spell.reached_on <= horizon:
        harm = sim.world.calendar.add(spell.due_on, 1)
        yield {
            "record": "incident",
            "kind": "customer_silent",
            "also": [],
            "project_ids": [project.project_id],
            "subject_ids": subjects,
            "contact_ids": sorted(spell.contacts),
            "from_on": spell.reached_on,
            "accept_from_on": spell.reached_on,
            "to_on": end,
            "harm_on": harm if spell.reached_on < harm <= end else None,
            "silent_days": spell.silent_days,
            "grey": spell.silent_days < COUNTED_DAYS,
            "open_at_horizon": end > horizon,
        }
    for first, last, said, who in sorted(set(spell.leave)):
        if spell.raw_days >= COUNTED_DAYS - 1 and spell.silent_days < GREY_DAYS and first <= horizon:
            yield {
                "record": "benign",
                "kind": "planned_customer_holiday",
                "project_ids": [project.project_id],
                "subject_ids": sorted({who} | spell.tasks),
                "from_on": first,
                "to_on": last + DAY,
                "leave_from_on": first,
                "leave_to_on": last,
                "announced_by_message_id": said,
                "silent_days": spell.raw_days,
                "hit_kinds": ["customer_silent", "approval_ageing"],
            }


def approvals(sim: Simulation, project: Project) -> Iterator[Record]:
    for task in project.tasks:
        if task.track != "approval" or not task.asked_on:
            continue
        end = min(task.done_on or date.max, life_end(sim, project))
        waited = [d for d in days(task.asked_on + DAY, end) if _acts(sim, project, task, d) and not is_held(project, d)]
        if len(waited) < GREY_DAYS or waited[GREY_DAYS - 1] > sim.world.horizon_on:
            continue
        since = waited[GREY_DAYS - 1]
        harm = sim.world.calendar.add(task.due_on, 1)
        yield {
            "record": "incident",
            "kind": "approval_ageing",
            "also": ["customer_silent"] if task.owner_id in sim.contacts else [],
            "project_ids": [project.project_id],
            "subject_ids": sorted([task.task_id, task.owner_id]),
            "from_on": since,
            "accept_from_on": since,
            "to_on": end,
            "harm_on": harm if since < harm <= end else None,
            "waited_days": len(waited),
            "grey": len(waited) < COUNTED_DAYS,
        }


def _acts(sim: Simulation, project: Project, task: Task, day: date) -> bool:
    contact = sim.contacts.get(task.owner_id)
    return project.customer.works(contact, day) if contact else sim.world.person(task.owner_id).capacity(day) > 0
