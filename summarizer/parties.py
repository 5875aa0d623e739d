"""Who the speakers of a call are in the tenant's directory. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from store.ids import PartyId
from store.projections.tenants.fold import PartyEntry
from summarizer.items import Side

Parties = Mapping[str, PartyEntry]


def sides_of(parties: Parties, customer_id: str | None) -> dict[str, Side]:
    """Name -> side, for the tenant's people and the contacts of the project's customer."""
    sides: dict[str, Side] = {}
    for party in _of_project(parties, customer_id):
        side: Side = "customer" if party.customer_id else "vendor"
        sides[party.name] = side if sides.get(party.name, side) == side else "unknown"
    return {name: side for name, side in sides.items() if side != "unknown"}


def party_named(name: str | None, parties: Parties, customer_id: str | None) -> PartyId | None:
    """The only one of the project's people and contacts who has this name; None when nobody or several do."""
    wanted = _key(name or "")
    found = [party.party_id for party in _of_project(parties, customer_id) if wanted and _key(party.name) == wanted]
    return PartyId(found[0]) if len(found) == 1 else None


def _of_project(parties: Parties, customer_id: str | None) -> Iterator[PartyEntry]:
    return (
        party
        for party in parties.values()
        if party.name and (party.customer_id is None or party.customer_id == customer_id)
    )


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
