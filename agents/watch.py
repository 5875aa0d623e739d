"""The agent that watches projects: rule findings and high scores in words, with whom to ask. Pure.

It has neither branch nor wait, so it is a function and no graph. People are named by the source's own
ids; doors put names in where the reader may see them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from agents import messages
from agents.lifecycle import Habits, is_graver
from agents.wording import named_in
from agents.world import World
from risk.findings import Finding
from store.events import Number, ProposedAction
from store.projections.alerts.fold import AlertState
from store.projections.projects.state import ProjectState, Task

AGENT = "risk"
SHARED = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers", "inputs", "evidence", "expires_on")
MOST_NAMED = 3
WORSE_TIMES = 2


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves: its claim, what can be done about it."""
    kept = {name: msgspec.to_builtins(getattr(finding, name)) for name in SHARED}
    offers = [msgspec.to_builtins(offer) for offer in proposals(world, finding)]
    said = claim(world, finding)
    words = {"claim": said, "values": named_in(said, _values(world, finding))}
    return {**kept, **words, "proposals": offers, "as_of": finding.inputs["as_of"]}


def _values(world: World, finding: Finding) -> list[str]:
    """What the claim may name besides plain words: figures, dates, ids, names of tasks."""
    tasks = _state(world, finding).tasks
    named = [_task_name(world, finding, i) if i in tasks else messages.party(world, i) for i in finding.subject_ids]
    figures = [f"{number.value}" for number in finding.numbers]
    return [*figures, *finding.inputs.values(), *named, _project(world, finding)]


def is_worse(alert: AlertState, finding: Finding) -> bool:
    """Of a higher severity, or twice the leading figure of what was settled."""
    if is_graver(alert, finding) or not alert.numbers:
        return is_graver(alert, finding)
    return finding.numbers[0].value >= alert.numbers[0].value * WORSE_TIMES


HABITS = Habits(is_worse=is_worse)


def claim(world: World, finding: Finding) -> str:
    """What is wrong, in one or two sentences of figures."""
    return _CLAIMS[finding.kind](world, finding, {number.name: number for number in finding.numbers})


Figures = dict[str, Number]


def _silent(world: World, finding: Finding, figures: Figures) -> str:
    who, waits = _contacts(world, finding), int(figures["waiting_items"].value)
    return (
        f"The customer of {_project(world, finding)} has been silent for {_days(figures['silent_days'])}, since"
        f" {finding.inputs['since_on']}, while {_count(waits, 'item')} {'waits' if waits == 1 else 'wait'}"
        f" on {_listed(who)}{_named(world, finding)}."
    )


def _ageing(world: World, finding: Finding, figures: Figures) -> str:
    waits, age = int(figures["waiting_approvals"].value), _days(figures["age_days"])
    who = _listed(_contacts(world, finding)) or "somebody yet to be named"
    what = _task_name(world, finding, finding.inputs["oldest_task_id"])
    more = "" if waits == 1 else f", and {_count(waits - 1, 'more approval')}"
    return (
        f"{what} on {_project(world, finding)} has waited {age} for the approval of {who},"
        f" since {finding.inputs['since_on']}{more}.{_spare(figures)}"
    )


def _blocked(world: World, finding: Finding, figures: Figures) -> str:
    who = _listed(_contacts(world, finding)) or "somebody yet to be named"
    what = _task_name(world, finding, finding.inputs["oldest_task_id"])
    count = int(figures["blocked_tasks"].value)
    more = "" if count == 1 else f" {_count(count - 1, 'more task')} wait{'s' if count == 2 else ''} too."
    spare = figures["float_days"]
    longer = f", longer than its float of {_days(spare)}" if spare.value > 0 else " and has no float"
    return (
        f"{what} on {_project(world, finding)} has waited {_days(figures['age_days'])} on {who}{longer}:"
        f" go-live moves with it.{more}"
    )


def _overdue(world: World, finding: Finding, figures: Figures) -> str:
    what = _task_name(world, finding, finding.inputs["oldest_task_id"])
    count, leeway = int(figures["overdue_tasks"].value), figures.get("leeway_days")
    more = "" if count == 1 else f" {_count(count - 1, 'more task')} on the way to go-live overdue too."
    late = ""
    if leeway is not None and leeway.value < 0:
        late = f" The plan ends {-leeway.value} working days after the committed date."
    return (
        f"{what} on {_project(world, finding)} is {_days(figures['overdue_days'])} overdue (due"
        f" {finding.inputs['due_on']}), and go-live hangs on it.{more}{late}"
    )


