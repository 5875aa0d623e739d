"""Alerts: read, recomputed, decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response

from agents.check import check
from api import reading, shapes, views
from api.answers import answer
from api.bodies import DecisionIn
from api.deps import Cursor, DeciderDep, GroundDep, Limit, MomentDep, PrincipalDep, TenantDep, json_only
from api.errors import MISSING, READING, WRITING
from api.once import CallerDep, OptionalKey
from api.preconditions import etag, expected_version
from api.reviewing import review
from risk.commands import scorer
from store.projections.alerts.fold import Lifecycle
from store.projections.alerts.rows import AlertFilter

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])


async def wanted_of(
    state: Annotated[
        list[Lifecycle] | None, Query(description="May be repeated. Open and snoozed ones by default.")
    ] = None,
    agent: str | None = None,
    kind: str | None = None,
    project_id: str | None = None,
    subject_id: Annotated[str | None, Query(description="A person, booking or task that the alert names")] = None,
) -> AlertFilter:
    """Which alerts the caller wants."""
    return AlertFilter(tuple(state or ("open", "snoozed")), agent, kind, project_id, subject_id)


@router.get("", summary="List alerts", responses=READING)
def list_alerts(
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    wanted: Annotated[AlertFilter, Depends(wanted_of)],
    moment: MomentDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Alerts as they stand, or stood at `as_of`: gravest first and then newest first."""
    wanted = replace(wanted, only_ids=principal.project_ids)
    if moment.is_now:
        states, next_cursor = reading.alert_page(ground, tenant.tenant_id, wanted, limit=limit, cursor=cursor)
    else:
        states, next_cursor = reading.alerts_at(ground, tenant.tenant_id, wanted, moment, (limit, cursor))
    return answer(
        shapes.AlertPage(data=[views.alert(found, principal.role) for found in states], next_cursor=next_cursor)
    )


@router.get("/{alert_id}", summary="One alert", responses=MISSING)
def read_alert(
    alert_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep, moment: MomentDep
) -> Response:
    """An alert with its evidence, proposals and decisions. Its `ETag` is what `If-Match` of a decision takes."""
    found = reading.alert_at(ground, tenant.tenant_id, alert_id, moment)
    return answer(views.alert(found, principal.role), headers={"ETag": etag(found.version)})


@router.get("/{alert_id}/check", summary="Recompute an alert", responses=MISSING)
def check_alert(alert_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep) -> Response:
    """Every number of the alert computed again from the events it was raised on, and whether it still holds."""
    score_of = scorer(ground, tenant.tenant_id)
    report = check(ground.log, tenant.tenant_id, alert_id, now=tenant.now(ground.clock), score_of=score_of)
    return answer(views.check(report, principal.role))


@router.post(
    "/{alert_id}/decisions",
    summary="Decide",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def decide_alert(
    alert_id: str,
    request: DecisionIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: DeciderDep,
    caller: CallerDep,
    idempotency_key: OptionalKey = None,
    if_match: Annotated[str | None, Header(description='The alert\'s version, for example `"3"`')] = None,
) -> Response:
    """Approve (and carry out) a proposal, reject, snooze, assign, escalate, respond, or undo."""

    def work(key: str) -> shapes.Alert:
        version = expected_version(if_match)
        review(ground, tenant, alert_id, request, actor_id=principal.actor_id, key=key, expected_version=version)
        return views.alert(ground.alert(tenant.tenant_id, alert_id), principal.role)

    return caller.once(idempotency_key, request, work)
