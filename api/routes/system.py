"""Health, readiness and metrics for whoever runs this; who am I for whoever calls."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.deps import GroundDep, PrincipalDep, TenantDep
from api.errors import READING
from store.migrations import newest

router = APIRouter(tags=["system"])


class Caller(BaseModel):
    """The key's tenant and role."""

    tenant: str
    name: str
    role: str
    key_id: str
    is_frozen: bool


class Readiness(BaseModel):
    """The database answers and has the tables this program expects."""

    status: str
    revision: str


@router.get("/v1/me", summary="Who am I", responses=READING)
def who_am_i(principal: PrincipalDep, tenant: TenantDep) -> Caller:
    """Tenant and role of the key."""
    return Caller(
        tenant=tenant.slug,
        name=principal.name,
        role=principal.role,
        key_id=principal.key_id,
        is_frozen=tenant.frozen_at is not None,
    )


@router.get("/healthz", summary="Alive", response_class=PlainTextResponse)
def healthz() -> str:
    """The process answers."""
    return "ok"


@router.get("/readyz", summary="Ready", responses={503: READING[503]})
def readyz(ground: GroundDep) -> Readiness:
    """The database answers; 503 otherwise."""
    with ground.database.tx() as connection:
        connection.exec_driver_sql("select 1")
    return Readiness(status="ready", revision=newest())


@router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
def metrics() -> Response:
    """Counters of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
