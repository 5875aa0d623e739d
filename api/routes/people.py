"""People: their right to be forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api import erasure_shapes
from api.bodies import ErasureIn
from api.deps import GroundDep, TenantDep, allowed, json_only
from api.errors import WRITING
from api.once import CallerDep, NeededKey
from store.access import MAY_ERASE, Principal
from store.erasing import erase, is_erased
from store.errors import Invalid

router = APIRouter(prefix="/v1/people", tags=["people"])
EraserDep = Annotated[Principal, Depends(allowed(MAY_ERASE))]


@router.post(
    "/{party_id}/erasure",
    summary="Erase a person",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def erase_person(
    party_id: str,
    request: ErasureIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: EraserDep,
    caller: CallerDep,
    idempotency_key: NeededKey,
) -> Response:
    """Destroys the key of a person or contact for good; answers once every projection is folded without them.

    It takes an administrator, and `confirm` that repeats the id. A call's words go with its project's id.
    """
    is_erased(ground, tenant.tenant_id, party_id)
    if request.confirm != party_id:
        raise Invalid(
            "not_confirmed",
            "`confirm` is not the id in the address.",
            remedy="Repeat the id: nothing brings them back.",
            where="body.confirm",
        )

    def work(_key: str) -> erasure_shapes.Erasure:
        now = tenant.now(ground.clock)
        done = erase(ground, tenant.tenant_id, party_id, actor_id=principal.actor_id, now=now)
        return erasure_shapes.Erasure(party_id=done.party_id, erased_at=now, was_erased=done.was_erased)

    return caller.once(idempotency_key, request, work)
