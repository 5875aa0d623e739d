"""Who looks at a page: a signed-in key, or everybody where the console is open; and whether a form is theirs."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.cards import counts, day_of
from api.deps import GroundDep
from store.access import MAY_BE_LIMITED, MAY_DECIDE, Principal
from store.errors import Refused
from store.ground import Ground
from store.ids import TenantId
from store.projections.tenants.fold import TenantState
from store.tenants import Tenant
from web.options import ConsoleOptions
from web.signing import form_token, is_form_token, open_session

COOKIE = "leeway_session"
STRANGER = "stranger"
OWN_SITE = frozenset({"same-origin", "none"})


class SignInNeeded(Exception):
    """The page is only for those who are signed in."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a page: the tenant as it is now, the rights of the key, the tenant's date, and how many cards
    need a decision: open ones, and those whose sleep is over."""

    tenant: Tenant
    state: TenantState
    principal: Principal
    now: dt.datetime
    today: dt.date
    may_decide: bool
    needs_decision: int

    @property
    def tenant_id(self) -> TenantId:
        """The tenant whose data is seen."""
        return self.tenant.tenant_id


def options_of(request: Request) -> ConsoleOptions:
    """How this console is set up."""
    options: ConsoleOptions = request.app.state.console
    return options


OptionsDep = Annotated[ConsoleOptions, Depends(options_of)]


def visitor_of(request: Request, ground: GroundDep, options: OptionsDep) -> Visitor:
    """Who this is; raises `SignInNeeded`."""
    slug = options.open_tenant_slug
    principal = None if slug else _signed_in(request, ground, options)
    if not slug and principal is None:
        raise SignInNeeded
    tenant = ground.tenants.find(slug or (principal.tenant_id if principal else ""))
    state, now = ground.tenant_state(tenant.tenant_id), tenant.now(ground.clock)
    principal = principal or _everybody(tenant, options)
    if principal.role in MAY_BE_LIMITED and principal.key_id in state.limits:
        raise Refused(
            "key_is_limited",
            "This key sees some projects only, and the pages show all of them.",
            remedy="Use the API with it, or sign in with a key that is not limited.",
        )
    today = day_of(state, now)
    visitor = Visitor(
        tenant=tenant,
        state=state,
        principal=principal,
        now=now,
        today=today,
        may_decide=principal.role in MAY_DECIDE,
        needs_decision=counts(ground, tenant.tenant_id, today, ("open",))["open"],
    )
    request.state.visitor = visitor
    return visitor


VisitorDep = Annotated[Visitor, Depends(visitor_of)]


def _everybody(tenant: Tenant, options: ConsoleOptions) -> Principal:
    return Principal(tenant.tenant_id, "console", options.actor_name, "manager", f"console:{options.actor_name}")


def _signed_in(request: Request, ground: Ground, options: ConsoleOptions) -> Principal | None:
    now = ground.clock.now()
    session = open_session(request.cookies.get(COOKIE, ""), options.secret, now)
    return ground.keyring.named(TenantId(session.tenant_id), session.key_id, now=now) if session else None


def new_token(request: Request) -> str:
    """A token for the forms of the page that answers this request."""
    return form_token(options_of(request).secret, _who(request), secrets.token_bytes(9))


def _who(request: Request) -> str:
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return f"{visitor.tenant_id}/{visitor.principal.key_id}" if visitor else STRANGER


def own_form(request: Request, token: str) -> None:
    """Raises `Refused` for a form that one of our own pages did not show to this visitor."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_ours = site in OWN_SITE if site else True
    is_ours = is_ours and (origin is None or urlsplit(origin).netloc == request.headers.get("host"))
    if not is_ours or not is_form_token(token, options_of(request).secret, _who(request)):
        raise Refused(
            "foreign_form",
            "This form was not sent from this page, or the page is from before the last start.",
            remedy="Load the page again and repeat it there. Nothing was changed.",
        )


def deciding(request: Request, visitor: Visitor, token: str) -> None:
    """Raises `Refused` unless the form is the visitor's own and their role may decide."""
    own_form(request, token)
    if not visitor.may_decide:
        raise Refused(
            "role_too_low",
            f"The role {visitor.principal.role} may look but not decide.",
            remedy="Sign in with a manager's key.",
        )
