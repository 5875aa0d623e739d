"""Examples about playbooks, worked out from one small playbook by the code that serves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from api import playbook_shapes, playbook_views
from plan.playbook.comparing import Comparison, Missing
from plan.playbook.gates import gates
from plan.playbook.order import Around, Order
from plan.playbook.planning import plan_of
from plan.playbook.reading import read_json, read_toml
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

_TOML = """\
id = "fast-start"
name = "Fast start"
success_milestone = "First order shipped"
kickoff_after_days = 5
go_live_after_days = 20
fee = { fee_type = "fixed", amount = 9000, currency = "EUR", margin_floor = 0.4 }
roles = [
  { role = "lead", name = "Delivery lead" },
  { role = "client", name = "Customer's lead", side = "customer" },
]
stages = [
  { stage = "contract_signed", owner = "lead" },
  { stage = "handoff", owner = "lead", exit = [{ known = "scope" }] },
  { stage = "intake", owner = "lead", exit = [{ tasks = "customer" }] },
  { stage = "kickoff", owner = "lead", exit = [{ task = "meet" }], gate = "hard" },
  { stage = "setup", owner = "lead" },
  { stage = "validation", owner = "lead", exit = [{ task = "accept" }], gate = "hard" },
  { stage = "go_live", owner = "lead" },
  { stage = "transition", owner = "lead" },
]
scope_items = [{ key = "setup", text = "One workspace set up", hours = 24 }]

[[tasks]]
key = "meet"
name = "Hold the kickoff"
stage = "kickoff"
track = "internal"
role = "lead"
effort_hours = 3
anchor = "kickoff"

[[tasks]]
key = "build"
name = "Set up the workspace"
stage = "setup"
track = "internal"
role = "lead"
duration_days = 5
effort_hours = 24
scope_item = "setup"
after = ["meet"]

[[tasks]]
key = "accept"
name = "Accept the workspace"
stage = "validation"
track = "approval"
role = "client"
duration_days = 2
after = ["build"]

[[tasks]]
key = "live"
name = "Go live"
stage = "go_live"
track = "internal"
role = "lead"
effort_hours = 2
milestone = "go_live"
after = ["accept FS+1"]

[[tasks]]
key = "value"
name = "Ship a first order"
stage = "transition"
track = "customer"
role = "client"
duration_days = 5
milestone = "success"
after = ["live"]

[[questions]]
key = "sso"
text = "Was single sign-on bought?"
default = "no"

[[modules]]
key = "sso"
name = "Single sign-on"
question = "sso"
fee = 1500
links = [{ task = "accept", on = "connect" }]

[[modules.tasks]]
key = "connect"
name = "Connect single sign-on"
stage = "setup"
track = "internal"
role = "lead"
duration_days = 3
effort_hours = 12
after = ["meet"]
"""


def _as_json() -> Any:
    """The same playbook as JSON, with the names of the file."""
    draft = read_toml(_TOML.encode())
    template = msgspec.to_builtins(draft.template)
    fee = msgspec.to_builtins(draft.fee)
    added = fee.pop("by_module")
    for module in template["modules"]:
        module["fee"] = added[module["key"]]
    return {"id": draft.playbook_id, "name": draft.name, "summary": draft.summary, "fee": fee, **template}


WRITTEN: dict[str, Any] = {"application/toml": _TOML, "application/json": _as_json()}
"""Media type -> a playbook of that form."""

_DRAFT = read_json(msgspec.json.encode(WRITTEN["application/json"]))
_VERSION = PlaybookVersion(
    version=1,
    name=_DRAFT.name,
    summary=_DRAFT.summary,
    template=_DRAFT.template,
    fee=_DRAFT.fee,
    published_at=dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC),
    published_by="key:lw_4fT9aQ",
    event_id="1f2e3d4c-5b6a-5798-8796-a5b4c3d2e1f0",
)
_STATE = PlaybookState(playbook_id=_DRAFT.playbook_id, versions=[_VERSION], version=1)
_ORDER: dict[str, Any] = {
    "playbook_id": "fast-start",
    "name": "Example Logistics onboarding",
    "contract_signed_on": "2026-09-07",
    "external_ref": {"source": "crm", "id": "D-4711"},
    "answers": {"sso": "yes"},
}
_PLAN = plan_of(
    _VERSION,
    Order("fast-start", _ORDER["name"], dt.date(2026, 9, 7), "crm", "D-4711", answers=_ORDER["answers"]),
    Around(TenantState()),
)
_PROJECT_ID = "9d3f7c1e-8a52-5b6d-9c0e-2f4a6b8d0e1c"
_COMPARISON = Comparison(
    project_id=_PROJECT_ID,
    playbook_id="fast-start",
    version=1,
    latest_version=1,
    is_pinned=True,
    modules=("sso",),
    steps=6,
    steps_done=3,
    missing=(Missing("connect", "Connect single sign-on", "setup", "internal", is_cancelled=True),),
    out_of_order=(),
    added=(),
    reestimated=(),
    stages=tuple(gates(ProjectState(), _DRAFT.template)),
)

REQUESTS: dict[str, Any] = {
    "start_project": _ORDER,
    "preview_project": _ORDER,
    "enter_project_stage": {"stage": "setup", "override_reason": "The customer asked to begin early"},
    "retire_playbook": {"reason": "Replaced by saas-onboarding"},
}
_WHOLE = playbook_views.playbook(_STATE, _VERSION, "manager")
_BRIEF = playbook_views.playbook_brief(_STATE)
ANSWERS: dict[str, dict[str, Any]] = {
    "list_playbooks": {"200": playbook_shapes.PlaybookList(data=[_BRIEF])},
    "read_playbook": {"200": _WHOLE},
    "publish_playbook": {"201": _WHOLE},
    "retire_playbook": {"201": _BRIEF},
    "preview_project": {"200": playbook_views.plan(_PLAN, "fast-start", "manager")},
    "read_project_playbook": {"200": playbook_views.comparison(_COMPARISON)},
    "enter_project_stage": {
        "201": playbook_shapes.StageEntered(
            project_id=_PROJECT_ID, stage="setup", overridden=["kickoff exit: “Hold the kickoff” is done"]
        )
    },
}
