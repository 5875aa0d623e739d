"""Playbooks as their pages show them: stages by tracks, modules, a plan over time, how far a project has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from plan.playbook.comparing import Comparison, compare
from plan.playbook.gates import Held, in_words, unmet
from plan.playbook.planning import Plan
from store.events.playbooks import PlaybookModule, PlaybookStage, PlaybookTask, PlaybookTemplate
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion
from store.projections.projects.state import ProjectState
from web.drawing.gantt import Gantt, Span, gantt
from web.words import TRACKS, plain


@dataclass(frozen=True, slots=True)
class PlaybookLine:
    """A line of the list: the latest version, its tasks per track and the projects that run from it."""

    playbook: PlaybookState
    latest: PlaybookVersion
    tracks: Mapping[str, int]
    running: int
    all: int


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: its owner, its conditions in words, and its tasks by track."""

    stage: PlaybookStage
    name: str
    owner: str
    entry: Sequence[str]
    exit: Sequence[str]
    by_track: Mapping[str, Sequence[PlaybookTask]]


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """A block with the question that adds it."""

    module: PlaybookModule
    question: str
    fee: Decimal | None


@dataclass(frozen=True, slots=True)
class Follower:
    """A project that was started from the playbook, and how far it has come."""

    project_id: str
    name: str
    status: str
    stage: str
    version: int
    done: int
    total: int


def line_of(playbook: PlaybookState, projects: Iterable[ProjectState]) -> PlaybookLine:
    """The playbook with its projects counted."""
    own = [project for project in projects if _follows(project, playbook)]
    tasks = playbook.latest.template.tasks
    return PlaybookLine(
        playbook=playbook,
        latest=playbook.latest,
        tracks={track: sum(task.track == track for task in tasks) for track in TRACKS},
        running=sum(project.is_running for project in own),
        all=len(own),
    )


def followers(playbook: PlaybookState, projects: Iterable[ProjectState]) -> list[Follower]:
    """Its projects, running ones first, by name."""
    found = [
        Follower(
            project_id=project.project_id,
            name=project.name or project.external_id,
            status=project.status,
            stage=project.stage,
            version=project.pin.version if project.pin else 0,
            done=sum(task.status == "done" for task in project.tasks.values()),
            total=sum(task.status != "cancelled" for task in project.tasks.values()),
        )
        for project in projects
        if _follows(project, playbook)
    ]
    return sorted(found, key=lambda one: (one.status not in {"active", "on_hold"}, one.name))


def _follows(project: ProjectState, playbook: PlaybookState) -> bool:
    return project.pin is not None and project.pin.playbook_id == playbook.playbook_id


def stage_rows(template: PlaybookTemplate) -> list[StageRow]:
    """The eight stages in their order."""
    titles = {task.key: task.name for task in template.tasks}
    names = {role.role: role.name for role in template.roles}
    return [
        StageRow(
            stage=stage,
            name=plain(stage.stage),
            owner=names.get(stage.owner, stage.owner),
            entry=[in_words(condition, titles) for condition in stage.entry],
            exit=[in_words(condition, titles) for condition in stage.exit],
            by_track={
                track: [task for task in template.tasks if (task.stage, task.track) == (stage.stage, track)]
                for track in TRACKS
            },
        )
        for stage in template.stages
    ]


def module_cards(version: PlaybookVersion) -> list[ModuleCard]:
    """The blocks in the order of the file."""
    questions = {question.key: question.text for question in version.template.questions}
    added = version.fee.by_module
    return [ModuleCard(m, questions.get(m.question, m.question), added.get(m.key)) for m in version.template.modules]


def drawn(plan: Plan) -> Gantt | None:
    """The plan over time: stages in order, the critical path outlined, its dates as lines."""
    order = {stage.stage: number for number, stage in enumerate(plan.version.template.stages)}
    spans = [
        (
            order[planned.task.stage],
            Span(
                task_id=planned.task.key,
                name=planned.task.name,
                track=planned.task.track,
                starts_on=planned.starts_on,
                ends_on=planned.due_on,
                due_on=planned.due_on,
                place="ahead",
                is_critical=planned.task.key in plan.critical_path,
                is_milestone=planned.task.milestone in {"go_live", "success"},
            ),
        )
        for planned in plan.tasks
    ]
    ranked = sorted(spans, key=lambda pair: (pair[0], pair[1].starts_on, pair[1].ends_on, pair[1].name))
    dates = [(plan.dates.kickoff_on, "Kickoff", "forecast"), (plan.target_on, "Promised", "committed")]
    chart = gantt([span for _, span in ranked], plan.dates.contract_signed_on, dates)
    # Nothing has happened yet: the chart begins at the contract, not at today.
    marks = [replace(m, text="Contract") if m.kind == "today" else m for m in chart.marks] if chart else []
    return replace(chart, marks=marks) if chart else None


@dataclass(frozen=True, slots=True)
class Followed:
    """A project beside its playbook: what differs, and what holds it before the stage ahead (none at the end)."""

    name: str
    comparison: Comparison
    ahead: str
    ahead_stage: str
    held: Sequence[Held]


def followed(project: ProjectState, playbook: PlaybookState) -> Followed:
    """The comparison, with the gate of the stage after the present one."""
    found = compare(project, playbook)
    version = playbook.numbered(found.version)
    order = [stage.stage for stage in version.template.stages]
    at = order.index(project.stage) if project.stage in order else -1
    ahead = order[at + 1] if at + 1 < len(order) else ""
    return Followed(version.name, found, plain(ahead), ahead, unmet(project, version.template, ahead))
