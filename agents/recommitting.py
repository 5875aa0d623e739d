"""Making an impossible date possible: promise a later one, or do less before it. Pure.

The effect in days is that on the promise, or on the earliest date the work allows; both are read off the
world once the facts are folded. A later promise moves no money; hours not worked save their cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from agents.acting import Args, Hand, Inputs
from agents.world import World, after
from plan.network import calendars_of
from plan.rates import in_currency, rate_on
from plan.staffing import calendar_of
from plan.timeline import Allowances, Staff, Timeline, timeline_of
from store.errors import Conflict, Invalid
from store.events import Effect, Fact, Number, ProjectGoLiveCommitted, TaskReestimated
from store.ids import ProjectId, TaskId
from store.projections.projects.state import ProjectState

MOVE_GO_LIVE, CUT_SCOPE = "move_go_live", "cut_scope"
KINDS = (MOVE_GO_LIVE, CUT_SCOPE)
UNDER_WAY = frozenset({"active", "on_hold"})
NOTHING, CENT = Decimal("0.00"), Decimal("0.01")


def move_args(project_id: str, to_on: dt.date) -> dict[str, str]:
    """The arguments of another promise."""
    return {"project_id": project_id, "to_on": to_on.isoformat()}


def cut_args(project: ProjectState, cut: Mapping[str, Decimal]) -> dict[str, str]:
    """The arguments of a smaller scope: the effort that each task is left with."""
    left = {i: (project.tasks[i].effort_hours or NOTHING) - hours for i, hours in cut.items()}
    return {"project_id": project.project_id, "efforts": " ".join(f"{i}={hours}" for i, hours in sorted(left.items()))}


def allowances_of(inputs: Inputs) -> Allowances:
    """What the finding took for granted."""
    return Allowances(Decimal(inputs.get("threshold.least_answer_days", "1")))


def staff_of(world: World) -> Staff:
    """What the path needs to know; roles are not judged here, so that it is the same whoever is known."""
    return Staff(world.tenant, {}, calendars_of(world.tenant))


def proof_of(world: World, project: ProjectState, due_on: dt.date, inputs: Inputs) -> Timeline | None:
    """The project's path held against a date; None where there is none, or its links run in a circle."""
    try:
        return timeline_of(project, staff_of(world), due_on, world.as_of, allowances_of(inputs))
    except Invalid:
        return None


def facts(_world: World, kind: str, args: Args) -> list[Fact]:
    """The promise, or the new estimates."""
    project_id = ProjectId(args["project_id"])
    if kind == MOVE_GO_LIVE:
        return [ProjectGoLiveCommitted(project_id=project_id, committed_go_live_on=_day(args["to_on"]))]
    return [
        TaskReestimated(task_id=TaskId(task_id), project_id=project_id, effort_hours=hours)
        for task_id, hours in _efforts(args).items()
    ]


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("malformed_action", f"{text!r} is no date.", remedy="Give the date as YYYY-MM-DD.") from error


def _efforts(args: Args) -> dict[str, Decimal]:
    pairs = (pair.partition("=") for pair in args["efforts"].split())
    return {task_id: Decimal(hours) for task_id, _, hours in pairs}


def _project(world: World, args: Args) -> ProjectState:
    return world.projects.get(args["project_id"]) or ProjectState(project_id=args["project_id"])


def effect(world: World, kind: str, args: Args, inputs: Inputs) -> Effect:
    """Working days by which the promise moves (negative is later) or the path gets shorter, and the claim's figures."""
    before = _project(world, args)
    later = after(world, facts(world, kind, args))
    then = _project(later, args)
    calendar = calendar_of(world.tenant, before.calendar_id)
    if kind == MOVE_GO_LIVE:
        was, is_now = before.committed_on, then.committed_on
    else:
        was, is_now = _ends_on(world, before, inputs), _ends_on(later, then, inputs)
    return Effect(
        days=Decimal(calendar.working_days_between(is_now, was) if was and is_now else 0),
        margin=NOTHING if kind == MOVE_GO_LIVE else _saved(world, before, args),
        currency=world.tenant.currency,
        numbers=_figures(later, then, inputs),
    )


def _ends_on(world: World, project: ProjectState, inputs: Inputs) -> dt.date | None:
    """The earliest day on which the path can end."""
    proof = proof_of(world, project, project.committed_on or world.as_of, inputs)
    return proof.path.finish_on if proof else None


