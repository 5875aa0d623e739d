"""From an engagement's states to what the API says of it; money goes only to roles that may see it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api import engagement_shapes as shapes
from api import views
from api.deps import Moment
from api.texts import plain
from plan.baselines.knowing import Bound, surroundings
from plan.engagements import EngagementMoney, Part, Sum, engagement_money
from plan.money import statement
from plan.staffing import calendar_of
from store.access import Role, may_see
from store.errors import NotFound
from store.ground import Ground
from store.ids import TenantId
from store.projections.tenants.fold import EngagementEntry, TenantState


def entry_of(tenant: TenantState, engagement_id: str) -> EngagementEntry:
    """One engagement; raises `NotFound`."""
    found = tenant.engagements.get(engagement_id)
    if found is None:
        raise NotFound(
            "unknown_engagement", "There is no such engagement.", remedy="List them with GET /v1/engagements."
        )
    return found


def brief(entry: EngagementEntry, tenant: TenantState, project_ids: Sequence[str]) -> shapes.EngagementBrief:
    """A line of the list."""
    return shapes.EngagementBrief(**_fields(entry, tenant, project_ids))


def _fields(entry: EngagementEntry, tenant: TenantState, project_ids: Sequence[str]) -> dict[str, Any]:
    return {
        "id": entry.engagement_id,
        "external_id": entry.external_id,
        "name": entry.name,
        "customer": views.customer_named(tenant, entry.customer_id),
        "deal_ref": entry.deal_ref,
        "contract_starts_on": entry.contract_starts_on,
        "billing_starts_on": entry.billing_starts_on,
        "project_ids": list(project_ids),
    }


def parts_of(ground: Ground, tenant_id: TenantId, project_ids: Sequence[str], moment: Moment) -> list[Part]:
    """The projects that were known at the moment, each with its statement as known then."""
    found = (surroundings(ground.log, tenant_id, each, Bound(moment.cut), moment.at) for each in project_ids)
    return [
        Part(known.project, statement(known.project, known.tenant, known.people, known.as_of))
        for known in found
        if known.project.project_id
    ]


def engagement(
    entry: EngagementEntry, tenant: TenantState, parts: Sequence[Part], moment: Moment, role: Role
) -> shapes.Engagement:
    """An engagement with its projects, as a caller of this role may see it."""
    is_shown = may_see(role, "money")
    day = calendar_of(tenant, None).local_date(moment.at)
    money = engagement_money(parts, tenant, entry.currency or tenant.currency, day)
    return shapes.Engagement(
        **_fields(entry, tenant, [part.project.project_id for part in parts]),
        as_of=views.as_of(moment),
        arr=entry.arr if is_shown else None,
        projects=[_project(part) for part in parts],
        money=_money(money) if is_shown else None,
    )


def _project(part: Part) -> shapes.EngagementProject:
    project = part.project
    return shapes.EngagementProject(
        id=project.project_id,
        name=project.name,
        status=project.status,
        stage=project.stage,
        committed_go_live_on=project.committed_on,
    )


def _money(found: EngagementMoney) -> shapes.EngagementMoneyOut:
    return shapes.EngagementMoneyOut(
        by_currency=[_sum(each) for each in found.sums], total=_sum(found.total), missing=list(found.missing)
    )


def _sum(found: Sum) -> shapes.EngagementSum:
    return shapes.EngagementSum(
        currency=found.currency,
        project_ids=list(found.project_ids),
        fee=_tidy(found.fee),
        revenue=_tidy(found.revenue),
        cost=_tidy(found.cost),
        margin=_tidy(found.margin),
    )


def _tidy(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else Decimal(plain(amount))
