"""What is asked for when a project starts from a playbook, and whether it can be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plan.recordable import FIRST_DAY, LAST_DAY, LONGEST_NAME, is_plain
from store.errors import Conflict, Invalid, NotFound
from store.events.playbooks import PlaybookTemplate
from store.projections.people.fold import PersonState
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion
from store.projections.tenants.fold import TenantState


@dataclass(frozen=True, slots=True)
class Order:
    """A project to be started. `source` and `external_id` are what its CRM or PM tool calls it.

    `owners` are people or contacts by role; a role without one stays a placeholder. Dates left out follow
    from the playbook, a fee left out is the playbook's; `version` None is the latest.
    """

    playbook_id: str
    name: str
    contract_signed_on: date
    source: str
    external_id: str
    version: int | None = None
    kickoff_on: date | None = None
    go_live_on: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    customer_id: str | None = None
    manager_id: str | None = None
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """Who there is: the tenant, and what is known of its own people."""

    tenant: TenantState
    people: Mapping[str, PersonState] = field(default_factory=dict)


def version_for(playbook: PlaybookState, order: Order) -> PlaybookVersion:
    """The version that the order asks for; raises `Conflict` for a retired playbook."""
    if playbook.retired_at is not None:
        raise Conflict(
            "playbook_retired",
            f"The playbook {playbook.playbook_id} is retired: {playbook.retired_because}",
            remedy="Start from another one, or publish a new version of it.",
        )
    return playbook.numbered(order.version)


def check_order(order: Order, template: PlaybookTemplate, around: Around) -> None:
    """Raises `Invalid` or `NotFound` for what no project could be started with."""
    _named(order)
    _dated(order)
    if order.fee is not None and (not is_plain(order.fee) or order.fee < 0):
        raise _bad("bad_number", f"The fee is {order.fee}.", "Expected an amount of 0 or more.", "fee")
    if order.customer_id is not None and order.customer_id not in around.tenant.customers:
        raise _missing("customer", "customer_id")
    if order.manager_id is not None:
        _own_person(order.manager_id, "manager_id", around.tenant)
    sides = {role.role: role.side for role in template.roles}
    for role, party_id in sorted(order.owners.items()):
        if role not in sides:
            raise _bad(
                "playbook.unknown_role",
                f"The playbook has no role {role!r}.",
                f"Its roles: {', '.join(sides)}.",
                f"owners.{role}",
            )
        if sides[role] == "vendor":
            _own_person(party_id, f"owners.{role}", around.tenant)
        else:
            _contact(party_id, f"owners.{role}", order, around.tenant)


def _named(order: Order) -> None:
    named = {"name": order.name, "external_ref.source": order.source, "external_ref.id": order.external_id}
    for where, text in named.items():
        if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
            remedy = f"Say it in 1 to {LONGEST_NAME} characters that can be printed."
            raise _bad("bad_name", f"{where} is {text[:60]!r}.", remedy, where)


def _dated(order: Order) -> None:
    named = {
        "contract_signed_on": order.contract_signed_on,
        "kickoff_on": order.kickoff_on,
        "go_live_on": order.go_live_on,
    }
    earlier = ("", FIRST_DAY)
    for name, day in named.items():
        if day is None:
            continue
        if not FIRST_DAY <= day <= LAST_DAY:
            raise _bad("date_out_of_range", f"{name} is {day}.", f"Dates run from {FIRST_DAY} to {LAST_DAY}.", name)
        if day < earlier[1]:
            raise _bad("dates_out_of_order", f"{name} {day} is before {earlier[0]} {earlier[1]}.", "Swap them.", name)
        earlier = (name, day)


def _own_person(party_id: str, where: str, tenant: TenantState) -> None:
    party = tenant.parties.get(party_id)
    if party is None:
        raise _missing("person", where)
    if party.customer_id is not None or party.employment == "integration":
        what = "a contact of a customer" if party.customer_id else "an account of a program"
        raise _bad("wrong_side", f"{where} is {what}.", "Name one of your own people.", where)


def _contact(party_id: str, where: str, order: Order, tenant: TenantState) -> None:
    party = tenant.parties.get(party_id)
    if party is None:
        raise _missing("contact", where)
    if party.customer_id is None or (order.customer_id and party.customer_id != order.customer_id):
        raise _bad("wrong_side", f"{where} is no contact of this customer.", "Name one of its contacts.", where)


def _bad(code: str, detail: str, remedy: str, where: str) -> Invalid:
    return Invalid(code, detail, remedy=remedy, where=where)


def _missing(what: str, where: str) -> NotFound:
    return NotFound(f"unknown_{what}", f"There is no such {what}.", remedy="Use an id that exists.", where=where)
