"""A small playbook to change, the three that are shipped, and a strategy of valid ones."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from plan.playbook.checking import STAGES
from plan.playbook.order import Order
from plan.playbook.reading import PlaybookDraft, draft_of, read_toml
from store.events.playbooks import (
    PlaybookFee,
    PlaybookLink,
    PlaybookModule,
    PlaybookQuestion,
    PlaybookRole,
    PlaybookStage,
    PlaybookTask,
    PlaybookTemplate,
    PlaybookTie,
)
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion

SHIPPED = sorted((Path(__file__).parents[3] / "samples" / "playbooks").glob("*.toml"))
SIGNED = dt.date(2026, 3, 2)
AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)

SMALL: dict[str, Any] = {
    "id": "small",
    "name": "Small",
    "success_milestone": "First order shipped",
    "kickoff_after_days": 5,
    "go_live_after_days": 20,
    "fee": {"fee_type": "fixed", "amount": 10000, "currency": "EUR", "margin_floor": Decimal("0.4")},
    "roles": [
        {"role": "lead", "name": "Lead"},
        {"role": "builder", "name": "Builder"},
        {"role": "client", "name": "Client", "side": "customer"},
    ],
    "stages": [
        {"stage": stage, "owner": "lead", "gate": "hard" if stage in {"kickoff", "setup"} else "soft"}
        for stage in STAGES
    ],
    "scope_items": [{"key": "build", "text": "One thing built", "hours": 24}],
    "tasks": [
        {
            "key": "file",
            "name": "File",
            "stage": "contract_signed",
            "track": "internal",
            "role": "lead",
            "effort_hours": 1,
        },
        {"key": "meet", "name": "Meet", "stage": "kickoff", "track": "internal", "role": "lead", "anchor": "kickoff"},
        {
            "key": "build",
            "name": "Build",
            "stage": "setup",
            "track": "internal",
            "role": "builder",
            "duration_days": 3,
            "effort_hours": 24,
            "scope_item": "build",
            "after": ["meet"],
        },
        {
            "key": "send",
            "name": "Send data",
            "stage": "setup",
            "track": "customer",
            "role": "client",
            "duration_days": 4,
            "after": ["meet SS+1"],
        },
        {
            "key": "agree",
            "name": "Agree",
            "stage": "validation",
            "track": "approval",
            "role": "client",
            "after": ["build"],
        },
        {
            "key": "live",
            "name": "Go live",
            "stage": "go_live",
            "track": "internal",
            "role": "lead",
            "effort_hours": 2,
            "milestone": "go_live",
            "after": ["agree", "send"],
        },
        {
            "key": "value",
            "name": "Ship an order",
            "stage": "transition",
            "track": "customer",
            "role": "client",
            "milestone": "success",
            "anchor": "live",
            "offset_days": 3,
        },
    ],
    "questions": [{"key": "sso", "text": "Was SSO bought?", "default": "no"}],
    "modules": [
        {
            "key": "sso",
            "name": "SSO",
            "question": "sso",
            "fee": 1500,
            "adds_days": 2,
            "links": [{"task": "agree", "on": "connect"}],
            "tasks": [
                {
                    "key": "connect",
                    "name": "Connect",
                    "stage": "setup",
                    "track": "internal",
                    "role": "builder",
                    "duration_days": 6,
                    "effort_hours": 16,
                    "after": ["meet"],
                }
            ],
        }
    ],
}


def small(**changes: Any) -> dict[str, Any]:
    """The small playbook as written, with other top-level fields."""
    return copy.deepcopy(SMALL) | changes


def with_task(key: str, /, **changes: Any) -> dict[str, Any]:
    """The small playbook with one task changed."""
    written = small()
    (task,) = (task for task in written["tasks"] if task["key"] == key)
    task.update(changes)
    return written


def with_stage(name: str, /, **changes: Any) -> dict[str, Any]:
    """The small playbook with one stage changed."""
    written = small()
    (stage,) = (stage for stage in written["stages"] if stage["stage"] == name)
    stage.update(changes)
    return written


def drafted(written: dict[str, Any] | None = None) -> PlaybookDraft:
    return draft_of(small() if written is None else written)


def shipped(path: Path) -> PlaybookDraft:
    return read_toml(path.read_bytes())


def version_of(draft: PlaybookDraft, number: int = 1) -> PlaybookVersion:
    return PlaybookVersion(
        version=number,
        name=draft.name,
        summary=draft.summary,
        template=draft.template,
        fee=draft.fee,
        published_at=AT,
        published_by=None,
        event_id=f"published-{number}",
    )


def playbook_of(*drafts: PlaybookDraft) -> PlaybookState:
    versions = [version_of(draft, number) for number, draft in enumerate(drafts, start=1)]
    return PlaybookState(playbook_id=drafts[0].playbook_id, versions=versions, version=len(versions))


def order(**changes: Any) -> Order:
    plain: dict[str, Any] = {
        "playbook_id": "small",
        "name": "Example onboarding",
        "contract_signed_on": SIGNED,
        "source": "crm",
        "external_id": "D-1",
    }
    return Order(**(plain | changes))


_TRACKS = {"internal": "lead", "customer": "client", "approval": "client"}


@st.composite
def drafts(draw: st.DrawFn) -> PlaybookDraft:
    """Valid playbooks: links and anchors point back, so that none can form a circle."""
    core = draw(_tasks("t", (), 2, 8))
    blocks = [draw(_module(number, core)) for number in range(draw(st.integers(0, 2)))]
    core[-2] = _marked(core[-2], "go_live")
    core[-1] = _marked(core[-1], "success")
    template = PlaybookTemplate(
        roles=(
            PlaybookRole(role="lead", name="Lead"),
            PlaybookRole(role="client", name="Client", side="customer"),
        ),
        stages=tuple(PlaybookStage(stage=stage, owner="lead") for stage in STAGES),
        tasks=tuple(core),
        questions=tuple(PlaybookQuestion(key=m.question, text="Bought?", default="no") for m in blocks),
        modules=tuple(blocks),
        kickoff_after_days=draw(st.integers(0, 30)),
        go_live_after_days=draw(st.integers(1, 90)),
        success_milestone="First value",
    )
    return PlaybookDraft(
        playbook_id="drawn", name="Drawn", template=template, fee=PlaybookFee(fee_type="time_and_material")
    )


@st.composite
def _tasks(draw: st.DrawFn, prefix: str, before: tuple[str, ...], least: int, most: int) -> list[PlaybookTask]:
    tasks: list[PlaybookTask] = []
    for number in range(draw(st.integers(least, most))):
        known = [*before, *(task.key for task in tasks)]
        links = draw(st.lists(st.sampled_from(known), unique=True, max_size=3)) if known else []
        track = draw(st.sampled_from(sorted(_TRACKS)))
        anchor = draw(st.sampled_from(["", "contract_signed", "kickoff", "go_live", *known]))
        tasks.append(
            PlaybookTask(
                key=f"{prefix}{number}",
                name=f"Task {prefix}{number}",
                stage=draw(st.sampled_from(STAGES)),
                track=track,  # type: ignore[arg-type]
                role=_TRACKS[track],
                duration_days=draw(st.integers(1, 15)),
                effort_hours=Decimal(draw(st.integers(0, 80))) / 2,
                anchor=anchor,
                offset_days=draw(st.integers(-10, 20)) if anchor else 0,
                after=tuple(draw(_link(key)) for key in links),
            )
        )
    return tasks


@st.composite
def _link(draw: st.DrawFn, key: str) -> PlaybookLink:
    return PlaybookLink(on=key, type=draw(st.sampled_from(["FS", "SS", "FF", "SF"])), lag_days=draw(st.integers(-3, 8)))


@st.composite
def _module(draw: st.DrawFn, number: int, core: list[PlaybookTask]) -> PlaybookModule:
    # Its tasks follow the first of the core and hold the last: a tie can close no circle.
    tasks = draw(_tasks(f"m{number}_", (core[0].key,), 1, 4))
    tie = PlaybookTie(task=core[-1].key, on=tasks[-1].key)
    key = f"m{number}"
    return PlaybookModule(
        key=key, name=key, question=key, adds_days=draw(st.integers(0, 10)), tasks=tuple(tasks), links=(tie,)
    )


def _marked(task: PlaybookTask, milestone: Any) -> PlaybookTask:
    fields = {name: getattr(task, name) for name in task.__struct_fields__}
    return PlaybookTask(**(fields | {"milestone": milestone}))
