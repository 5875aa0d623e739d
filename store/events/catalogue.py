"""The known types of facts and how their older versions are read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from store.errors import Invalid
from store.events.fact import Fact

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_ENCODER = msgspec.json.Encoder(order="sorted")
_NO_DEFAULT = object()


class Catalogue:
    """Facts to bytes and back. `upcasts`: (type, version) -> a payload of it, one version up.

    Stored bytes are never rewritten: an older payload is brought up each time it is read. Raises
    `ValueError` when a step between a type's first and present version is missing.
    """

    def __init__(self, fact_types: Sequence[type[Fact]], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self._decoders = {fact_type.TYPE: msgspec.json.Decoder(fact_type) for fact_type in fact_types}
        self._versions = {fact_type.TYPE: fact_type.VERSION for fact_type in fact_types}
        self._defaults = {fact_type: _defaults_of(fact_type) for fact_type in fact_types}
        self._upcasts = dict(upcasts)
        needed = {(name, step) for name, version in self._versions.items() for step in range(1, version)}
        if needed != self._upcasts.keys():
            raise ValueError(f"steps without an upcast, or upcasts without a step: {needed ^ self._upcasts.keys()}")

    def dump(self, fact: Fact) -> bytes:
        """The canonical bytes of a fact: equal facts, equal bytes.

        A field that holds its default is left out, so that a field added later changes no bytes of
        facts without it. Compared by value: msgspec's own `omit_defaults` compares objects, and a
        freshly parsed "staff" is another object than the default. Raises `Invalid` for a type that is
        not registered, and `UnicodeEncodeError` for a text that is no Unicode.
        """
        defaults = self._defaults.get(type(fact))
        if defaults is None:
            raise _unknown(fact.TYPE or type(fact).__name__)
        fields: dict[str, Any] = msgspec.to_builtins(fact)
        said = {name: value for name, value in fields.items() if value != defaults.get(name, _NO_DEFAULT)}
        return _ENCODER.encode(said)

    def parse(self, type_name: str, version: int, body: bytes | str) -> Fact:
        """The fact that `dump` wrote, brought up to the present version.

        Raises `Invalid` for an unknown type, a version newer than this program knows, or a body that
        is not of the type's form.
        """
        known = self._versions.get(type_name)
        if known is None:
            raise _unknown(type_name)
        if version > known:
            raise Invalid(
                "newer_schema_version",
                f"{type_name} has version {version}; this program knows versions up to {known}.",
                remedy="Upgrade Leeway before reading this log.",
            )
        try:
            return self._decoders[type_name].decode(self._brought_up(type_name, version, known, body))
        except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError) as error:
            raise Invalid(
                "malformed_event", f"{type_name}: {error}", remedy="Compare with the event's schema."
            ) from error

    def _brought_up(self, type_name: str, version: int, known: int, body: bytes | str) -> bytes | str:
        if version == known:
            return body
        payload = msgspec.json.decode(body, type=dict[str, Any])
        for step in range(version, known):
            payload = self._upcasts[(type_name, step)](payload)
        return msgspec.json.encode(payload)


def _unknown(type_name: str) -> Invalid:
    return Invalid(
        "unknown_event_type",
        f"No event type is called {type_name!r}.",
        remedy="Upgrade Leeway, or mend the name.",
    )


def _defaults_of(fact_type: type[Fact]) -> dict[str, Any]:
    """Field -> its default in wire form, for the fields that have one."""
    defaults: dict[str, Any] = {}
    for field in msgspec.structs.fields(fact_type):
        if field.default is not msgspec.NODEFAULT:
            defaults[field.name] = msgspec.to_builtins(field.default)
        elif field.default_factory is not msgspec.NODEFAULT:
            defaults[field.name] = msgspec.to_builtins(field.default_factory())
    return defaults
