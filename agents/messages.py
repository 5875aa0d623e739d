"""Asking and escalating: actions that are messages. Nothing is sent before a person approves. Pure.

A nudge and a request for approval go from the project's manager to a party, in the portal, and need an
answer; an escalation puts the project before whoever stands above the manager. They move no date and
no money: what they may bring is not foretold. What was sent cannot be unsent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from agents.acting import Args, Hand, Inputs
from agents.world import World
from risk.waits import UNDER_WAY
from store.errors import Conflict, Invalid
from store.events import Effect, EscalationRaised, Fact, MessageSent
from store.ids import PartyId, ProjectId, derived_id
from store.projections.projects.state import ProjectState

NUDGE, REQUEST_APPROVAL, ESCALATE = "nudge", "request_approval", "escalate"
KINDS = (NUDGE, REQUEST_APPROVAL, ESCALATE)
NOTHING = Decimal("0.00")


def args_for(project: ProjectState, to_id: str, about_ids: Sequence[str], since_on: str) -> dict[str, str]:
    """The arguments of a message to a party about tasks or messages, from the project's manager."""
    return {
        "project_id": project.project_id,
        "from_id": project.manager_id or "",
        "to_id": to_id,
        "about_ids": " ".join(about_ids),
        "since_on": since_on,
    }


def facts(world: World, kind: str, args: Args) -> list[Fact]:
    """The message or the escalation, as it is recorded."""
    project = _project(world, args)
    key = [kind, *(f"{name}={value}" for name, value in sorted(args.items())), world.now.isoformat()]
    said_id, from_id = derived_id(world.tenant_id, "message", *key), PartyId(args["from_id"])
    if kind == ESCALATE:
        return [
            EscalationRaised(
                escalation_id=said_id,
                external_id=said_id,
                project_id=ProjectId(project.project_id),
                by_id=from_id,
                text=f"Help is needed on {project.external_id}: {_what(world, project, args)}.",
            )
        ]
    return [
        MessageSent(
            message_id=said_id,
            external_id=said_id,
            project_id=ProjectId(project.project_id),
            from_id=from_id,
            to_ids=(PartyId(args["to_id"]),),
            channel="portal",
            needs_answer=True,
            text=_text(world, project, kind, args),
        )
    ]


def _project(world: World, args: Args) -> ProjectState:
    return world.projects.get(args["project_id"]) or ProjectState(project_id=args["project_id"])


def _text(world: World, project: ProjectState, kind: str, args: Args) -> str:
    wish = "Your approval is needed" if kind == REQUEST_APPROVAL else "We are waiting for you"
    return (
        f"{wish}: {_what(world, project, args)}, since {args['since_on']}."
        " Please answer here, or say what holds you up and when we may expect it."
    )


def _what(world: World, project: ProjectState, args: Args) -> str:
    named = [project.tasks[i] for i in args["about_ids"].split() if i in project.tasks]
    known = [f"{task.name} ({task.external_id})" if task.name else task.external_id for task in named]
    return ", ".join(known) or f"an answer on {world.external('project', project.project_id)}"


def problems(world: World, kind: str, args: Args, _inputs: Inputs) -> list[str]:
    """Why it would be pointless or could not be sent now."""
    project = _project(world, args)
    about = [project.tasks[i] for i in args["about_ids"].split() if i in project.tasks]
    found = []
    if project.status not in UNDER_WAY:
        found.append("The project is not under way.")
    if not args["from_id"]:
        found.append("The project has no manager in whose name to write.")
    # A contact stands in the directory; one's own people stand there too, or have a state of their own.
    if kind != ESCALATE and args["to_id"] not in world.tenant.parties and args["to_id"] not in world.people:
        found.append("The receiver is not known.")
    if kind != ESCALATE and about and not any(task.is_open for task in about):
        found.append("What it asks for has been done.")
    return found


def effect(world: World, _kind: str, _args: Args, _inputs: Inputs) -> Effect:
    """Go-live and margin stay as they are: a message changes neither by itself."""
    return Effect(days=Decimal(0), margin=NOTHING, currency=world.tenant.currency)


def sentence(world: World, kind: str, args: Args, _effect: Effect) -> str:
    """What would be sent to whom."""
    project = _project(world, args)
    who = party(world, args["to_id"])
    named = [project.tasks[i].external_id for i in args["about_ids"].split() if i in project.tasks]
    about = f" about {', '.join(named)}" if named else ""
    does = {
        NUDGE: f"Remind {who} in the portal{about} and ask for an answer",
        REQUEST_APPROVAL: f"Ask {who} in the portal to decide{about.replace(' about', ' on', 1)}",
        ESCALATE: f"Put {world.external('project', project.project_id)} before whoever stands above its manager",
    }
    return f"{does[kind]}. Go-live stays. Margin stays."


def party(world: World, party_id: str) -> str:
    """What the source calls the party."""
    known = world.tenant.parties.get(party_id)
    return (known.external_id if known else "") or party_id


def _touched(_kind: str, args: Args) -> tuple[set[str], set[str]]:
    return set(), {args["project_id"]}


def _edited(kind: str, _args: Args, _changes: Args) -> dict[str, str]:
    raise Invalid(
        "not_editable",
        f"The action {kind!r} has nothing to edit.",
        remedy="Approve it as it is, or write to them yourself and reject the proposal as known.",
    )


def _undo(_world: World, _facts: Sequence[Fact]) -> list[Fact]:
    raise Conflict(
        "already_sent",
        "What was sent cannot be unsent.",
        remedy="Write to them again if it was wrong.",
    )


HAND = Hand(KINDS, _touched, facts, effect, problems, _edited, sentence, _undo)
