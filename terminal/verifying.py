"""`leeway verify`: the chain and every projection recomputed from the log."""

from __future__ import annotations

from typing import Any

from store.ground import Ground
from store.tenants import Tenant
from store.verify import verify as verify_chain
from terminal.showing import bar, console, write_json


def verify(ground: Ground, slug: str | None, *, as_json: bool) -> bool:
    """Whether everything holds, tenant by tenant; says where it does not."""
    tenants = [ground.tenants.find(slug)] if slug else ground.tenants.all()
    found = [_verify_one(ground, tenant) for tenant in tenants]
    if as_json:
        write_json(found)
    else:
        for row in found:
            _show(row)
    return all(row["is_clean"] for row in found)


def _verify_one(ground: Ground, tenant: Tenant) -> dict[str, Any]:
    ground.settle(tenant.tenant_id)
    with bar(f"Verifying {tenant.slug}", total=ground.log.head(tenant.tenant_id).position) as step:
        verdict = verify_chain(ground.log.connections, tenant.tenant_id, progress=step)
    differing = ground.projector.differences(tenant.tenant_id) if verdict.is_clean else []
    return {
        "tenant": tenant.slug,
        "is_clean": verdict.is_clean and not differing,
        "events": verdict.events,
        "head": verdict.head.hash.hex(),
        "fault": verdict.fault.detail if verdict.fault else None,
        "differing_projections": differing,
    }


def _show(row: dict[str, Any]) -> None:
    if row["is_clean"]:
        console.print(f"{row['tenant']}: {row['events']:,} events hold, every projection is what the log says.")
        console.print(f"  head {row['head']}", markup=False)
        return
    if row["fault"]:
        console.print(f"{row['tenant']}: {row['fault']}", markup=False)
    for name in row["differing_projections"]:
        console.print(f"{row['tenant']}: the stored state of {name} is not what the log gives; run leeway rebuild.")
