"""What routes are given: the ground floor, the caller, the moment asked about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from plan.calendar import zone_of
from store.access import MAY_BE_LIMITED, MAY_DECIDE, MAY_WRITE, Principal
from store.callers import find_caller
from store.errors import Invalid, Refused
from store.ground import Ground
from store.log import NOW, Cut
from store.tenants import Tenant


async def ground_of(request: Request) -> Ground:
    """The ground floor this app was built on."""
    ground: Ground = request.app.state.ground
    return ground


GroundDep = Annotated[Ground, Depends(ground_of)]


_BEARER = HTTPBearer(scheme_name="key", description="`leeway key` makes one.", auto_error=False)
KeyDep = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def principal_of(request: Request, ground: GroundDep, key: KeyDep = None) -> Principal:
    """Whoever holds the bearer key; 401 when there is none that counts. The request's log line names the tenant."""
    found = find_caller(ground.log.connections, key.credentials.strip(), now=ground.clock.now()) if key else None
    if found is None:
        raise Refused(
            "unauthenticated",
            "The request carries no valid key.",
            remedy="Send `Authorization: Bearer KEY`; `leeway key` makes one.",
        )
    principal, tenant = found
    if principal.role in MAY_BE_LIMITED:
        own = ground.tenant_state(tenant.tenant_id).limits.get(principal.key_id)
        principal = replace(principal, project_ids=None if own is None else frozenset(own))
    request.state.caller, request.state.tenant = tenant, tenant.slug
    return principal


PrincipalDep = Annotated[Principal, Depends(principal_of)]


def allowed(roles: frozenset[str]) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency that lets only these roles through."""

    async def check(principal: PrincipalDep) -> Principal:
        if principal.role not in roles:
            needed = " or ".join(sorted(roles))
            raise Refused("role_too_low", f"The role {principal.role} may not do this.", remedy=f"It takes {needed}.")
        return principal

    return check


WriterDep = Annotated[Principal, Depends(allowed(MAY_WRITE))]
DeciderDep = Annotated[Principal, Depends(allowed(MAY_DECIDE))]


async def tenant_of(request: Request, _principal: PrincipalDep) -> Tenant:
    """The caller's tenant."""
    tenant: Tenant = request.state.caller
    return tenant


TenantDep = Annotated[Tenant, Depends(tenant_of)]
Basis = Literal["position", "recorded"]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
_INSTANT = re.compile(rf"{_DAY.pattern}[Tt]{_TIME}")


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment a read is about: the instant, and the cut through the log that it means. `is_now`: nothing is cut."""

    at: dt.datetime
    cut: Cut
    is_now: bool


def moment_of(
    ground: GroundDep,
    tenant: TenantDep,
    as_of: Annotated[
        str | None,
        Query(
            description="An RFC 3339 instant, or a date: the end of that day in the tenant's zone.",
            max_length=40,
            examples=["2026-09-01", "2026-09-01T12:00:00Z"],
            json_schema_extra={"anyOf": [{"format": "date"}, {"format": "date-time"}]},
        ),
    ] = None,
    basis: Annotated[
        Basis | None,
        Query(
            description="`position`: what this log held then (default of a live tenant). "
            "`recorded`: what the source knew then (default of an imported history)."
        ),
    ] = None,
) -> Moment:
    """The moment the caller asks about, now unless said otherwise."""
    if as_of is None:
        return Moment(tenant.now(ground.clock), NOW, is_now=True)
    at = _instant(as_of, ground.tenant_state(tenant.tenant_id).timezone)
    if (basis or ("recorded" if tenant.frozen_at else "position")) == "recorded":
        return Moment(at, Cut(basis="recorded", recorded_at=at), is_now=False)
    return Moment(at, Cut(position=ground.position_at(tenant.tenant_id, at)), is_now=False)


MomentDep = Annotated[Moment, Depends(moment_of)]


def _instant(text: str, timezone: str) -> dt.datetime:
    try:
        if _DAY.fullmatch(text):
            next_day = dt.date.fromisoformat(text) + dt.timedelta(days=1)
            end = dt.datetime.combine(next_day, dt.time(), zone_of(timezone)).astimezone(dt.UTC)
            return end - dt.timedelta(microseconds=1)
        # A plus sign in a query that nobody escaped arrives as a space.
        at = dt.datetime.fromisoformat(text.replace(" ", "+")) if _INSTANT.fullmatch(text) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise _bad_instant(text) from error
    raise _bad_instant(text)


def _bad_instant(text: str) -> Invalid:
    return Invalid(
        "bad_instant",
        f"as_of is {text!r}.",
        remedy="Expected a date (2026-09-01) or an instant with an offset (2026-09-01T12:00:00Z).",
        where="query.as_of",
    )


Limit = Annotated[int, Query(ge=1, le=200, description="Rows per page")]
Cursor = Annotated[str | None, Query(max_length=4000, description="`next_cursor` of the page before")]


async def json_only(request: Request) -> None:
    """Bodies are JSON; anything else is refused before it is looked at."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Invalid(
            "unsupported_media_type",
            f"The body is {kind[:100] or 'of no stated type'}.",
            remedy="Send JSON with the header Content-Type: application/json.",
            where="header.Content-Type",
        )
