"""One-time secrets: handed over, and read once. Answers are never kept: no Idempotency-Key here."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.answers import answer
from api.bodies import SecretIn
from api.deps import GroundDep, TenantDep, WriterDep, json_only
from api.errors import WRITING
from api.scope import not_there
from api.vault_shapes import SecretOut, SecretReference
from store import vault

router = APIRouter(prefix="/v1/secrets", tags=["secrets"])
_UNCACHED = {"Cache-Control": "no-store"}


@router.post("", summary="Hand a secret over", status_code=201, responses=WRITING, dependencies=[Depends(json_only)])
def keep_secret(request: SecretIn, ground: GroundDep, tenant: TenantDep, principal: WriterDep) -> Response:
    """A reference under which the secret can be read once, until it expires. The log tells the reference only."""
    if not principal.may_reach([request.project_id]):
        raise not_there("project")
    project = ground.project(tenant.tenant_id, request.project_id)
    kept = vault.keep(
        ground,
        tenant,
        project.project_id,
        request.name,
        request.secret.get_secret_value(),
        life=timedelta(hours=request.expires_in_hours),
        actor_id=principal.actor_id,
    )
    found = SecretReference(ref=kept.secret_id, project_id=kept.project_id, name=kept.name, expires_at=kept.expires_at)
    return answer(found, 201)


@router.post("/{secret_id}/reveal", summary="Read a secret, once", status_code=201, responses=WRITING)
def reveal_secret(secret_id: str, ground: GroundDep, tenant: TenantDep, principal: WriterDep) -> Response:
    """The secret; who asks again gets 409 `already_revealed` with when it was read."""
    found = vault.reveal(ground, tenant, secret_id, actor_id=principal.actor_id)
    kept = found.kept
    shown = SecretOut(
        ref=kept.secret_id,
        project_id=kept.project_id,
        name=kept.name,
        expires_at=kept.expires_at,
        secret=found.text,
    )
    return answer(shown, 201, headers=_UNCACHED)
