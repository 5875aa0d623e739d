"""`leeway verify`: the chain and every projection recomputed from the log."""

from __future__ import annotations

from typing import Any

from store.errors import Invalid
from store.ground import Ground
from store.log import Head
from store.tenants import Tenant
from store.verify import verify as verify_chain
from terminal.showing import bar, console, write_json


def verify(ground: Ground, slug: str | None, *, anchor: str | None, as_json: bool) -> bool:
    """Whether everything holds, tenant by tenant; says where it does not. Writes nothing.

    `anchor` is a head that was printed earlier and kept elsewhere, as POSITION:HASH, of the one tenant named.
    """
    head = _anchor(anchor, slug)
    tenants = [ground.tenants.find(slug)] if slug else ground.tenants.all()
    found = [_verify_one(ground, tenant, head) for tenant in tenants]
    if as_json:
        write_json(found)
    else:
        for row in found:
            _show(row)
    return all(row["is_clean"] for row in found)


def _anchor(text: str | None, slug: str | None) -> Head | None:
    if text is None:
        return None
    position, _, digest = text.partition(":")
    try:
        head = Head(int(position), bytes.fromhex(digest))
    except ValueError:
        head = Head()
    if not slug or head.position < 1 or len(head.hash) != len(Head().hash):
        raise Invalid(
            "bad_anchor", f"{text!r} is no anchor of one tenant.", remedy="Use --tenant SLUG --anchor POSITION:HASH."
        )
    return head


def _verify_one(ground: Ground, tenant: Tenant, anchor: Head | None) -> dict[str, Any]:
    with bar(f"Verifying {tenant.slug}", total=ground.log.head(tenant.tenant_id).position) as step:
        verdict = verify_chain(ground.log.connections, tenant.tenant_id, anchor=anchor, progress=step)
    with bar(f"Folding {tenant.slug} again", total=verdict.events) as step:
        differing = ground.differences(tenant.tenant_id, progress=step) if verdict.is_clean else []
    return {
        "tenant": tenant.slug,
        "is_clean": verdict.is_clean and not differing,
        "events": verdict.events,
        "anchor": f"{verdict.head.position}:{verdict.head.hash.hex()}",
        "unsealed": verdict.unsealed,
        "fault": verdict.fault.detail if verdict.fault else None,
        "differing_projections": differing,
    }


def _show(row: dict[str, Any]) -> None:
    if row["is_clean"]:
        console.print(f"{row['tenant']}: {row['events']:,} events hold, every projection is what the log says.")
        console.print(f"  anchor {row['anchor']}", markup=False, soft_wrap=True)
        return
    if row["fault"]:
        console.print(f"{row['tenant']}: {row['fault']}", markup=False)
    for name in row["differing_projections"]:
        console.print(f"{row['tenant']}: the stored state of {name} is not what the log gives; run leeway rebuild.")
