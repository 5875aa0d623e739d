"""The architect: a change order where something can be sold, an escalation where nothing can."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agents import changes
from agents.architect.graph import compiled, work_up
from agents.architect.run import is_worse, stands
from agents.world import World, after
from plan.money import statement
from risk.detectors import margin_drift, scope_drift
from risk.detectors.view import ProjectView
from risk.findings import Finding
from store.errors import Invalid
from store.events import ChangeRequestDecided, ChangeRequested, ProposedAction
from store.ids import tenant_id_of
from store.projections.alerts.fold import AlertState
from store.projections.projects.state import ProjectState, ScopeItem
from tests.plan.ledgers import AS_OF, NOW, TENANT, person, project, task

TENANT_ID = tenant_id_of("example")
CLAUSE = ScopeItem(scope_item_id="c1", external_id="c1", text="Configuration of e-mail templates.", hours=None)


def _world(state: ProjectState) -> World:
    return World(TENANT_ID, TENANT, {"ann": person()}, {"p": state}, NOW, AS_OF)


def _state(*, with_extra: bool = True, effort: str = "40") -> ProjectState:
    extra = msgspec.structs.replace(task("x", "8"), name="Portal for resellers")
    state = project([task("a", effort), *([extra] if with_extra else [])], [], status="active", external_id="P-1")
    state.created_event_id, state.manager_id = "created", "ann"
    state.created_at = extra.created_at.replace(year=2025)
    state.tasks["a"].created_at = state.created_at
    state.scope_items["c1"] = CLAUSE
    return state


def _found(detector: Any, world: World) -> Finding:
    state = world.projects["p"]
    (finding,) = detector.detect(ProjectView(state, TENANT, world.people, NOW, AS_OF))
    assert isinstance(finding, Finding)
    return finding


def _offers(alert: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {offer["action"]: offer for offer in alert["proposals"]}


def test_work_beyond_the_clauses_is_offered_as_a_change_order_at_the_bill_rate() -> None:
    world = _world(_state())
    alert = work_up(world, _found(scope_drift, world))
    offers = _offers(alert)
    assert list(offers) == ["raise_change_order", "absorb"]
    assert offers["raise_change_order"]["args"]["amount"] == "800.00"
    assert offers["raise_change_order"]["is_feasible"]
    assert (
        alert["claim"]
        == "P-1 has 1 item beyond its clauses that nobody approved: 8 h, 20.00 % of the hours sold (limit 6.00 h)."
    )


def test_the_effect_is_what_folding_the_facts_gives() -> None:
    world = _world(_state())
    (raised, absorbed) = work_up(world, _found(scope_drift, world))["proposals"]
    figures = {number["name"]: number["value"] for number in raised["effect"]["numbers"]}
    assert (raised["effect"]["margin"], figures["margin_if_accepted"]) == ("0.00", "800.00")
    assert absorbed["effect"]["margin"] == "0.00"
    (asked,) = changes.HAND.facts(world, changes.RAISE, raised["args"])
    assert isinstance(asked, ChangeRequested)
    accepted = ChangeRequestDecided(
        change_request_id=asked.change_request_id, project_id=asked.project_id, decision="accepted"
    )
    money = [
        statement(each.projects["p"], TENANT, each.people, AS_OF) for each in (world, after(world, [asked, accepted]))
    ]
    assert [each.revenue for each in money] == [Decimal(4000), Decimal(4800)]
    assert money[0].eac == money[1].eac


def test_a_raised_change_order_settles_the_drift_and_withdrawing_it_brings_it_back() -> None:
    world = _world(_state())
    args = work_up(world, _found(scope_drift, world))["proposals"][0]["args"]
    done = changes.HAND.facts(world, changes.RAISE, args)
    later = after(world, done)
    assert scope_drift.detect(ProjectView(later.projects["p"], TENANT, later.people, NOW, AS_OF)) == []
    assert changes.HAND.problems(later, changes.RAISE, args, {}) == [
        "Another change request covers some of it already."
    ]
    undone = after(later, changes.HAND.undo(world, done))
    assert _found(scope_drift, undone).numbers == _found(scope_drift, world).numbers


def test_a_margin_that_drifts_without_anything_to_sell_goes_up() -> None:
    world = _world(_state(with_extra=False, effort="60"))
    alert = work_up(world, _found(margin_drift, world))
    assert list(_offers(alert)) == ["escalate"]
    assert alert["claim"] == (
        "The margin of P-1 is forecast at 25.0 % against 50.0 % sold, 25.00 points less: it will cost"
        " 3000.00 EUR, 1000.00 EUR over its budget."
    )


def test_a_margin_that_drifts_by_added_work_is_offered_as_a_change_order() -> None:
    world = _world(_state(effort="60"))
    assert "raise_change_order" in _offers(work_up(world, _found(margin_drift, world)))


def test_without_a_price_the_change_order_waits_for_one_and_somebody_is_told() -> None:
    state = _state()
    bare = World(TENANT_ID, TENANT, {"ann": person(bill=None)}, {"p": state}, NOW, AS_OF)
    state.fee_type, state.budget_hours = "fixed", None
    finding = _found(scope_drift, bare)
    offers = _offers(work_up(bare, finding))
    assert not offers["raise_change_order"]["is_feasible"]
    assert "escalate" in offers


def test_the_graph_branches_on_what_can_be_sold() -> None:
    drawn = compiled().get_graph()
    ways = {edge.target for edge in drawn.edges if edge.source == "propose"}
    assert ways == {"phrase", "escalate"}


def test_what_other_words_must_keep_goes_with_the_claim() -> None:
    world = _world(_state())
    alert = work_up(world, _found(scope_drift, world))
    assert {"P-1", "8", "20.00", "6.00", "h"} <= set(alert["values"])


def test_only_hours_and_amount_may_be_edited() -> None:
    args = {"project_id": "p", "hours": "8", "amount": "800.00", "currency": "EUR", "covers": "x"}
    assert changes.HAND.edited(changes.RAISE, args, {"amount": "900"})["amount"] == "900"
    for wrong in ({"covers": "y"}, {"hours": "-1"}, {"hours": "NaN"}, {"amount": "many"}, {}):
        with pytest.raises(Invalid):
            changes.HAND.edited(changes.RAISE, args, wrong)


def test_an_offer_stands_while_its_effect_does() -> None:
    world = _world(_state())
    finding = _found(scope_drift, world)
    offers = msgspec.convert(work_up(world, finding)["proposals"], tuple[ProposedAction, ...])
    alert = AlertState(severity="high", numbers=finding.numbers, proposals=offers)
    assert stands(world, alert)
    other = _state()
    other.currency = "USD"
    assert not stands(_world(other), alert)


def test_what_was_settled_comes_back_when_it_doubled_or_got_graver() -> None:
    finding = _found(scope_drift, _world(_state()))
    half = (msgspec.structs.replace(finding.numbers[0], value=Decimal(4)),)
    assert is_worse(AlertState(severity="high", numbers=half), finding)
    assert not is_worse(AlertState(severity="high", numbers=finding.numbers), finding)
    assert is_worse(AlertState(severity="medium", numbers=finding.numbers), finding)