def _slipped(world: World, finding: Finding, figures: Figures) -> str:
    return (
        f"Go-live of {_project(world, finding)} was moved later {figures['slips'].value} times: from"
        f" {finding.inputs['from_on']} to {finding.inputs['to_on']}, {_days(figures['slipped_days'])}."
    )


def _late(world: World, finding: Finding, figures: Figures) -> str:
    percent = figures["late_probability"].value
    drivers = [figures[name] for name in finding.inputs["drivers"].split()]
    said = _listed([_driver(number) for number in drivers])
    because = f" What speaks for it most: {said}." if said else ""
    return f"{_project(world, finding)} goes live late with a probability of {percent} %.{because}"


def _driver(number: Number) -> str:
    name = number.name.removesuffix("_days").removesuffix("_count").replace("_", " ")
    unit = number.unit.removesuffix("s") if number.value == 1 else number.unit
    return f"{name} {number.value.normalize():f} {unit}".strip()


_CLAIMS: dict[str, Callable[[World, Finding, Figures], str]] = {
    "customer_silent": _silent,
    "approval_ageing": _ageing,
    "blocker": _blocked,
    "overdue_critical": _overdue,
    "go_live_slipped": _slipped,
    "late_risk": _late,
}


def proposals(world: World, finding: Finding) -> Iterator[ProposedAction]:
    """Who could be asked, then the way up; only what could be done now."""
    project = _state(world, finding)
    since = finding.inputs.get("since_on", finding.inputs["as_of"])
    about = [i for i in finding.subject_ids if i in project.tasks]
    for kind, to_id, task_ids in _asked(world, finding, project, about):
        offer = messages.HAND.offered(world, kind, messages.args_for(project, to_id, task_ids, since), {})
        if offer.is_feasible:
            yield offer
    last = since if "since_on" in finding.inputs else finding.kind
    up = messages.HAND.offered(world, messages.ESCALATE, messages.args_for(project, "", about, last), {})
    if up.is_feasible:
        yield up


def _asked(
    world: World, finding: Finding, project: ProjectState, about: Sequence[str]
) -> Iterator[tuple[str, str, list[str]]]:
    """Each owner of what waits or is overdue, with what is theirs."""
    tasks = [project.tasks[i] for i in about if _may_begin(project, project.tasks[i])]
    owners = dict.fromkeys(task.owner_id for task in tasks if task.owner_id)
    others = (i for i in finding.subject_ids if i in world.tenant.parties)
    for party_id in list(dict.fromkeys([*owners, *others]))[:MOST_NAMED]:
        theirs = [task for task in tasks if task.owner_id == party_id]
        if party_id != project.manager_id:
            yield _verb(theirs), party_id, [task.task_id for task in theirs]


def _may_begin(project: ProjectState, task: Task) -> bool:
    """Whether what it follows is done: nobody is asked for what they cannot do yet."""
    before = (project.tasks.get(link.depends_on_id) for link in task.links if link.link == "FS")
    return all(other is None or not other.is_open for other in before)


def _verb(tasks: Sequence[Task]) -> str:
    is_approval = bool(tasks) and all(task.track == "approval" for task in tasks)
    return messages.REQUEST_APPROVAL if is_approval else messages.NUDGE


def _state(world: World, finding: Finding) -> ProjectState:
    return world.projects.get(finding.project_id) or ProjectState(project_id=finding.project_id)


def _project(world: World, finding: Finding) -> str:
    return world.external("project", finding.project_id)


def _contacts(world: World, finding: Finding) -> list[str]:
    parties = [i for i in finding.subject_ids if i in world.tenant.parties]
    named = [messages.party(world, i) for i in parties[:MOST_NAMED]]
    return [*named, f"{len(parties) - MOST_NAMED} more"] if len(parties) > MOST_NAMED else named


def _named(world: World, finding: Finding) -> str:
    tasks = [i for i in finding.subject_ids if i in _state(world, finding).tasks]
    shown = [_task_name(world, finding, i) for i in tasks[:MOST_NAMED]]
    more = [f"{len(tasks) - MOST_NAMED} more"] if len(tasks) > MOST_NAMED else []
    return f": {_listed([*shown, *more])}" if shown else ""


def _task_name(world: World, finding: Finding, task_id: str) -> str:
    task = _state(world, finding).tasks.get(task_id)
    if task is None:
        return task_id
    return f"{task.name} ({task.external_id})" if task.name else task.external_id


def _spare(figures: Figures) -> str:
    spare = figures.get("float_days")
    if spare is None:
        return ""
    if spare.value <= 0:
        return " Go-live moves with it."
    return f" Its float is {_days(spare)}."


def _days(number: Number) -> str:
    return f"{number.value} working day{'' if number.value == 1 else 's'}"


def _count(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