def _figures(world: World, project: ProjectState, inputs: Inputs) -> tuple[Number, ...]:
    proof = proof_of(world, project, project.committed_on, inputs) if project.committed_on else None
    if proof is None:
        return ()
    values = {"days_needed": proof.days_needed, "days_left": proof.days_left, "days_short": proof.days_short}
    return tuple(Number(name=name, value=Decimal(value), unit="working days") for name, value in values.items())


def _saved(world: World, project: ProjectState, args: Args) -> Decimal | None:
    """Cost of the hours that are not worked; None where a rate is not known."""
    total = NOTHING
    for task_id, hours in _efforts(args).items():
        task = project.tasks[task_id]
        person = world.people.get(task.owner_id or "")
        rate = person and rate_on(world.tenant, person, project.project_id, world.as_of, role=task.role)
        if not rate:
            return None
        amount = ((task.effort_hours or NOTHING) - hours) * rate[0]
        known = in_currency(world.tenant, amount, rate[1], world.tenant.currency, world.as_of)
        if known is None:
            return None
        total += known
    return total.quantize(CENT)


def problems(world: World, kind: str, args: Args, inputs: Inputs) -> list[str]:
    """Why it may not be offered or done now: among others, that the date could not be kept even so."""
    project = _project(world, args)
    if project.status not in UNDER_WAY:
        return ["The project is not under way."]
    if kind == CUT_SCOPE and (found := _cut_problems(project, args)):
        return found
    if kind == MOVE_GO_LIVE and (found := _move_problems(world, project, _day(args["to_on"]))):
        return found
    later = after(world, facts(world, kind, args))
    then = _project(later, args)
    proof = proof_of(later, then, then.committed_on, inputs) if then.committed_on else None
    return ["The date could not be kept even so."] if proof and proof.path.finish_on > proof.due_on else []


def _move_problems(world: World, project: ProjectState, to_on: dt.date) -> list[str]:
    if to_on < world.as_of:
        return ["It would promise a day that has passed."]
    return ["This date is promised already."] if project.committed_on == to_on else []


def _cut_problems(project: ProjectState, args: Args) -> list[str]:
    tasks = [project.tasks.get(task_id) for task_id in _efforts(args)]
    is_open = all(task is not None and task.is_open and task.started_at is None for task in tasks)
    return [] if is_open else ["Work it would cut has been begun."]


def sentence(world: World, kind: str, args: Args, effect: Effect) -> str:
    """What it does and what it changes."""
    project = _project(world, args)
    if kind == MOVE_GO_LIVE:
        was = f" instead of {project.committed_on.isoformat()}" if project.committed_on else ""
        way = "later" if effect.days < 0 else "earlier"
        days = f"{abs(effect.days)} working day{'' if abs(effect.days) == 1 else 's'} {way}"
        return f"Promise {args['to_on']}{was}: the committed go-live moves {days}. Margin stays."
    cuts = [
        f"{(project.tasks[i].effort_hours or NOTHING) - hours} h of {project.tasks[i].external_id}"
        for i, hours in _efforts(args).items()
        if i in project.tasks
    ]
    margin = "not assessed: a cost rate is missing" if effect.margin is None else f"+{effect.margin} {effect.currency}"
    return f"Leave out {', '.join(cuts)}: the work can end {effect.days} working days earlier. Margin {margin}."


def _touched(_kind: str, args: Args) -> tuple[set[str], set[str]]:
    return set(), {args["project_id"]}


def _edited(kind: str, args: Args, changes: Args) -> dict[str, str]:
    if kind != MOVE_GO_LIVE or set(changes) != {"to_on"}:
        raise Invalid(
            "not_editable",
            f"Of the action {kind!r} only the promised date can be edited.",
            remedy="Send to_on as YYYY-MM-DD with the action that moves the go-live, or reject the proposal.",
        )
    return {**args, "to_on": _day(changes["to_on"]).isoformat()}


def _undo(before: World, done: Sequence[Fact]) -> list[Fact]:
    """The former promise, or the former efforts, again."""
    undone: list[Fact] = []
    for fact in done:
        if isinstance(fact, ProjectGoLiveCommitted):
            former = before.projects[fact.project_id].committed_on
            if former is None:
                raise Conflict(
                    "nothing_promised_before", "No date was promised before.", remedy="Commit another date by hand."
                )
            undone.append(ProjectGoLiveCommitted(project_id=fact.project_id, committed_go_live_on=former))
        if isinstance(fact, TaskReestimated):
            effort = before.projects[fact.project_id].tasks[fact.task_id].effort_hours
            undone.append(TaskReestimated(task_id=fact.task_id, project_id=fact.project_id, effort_hours=effort))
    return undone


HAND = Hand(KINDS, _touched, facts, effect, problems, _edited, sentence, _undo)
