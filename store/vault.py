"""One-time secrets: kept encrypted beside the log, read once, gone in time. The log holds the reference only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from store.errors import Conflict, NotFound
from store.events import Fact, SecretKept, SecretRevealed
from store.ground import Ground
from store.ids import EventId, ProjectId, TenantId, is_uuid
from store.log import Draft
from store.streams import stream_of
from store.tenants import Tenant

SOURCE = "vault"
LONGEST_LIFE = timedelta(days=30)

_INSERT = """
    insert into secrets (tenant_id, secret_id, project_id, name, ciphertext, made_at, expires_at)
    values (%s, %s, %s, %s, %s, %s, %s) returning 1
"""
_FIND = "select project_id, name, expires_at, revealed_at from secrets where tenant_id = %s and secret_id = %s"
# Whoever gets the row first takes the ciphertext out of it: there is no second time, however many ask at once.
_TAKE = """
    with found as (
        select secret_id, ciphertext from secrets
        where tenant_id = %s and secret_id = %s and revealed_at is null and expires_at > %s and ciphertext is not null
        for update
    )
    update secrets s set ciphertext = null, revealed_at = %s
    from found where s.tenant_id = %s and s.secret_id = found.secret_id returning found.ciphertext
"""
_EXPIRE = """
    update secrets set ciphertext = null
    where tenant_id = %s and expires_at <= %s and ciphertext is not null returning secret_id
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret by its reference, without itself."""

    secret_id: str
    project_id: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Revealed:
    """A secret, for whoever asked first. It does not print."""

    kept: Kept
    text: str


def keep(
    ground: Ground, tenant: Tenant, project_id: str, name: str, secret: str, *, life: timedelta, actor_id: str
) -> Kept:
    """Keeps a secret for a project for at most `LONGEST_LIFE`; returns its reference."""
    _expire(ground, tenant)
    now = ground.clock.now()
    kept = Kept(ground.clock.new_id(), project_id, name, now + min(life, LONGEST_LIFE))
    key = ground.log.keys.obtain(tenant.tenant_id, [_subject(kept.secret_id)])[_subject(kept.secret_id)]
    sealed = AESSIV(key).encrypt(secret.encode(), [tenant.tenant_id.encode(), kept.secret_id.encode()])
    row = (tenant.tenant_id, kept.secret_id, project_id, name, sealed, now, kept.expires_at)
    ground.log.connections.ask(tenant.tenant_id, _INSERT, row)
    expires_on = kept.expires_at.date()
    fact = SecretKept(secret_id=kept.secret_id, project_id=ProjectId(project_id), name=name, expires_on=expires_on)
    _tell(ground, tenant, fact, actor_id)
    return kept


def find(ground: Ground, tenant_id: TenantId, secret_id: str) -> Kept:
    """A secret by its reference, without itself; raises `NotFound`."""
    rows = ground.log.connections.ask(tenant_id, _FIND, (tenant_id, secret_id)) if is_uuid(secret_id) else []
    if not rows:
        raise NotFound("unknown_secret", "There is no such secret.", remedy="Use the reference that keeping it gave.")
    ((project_id, name, expires_at, _revealed_at),) = rows
    return Kept(secret_id, str(project_id), str(name), expires_at)


def reveal(ground: Ground, tenant: Tenant, secret_id: str, *, actor_id: str) -> Revealed:
    """The secret, once. Raises `NotFound`, or `Conflict` ("already_revealed", "secret_expired")."""
    kept, now = find(ground, tenant.tenant_id, secret_id), ground.clock.now()
    subject, tenant_id = _subject(secret_id), tenant.tenant_id
    key = ground.log.keys.read(tenant_id, [subject]).get(subject)
    rows = ground.log.connections.ask(tenant_id, _TAKE, (tenant_id, secret_id, now, now, tenant_id))
    if not rows or key is None:
        _expire(ground, tenant)
        raise _gone(ground, tenant, secret_id)
    ground.log.keys.destroy(tenant_id, subject)
    _tell(ground, tenant, SecretRevealed(secret_id=secret_id, project_id=ProjectId(kept.project_id)), actor_id)
    bound = [tenant_id.encode(), secret_id.encode()]
    return Revealed(kept, AESSIV(key).decrypt(bytes(rows[0][0]), bound).decode())


def _gone(ground: Ground, tenant: Tenant, secret_id: str) -> Conflict:
    ((_project_id, _name, expires_at, revealed_at),) = ground.log.connections.ask(
        tenant.tenant_id, _FIND, (tenant.tenant_id, secret_id)
    )
    if revealed_at is not None:
        return Conflict(
            "already_revealed",
            f"The secret was read at {revealed_at.isoformat()}.",
            remedy="If that was not you, have it changed where it is used; ask for a new one.",
        )
    return Conflict(
        "secret_expired", f"The secret expired at {expires_at.isoformat()}.", remedy="Ask for it to be sent again."
    )


def _expire(ground: Ground, tenant: Tenant) -> None:
    """What nobody read in time is taken out, and its key destroyed."""
    now = ground.clock.now()
    for (secret_id,) in ground.log.connections.ask(tenant.tenant_id, _EXPIRE, (tenant.tenant_id, now)):
        ground.log.keys.destroy(tenant.tenant_id, _subject(str(secret_id)))


def _tell(ground: Ground, tenant: Tenant, fact: Fact, actor_id: str) -> None:
    now = tenant.now(ground.clock)
    draft = Draft(EventId(ground.clock.new_id()), fact, now, now, SOURCE, actor_id)
    ground.log.append(tenant.tenant_id, [(stream_of(fact), [draft], None)], now=ground.clock.now())


def _subject(secret_id: str) -> str:
    return f"secret:{secret_id}"
