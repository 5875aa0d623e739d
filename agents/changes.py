"""Change orders: selling work beyond what was sold, or doing it for nothing and saying so. Pure.

A change order is a change request with hours and an amount; it waits until the customer has decided,
and changes no margin before. What it would bring is shown apart: the same facts folded with an
acceptance. To absorb is a decision too: the hours stay on record as given away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from agents.acting import Args, Hand, Inputs
from agents.world import World, after
from plan.money import hourly_price, statement
from store.errors import Conflict, Invalid
from store.events import ChangeRequestDecided, ChangeRequested, Effect, Fact, Number
from store.ids import ProjectId, derived_id
from store.projections.projects.state import ProjectState

RAISE, ABSORB = "raise_change_order", "absorb"
KINDS = (RAISE, ABSORB)
EDITABLE = frozenset({"hours", "amount"})
WATCHED = frozenset({"active", "on_hold", "live"})
NOTHING = Decimal("0.00")
CENT = Decimal("0.01")


def args_for(world: World, project: ProjectState, hours: Decimal, covers: Iterable[str]) -> dict[str, str]:
    """The arguments of a change order for some asks and tasks, at the bill rate; no amount where none is known."""
    price = hourly_price(project, world.tenant, world.people, world.as_of)
    return {
        "project_id": project.project_id,
        "hours": f"{hours}",
        "amount": "" if price is None else f"{(price * hours).quantize(CENT)}",
        "currency": project.currency or world.tenant.currency,
        "covers": " ".join(sorted(covers)),
    }


def facts(world: World, kind: str, args: Args) -> list[Fact]:
    """The change request, and for absorbed work the decision on it."""
    key = [kind, *(f"{name}={value}" for name, value in sorted(args.items())), world.now.isoformat()]
    change_id, project_id = derived_id(world.tenant_id, "change", *key), ProjectId(args["project_id"])
    asked = ChangeRequested(
        change_request_id=change_id,
        external_id=change_id,
        project_id=project_id,
        text=f"Work beyond the agreed scope: {_items(args)}.",
        hours=Decimal(args["hours"]),
        amount=NOTHING if kind == ABSORB else Decimal(args["amount"] or 0),
        currency=args["currency"],
        extra={"covers": args["covers"]},
    )
    decided = ChangeRequestDecided(change_request_id=change_id, project_id=project_id, decision="absorbed")
    return [asked, decided] if kind == ABSORB else [asked]


def effect(world: World, kind: str, args: Args, _inputs: Inputs) -> Effect:
    """Margin now, and what an acceptance would add to it; both from folding the facts through plan/money."""
    done = facts(world, kind, args)
    hours = Number(name="hours", value=Decimal(args["hours"]), unit="h")
    numbers = [hours]
    if kind == RAISE and isinstance(done[0], ChangeRequested):
        accepted = ChangeRequestDecided(
            change_request_id=done[0].change_request_id, project_id=done[0].project_id, decision="accepted"
        )
        gained = _gained(world, args, [*done, accepted])
        numbers += [] if gained is None else [Number(name="margin_if_accepted", value=gained, unit=args["currency"])]
    return Effect(days=Decimal(0), margin=_gained(world, args, done), currency=args["currency"], numbers=tuple(numbers))


def _gained(world: World, args: Args, done: Sequence[Fact]) -> Decimal | None:
    """Revenue less cost at completion, after less before."""
    results = [_result(each, args["project_id"]) for each in (world, after(world, done))]
    was, is_now = results
    return None if was is None or is_now is None else (is_now - was).quantize(CENT)


def _result(world: World, project_id: str) -> Decimal | None:
    money = statement(_project(world, project_id), world.tenant, world.people, world.as_of)
    return None if money.revenue is None or money.eac is None else money.revenue - money.eac


def problems(world: World, kind: str, args: Args, _inputs: Inputs) -> list[str]:
    """Why it may not be raised or absorbed now."""
    project, found = _project(world, args["project_id"]), []
    others = project.change_requests.values()
    taken = {covered for request in others if request.decision != "withdrawn" for covered in request.covers}
    if project.status not in WATCHED:
        found.append("The project is not under way.")
    if Decimal(args["hours"]) <= 0:
        found.append("It has no hours.")
    if kind == RAISE and (not args["amount"] or Decimal(args["amount"]) <= 0):
        found.append("No bill rate is known: it has no amount.")
    if taken & set(args["covers"].split()):
        found.append("Another change request covers some of it already.")
    return found


def sentence(world: World, kind: str, args: Args, seen: Effect) -> str:
    """What it does and changes, in words."""
    where = world.external("project", args["project_id"])
    if kind == ABSORB:
        does = f"Do {args['hours']} h on {where} for nothing, and keep it on record: {_items(args)}."
        return f"{does} Go-live stays. Margin stays."
    gain = {number.name: number.value for number in seen.numbers}.get("margin_if_accepted")
    brings = "" if gain is None else f"; {'−' if gain < 0 else '+'}{abs(gain)} {args['currency']} once it is accepted"
    amount = f"{args['amount']} {args['currency']}" if args["amount"] else "a price yet to be set"
    return (
        f"Raise a change order of {args['hours']} h for {amount} on {where}: {_items(args)}{brings}."
        " Go-live stays. Margin stays until then."
    )


def _items(args: Args) -> str:
    count = len(args["covers"].split())
    return f"{count} item{'' if count == 1 else 's'} beyond the clauses"


def _project(world: World, project_id: str) -> ProjectState:
    return world.projects.get(project_id) or ProjectState(project_id=project_id)


def _touched(_kind: str, args: Args) -> tuple[set[str], set[str]]:
    return set(), {args["project_id"]}


def _edited(kind: str, args: Args, changes: Args) -> dict[str, str]:
    """Hours and amount may be changed; `Invalid` for anything else and for what is no positive number."""
    if not changes or not changes.keys() <= EDITABLE or (kind == ABSORB and "amount" in changes):
        raise Invalid(
            "not_editable", "Only hours and amount may be changed.", remedy="Send hours, amount or both as decimals."
        )
    for name, value in changes.items():
        if not _is_amount(value):
            raise Invalid(
                "malformed_action", f"{name} is {value!r}.", remedy="Hours and amounts are plain decimals above 0."
            )
    return {**args, **{name: f"{Decimal(value)}" for name, value in changes.items()}}


def _is_amount(value: str) -> bool:
    try:
        return Decimal(value).is_finite() and 0 < Decimal(value) < 10**9
    except InvalidOperation:
        return False


def _undo(_world: World, done: Sequence[Fact]) -> list[Fact]:
    raised = [fact for fact in done if isinstance(fact, ChangeRequested)]
    if not raised:
        raise Conflict("nothing_to_undo", "No change request was raised.", remedy="Read the alert again.")
    return [
        ChangeRequestDecided(change_request_id=fact.change_request_id, project_id=fact.project_id, decision="withdrawn")
        for fact in raised
    ]


HAND = Hand(KINDS, _touched, facts, effect, problems, _edited, sentence, _undo)
