"""Personal fields under the key of the person they are about: destroy it and they are gone, the chain intact. Pure.

AES-SIV (RFC 5297) is deterministic, so that a fact that is learnt twice has the same bytes twice;
the event's id and the field's name are bound in, so that no ciphertext can be moved elsewhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from store.errors import Invalid
from store.events.fact import SEALED_TEXT, Fact, personal_fields
from store.ids import EventId, TenantId

ERASED = "[erased]"
KEY_BYTES = 64


class Keys(Protocol):
    """Where the keys of persons lie."""

    def obtain(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """The keys of these persons, made where there is none yet (never for an erased person)."""
        ...

    def read(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """The keys of these persons that still exist."""
        ...

    def destroy(self, tenant_id: TenantId, subject_id: str) -> None:
        """Erases the person: nobody can read their fields any more, and no new key is made for them."""
        ...


def conceal(fact: Fact, event_id: EventId, keys: Mapping[str, bytes]) -> tuple[Fact, dict[str, str]]:
    """The fact with its personal fields as ciphertext, and field -> whose key. Without a key the text is dropped."""
    owners = personal_fields(fact)
    if not owners:
        return fact, {}
    sealed = {
        field: _encrypt(getattr(fact, field), event_id, field, keys.get(owner)) for field, owner in owners.items()
    }
    return msgspec.structs.replace(fact, **sealed), owners


def reveal(
    fact: Fact,
    event_id: EventId,
    subject_keys: Mapping[str, str],
    keys: Mapping[str, bytes],
) -> Fact:
    """The fact as it was said; what belongs to an erased person reads `[erased]`."""
    if not subject_keys:
        return fact
    opened = {
        field: _decrypt(getattr(fact, field), event_id, field, keys.get(owner)) for field, owner in subject_keys.items()
    }
    return msgspec.structs.replace(fact, **opened)


def _encrypt(text: str, event_id: EventId, field: str, key: bytes | None) -> str:
    if key is None:
        return ERASED
    sealed = AESSIV(key).encrypt(text.encode(), [event_id.encode(), field.encode()])
    return SEALED_TEXT + base64.b64encode(sealed).decode()


def _decrypt(text: str, event_id: EventId, field: str, key: bytes | None) -> str:
    if key is None or not text.startswith(SEALED_TEXT):
        return ERASED
    try:
        sealed = base64.b64decode(text.removeprefix(SEALED_TEXT), validate=True)
        return AESSIV(key).decrypt(sealed, [event_id.encode(), field.encode()]).decode()
    except (InvalidTag, ValueError) as error:
        raise Invalid(
            "unreadable_field",
            f"The field {field!r} of event {event_id} does not open with its key.",
            remedy="Run `leeway verify`.",
        ) from error
