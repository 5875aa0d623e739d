"""From playbooks, plans and comparisons to what the API says of them. Money only to roles that may see it. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from api import playbook_shapes as shapes
from api.shapes import Money
from api.texts import plain
from plan.playbook.comparing import Comparison
from plan.playbook.planning import Plan
from store.access import Role, may_see
from store.events.playbooks import PlaybookFee
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion


def playbook_brief(state: PlaybookState) -> shapes.PlaybookBrief:
    """A line of the list: the latest version."""
    return shapes.PlaybookBrief(**_head(state, state.latest))


def playbook(state: PlaybookState, version: PlaybookVersion, role: Role) -> shapes.Playbook:
    """One version, whole."""
    template = version.template
    return shapes.Playbook(
        **_head(state, version),
        success_milestone=template.success_milestone,
        kickoff_after_days=template.kickoff_after_days,
        go_live_after_days=template.go_live_after_days,
        fee=_fee(version.fee) if may_see(role, "money") else None,
        roles=list(template.roles),
        stages=list(template.stages),
        scope_items=list(template.scope_items),
        tasks=list(template.tasks),
        questions=list(template.questions),
        modules=list(template.modules),
    )


def _head(state: PlaybookState, version: PlaybookVersion) -> dict[str, Any]:
    return {
        "id": state.playbook_id,
        "name": version.name,
        "summary": version.summary,
        "version": version.version,
        "latest_version": state.latest.version,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "event_id": version.event_id,
        "is_retired": state.retired_at is not None,
        "retired_because": state.retired_because,
        "task_count": len(version.template.tasks),
        "module_count": len(version.template.modules),
    }


def _fee(fee: PlaybookFee) -> shapes.PlaybookFeeOut:
    return shapes.PlaybookFeeOut(
        fee_type=fee.fee_type,
        amount=_money(fee.amount, fee.currency),
        margin_floor=fee.margin_floor,
        by_module={key: Money(amount=plain(amount), currency=fee.currency) for key, amount in fee.by_module.items()},
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=plain(amount), currency=currency)


def plan(found: Plan, playbook_id: str, role: Role) -> shapes.ProjectPlan:
    """The plan of an order."""
    price, is_shown = found.price, may_see(role, "money")
    return shapes.ProjectPlan(
        playbook_id=playbook_id,
        version=found.version.version,
        answers=dict(found.choice.answers),
        modules=[module.key for module in found.choice.modules],
        contract_signed_on=found.dates.contract_signed_on,
        kickoff_on=found.dates.kickoff_on,
        planned_go_live_on=found.go_live_on,
        promised_go_live_on=found.target_on,
        leeway_days=found.leeway_days,
        success_on=found.success_on,
        ends_on=found.ends_on,
        hours=Decimal(plain(price.hours)),
        roles=[shapes.RoleHoursOut(role=r.role, name=r.name, hours=Decimal(plain(r.hours))) for r in price.roles],
        fee=_money(price.fee, price.currency) if is_shown else None,
        cost=_money(price.cost, price.currency) if is_shown else None,
        margin=price.margin if is_shown else None,
        margin_floor=price.margin_floor if is_shown else None,
        is_below_floor=price.is_below_floor if is_shown and price.margin is not None else None,
        unrated_roles=list(price.unrated) if is_shown else [],
        critical_path=list(found.critical_path),
        tasks=[
            shapes.PlannedTaskOut(
                key=planned.task.key,
                name=planned.task.name,
                stage=planned.task.stage,
                track=planned.task.track,
                role=planned.task.role,
                owner_id=planned.owner_id,
                effort_hours=planned.task.effort_hours,
                starts_on=planned.starts_on,
                due_on=planned.due_on,
                float_days=planned.float_days,
                is_critical=planned.is_critical,
            )
            for planned in found.tasks
        ],
    )


def comparison(found: Comparison) -> shapes.ProjectPlaybook:
    """A project held against its playbook."""
    return msgspec.convert(found, shapes.ProjectPlaybook, from_attributes=True)
