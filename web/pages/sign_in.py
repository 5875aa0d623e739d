"""Signing in with a key, and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import GroundDep
from web.render import page
from web.signing import Session, seal_session
from web.visitors import COOKIE, OptionsDep, VisitorDep, own_form

router = APIRouter()
Back = Annotated[str, Query(max_length=500)]


@router.get("/sign-in")
def sign_in_form(request: Request, back: Back = "/") -> Response:
    """Asks for a key."""
    return page(request, "sign_in.html", back=_own_path(back), problem="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    ground: GroundDep,
    options: OptionsDep,
    key: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=500)] = "/",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Opens a session for whoever has a key that counts."""
    own_form(request, form_token)
    now = ground.clock.now()
    principal = ground.keyring.find(key.strip(), now=now)
    if principal is None:
        problem = "This key is not known here, or it has ended. `leeway key` makes one."
        return page(request, "sign_in.html", status=401, back=_own_path(back), problem=problem)
    seconds = options.session_hours * 3600
    session = Session(tenant_id=principal.tenant_id, key_id=principal.key_id, ends_at=int(now.timestamp()) + seconds)
    answer = RedirectResponse(_own_path(back), status_code=303)
    answer.set_cookie(
        COOKIE,
        seal_session(session, options.secret),
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, _visitor: VisitorDep, form_token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Forgets the session."""
    own_form(request, form_token)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _own_path(back: str) -> str:
    """A path of this site; anything else becomes the start page."""
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if is_ours else "/"
