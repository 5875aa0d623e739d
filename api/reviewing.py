"""A reviewer's decision carried to the agents and then folded, so that the reviewer reads their own write."""

from __future__ import annotations

from agents.commands import decide
from api.bodies import DecisionIn
from store.errors import NotFound
from store.ground import Ground
from store.ids import fact_id
from store.tenants import Tenant


def review(
    ground: Ground,
    tenant: Tenant,
    alert_id: str,
    request: DecisionIn,
    *,
    actor_id: str,
    key: str,
    expected_version: int | None = None,
) -> None:
    """Decides. Ids follow from `key`, so that a repeat of the same call changes nothing."""
    decision_id = fact_id(tenant.tenant_id, "review", alert_id, key)
    if ground.log.find(tenant.tenant_id, [decision_id]):
        # The first call got as far as the log and no further: its answer was lost, not its effect.
        ground.settle(tenant.tenant_id)
        return
    if request.assignee_id and request.assignee_id not in ground.tenant_state(tenant.tenant_id).parties:
        raise NotFound(
            "unknown_person", "There is no such person.", remedy="Use an id that exists.", where="body.assignee_id"
        )
    decide(
        ground.log,
        tenant.tenant_id,
        alert_id,
        request.verb,
        actor_id=actor_id,
        now=tenant.now(ground.clock),
        new_id=lambda: decision_id,
        proposal_id=request.proposal_id,
        args=request.args,
        reason=request.reason,
        note=request.note,
        until_on=request.until_on,
        assignee_id=request.assignee_id,
        expected_version=expected_version,
        appended_at=ground.clock.now(),
    )
    ground.settle(tenant.tenant_id)
