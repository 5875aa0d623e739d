"""Health, readiness and metrics for whoever runs this; who am I for whoever calls."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api import shapes
from api.answers import answer
from api.deps import GroundDep, PrincipalDep, TenantDep
from api.errors import OPEN, READING
from store.migrations import newest

router = APIRouter(tags=["system"])


@router.get("/v1/me", summary="Who am I", responses=READING)
def who_am_i(principal: PrincipalDep, tenant: TenantDep) -> Response:
    """Tenant and role of the key."""
    me = shapes.Caller(
        tenant=tenant.slug,
        name=principal.name,
        role=principal.role,
        key_id=principal.key_id,
        is_frozen=tenant.frozen_at is not None,
        project_ids=None if principal.project_ids is None else sorted(principal.project_ids),
    )
    return answer(me)


@router.get("/healthz", summary="Alive", responses=OPEN, response_class=PlainTextResponse)
def healthz() -> str:
    """The process answers."""
    return "ok"


@router.get("/readyz", summary="Ready", responses=OPEN)
def readyz(ground: GroundDep) -> Response:
    """The database answers; 503 otherwise."""
    with ground.database.tx() as connection:
        connection.exec_driver_sql("select 1")
    return answer(shapes.Readiness(status="ready", revision=newest()))


@router.get("/metrics", summary="Prometheus metrics", responses=OPEN, response_class=PlainTextResponse)
def metrics() -> Response:
    """Counters of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
