"""Signed texts: the session cookie and the tokens of forms. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

import msgspec


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Whose key opened the session, and until when it lasts (Unix seconds)."""

    tenant_id: str
    key_id: str
    ends_at: int


def seal_session(session: Session, secret: bytes) -> str:
    """The session as a cookie's value."""
    body = msgspec.json.encode(session)
    return f"{_text(body)}.{_text(_mac(secret, b'session', body))}"


def open_session(cookie: str, secret: bytes, now: dt.datetime) -> Session | None:
    """The session of a cookie; None when it was not sealed with this secret or is over."""
    try:
        body, mac = (_bytes(part) for part in cookie.split("."))
        if not hmac.compare_digest(mac, _mac(secret, b"session", body)):
            return None
        session = msgspec.json.decode(body, type=Session)
    except (ValueError, msgspec.DecodeError):
        return None
    return session if session.ends_at > now.timestamp() else None


def form_token(secret: bytes, who: str, nonce: bytes) -> str:
    """What a form of this visitor carries; another nonce in every answer, so that compression tells nothing."""
    return f"{_text(nonce)}.{_text(_mac(secret, b'form', nonce, who.encode()))}"


def is_form_token(token: str, secret: bytes, who: str) -> bool:
    """Whether the token was made for this visitor."""
    try:
        nonce, mac = (_bytes(part) for part in token.split("."))
    except ValueError:
        return False
    return hmac.compare_digest(mac, _mac(secret, b"form", nonce, who.encode()))


def _mac(secret: bytes, *parts: bytes) -> bytes:
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
