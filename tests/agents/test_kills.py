"""Whenever a worker dies, a fresh one leaves one alert per finding and one effect per approved proposal.

The gate kills at the beginnings of nodes and around the append, in turn over the scenes;
`LEEWAY_KILLS=all pytest tests/agents/test_kills.py` at the beginning and the end of every node in every scene.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from store.clock import FixedClock
from store.events import AlertRaised, AlertReworded, AlertRewordingMissed, ProposalApplied
from store.ground import Urls, ground_at
from store.ids import TenantId
from store.projections.alerts.fold import AlertState
from store.tenants import Tenant
from store.verify import verify
from tests.agents.kill_worker import Order
from tests.agents.scenes import NINE, SCENES, staged
from tests.databases import clone
from tests.house.source import ROOT

IS_LONG = os.environ.get("LEEWAY_KILLS") == "all"  # noqa: TID251 - how long to look
TURNS = 3
WORDS: dict[str, tuple[str | None, ...]] = {
    "keep": ("clearer",),
    "repair": ("Nonsense.", "clearer"),
    "leave": ("Nonsense.",),
    "wait": (None,),
}
"""The last node of a way through the rewording graph, and what the model says for it."""
APPROVED = ("a way out", "a date too soon", "something to sell", "another month", "over budget")[: 5 if IS_LONG else 1]
TOGETHER = ("something to sell", "a way out", "another month")[: 3 if IS_LONG else 1]

pytestmark = pytest.mark.xdist_group("kills")


class House:
    """A database of these tests' own, the tenants on it, and workers that can be killed."""

    def __init__(self, urls: Urls) -> None:
        command = [sys.executable, "-m", "tests.agents.kill_worker", urls.app, urls.owner, urls.sealer]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ground = ground_at(urls, clock=FixedClock(NINE), may_be_unsafe=True)
        self._count = 0

    def tenant(self, scene: str) -> Tenant:
        """A new tenant with the scene's facts."""
        self._count += 1
        return staged(self.ground, f"kills-{self._count}", SCENES[scene].rows)

    def do(self, *orders: Order) -> list[dict[str, Any]]:
        """All of the orders at once; how each ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(orders) + b"\n")
        self._process.stdin.flush()
        answers: list[dict[str, Any]] = msgspec.json.decode(self._process.stdout.readline())
        return answers

    def done(self, order: Order) -> list[str]:
        """One order that nothing disturbs; the steps it took."""
        (answer,) = self.do(order)
        assert answer["exit"] == 0
        steps: list[str] = answer["steps"]
        return steps

    def killed(self, order: Order, die_at: int) -> None:
        """One order that dies at a step."""
        (answer,) = self.do(msgspec.structs.replace(order, die_at=die_at))
        assert answer["exit"] == -signal.SIGKILL
        assert len(answer["steps"]) == die_at

    def facts(self, tenant_id: TenantId) -> list[Any]:
        """Everything in the log."""
        self.ground.settle(tenant_id)
        return [event.fact for event in self.ground.log.read_all(tenant_id)]

    def alerts(self, tenant_id: TenantId) -> list[AlertState]:
        """The alerts that were raised."""
        ids = [str(fact.alert_id) for fact in self.facts(tenant_id) if isinstance(fact, AlertRaised)]
        return list(self.ground.alerts(tenant_id, ids).values())

    def is_sound(self, tenant_id: TenantId) -> bool:
        """Whether the chain holds and every stored state is what the log gives."""
        self.ground.settle(tenant_id)
        verdict = verify(self.ground.log.connections, tenant_id)
        return (verdict.fault, verdict.unsealed) == (None, 0) and not self.ground.differences(tenant_id)

    def close(self) -> None:
        self.ground.close()
        # Closing its input ends it.
        self._process.communicate(timeout=30)


@pytest.fixture(scope="module")
def house(server: Any, worker_id: str) -> Iterator[House]:
    opened = House(clone(server, f"kills_{worker_id}"))
    yield opened
    opened.close()


def boundaries(steps: list[str], turn: int) -> list[int]:
    """At which of these steps to die: at all of them, or in turn at every third beginning and after the append."""
    if IS_LONG:
        return list(range(len(steps)))
    firsts = [at for at, step in enumerate(steps) if steps.index(step) == at]
    chosen = [at for at in firsts if steps[at].startswith("in:") or steps[at] == "out:append"]
    return chosen[turn % TURNS :: TURNS]


def raised(facts: list[Any]) -> Counter[tuple[str, str]]:
    return Counter((fact.rule_id, fact.subject_key) for fact in facts if isinstance(fact, AlertRaised))


def approval_of(tenant_id: TenantId, alert: AlertState, proposal_id: str, *, watch: str = "") -> Order:
    """The same call whoever sends it, and however often."""
    key = {"tenant_id": tenant_id, "alert_id": alert.alert_id, "proposal_id": proposal_id, "key": "k"}
    return msgspec.convert({"do": "approve", "watch": watch, **key}, Order)


def effects(facts: list[Any]) -> list[Any]:
    """What is no alert's life: the facts the tenant began with, and what approved proposals did."""
    return [fact for fact in facts if not fact.TYPE.startswith(("alert.", "proposal.", "summary."))]


@pytest.mark.parametrize("way", WORDS)
def test_a_killed_worker_says_one_thing_about_an_alerts_words(house: House, way: str) -> None:
    words = Order(do="words", watch="rewording", says=WORDS[way])
    house.done(Order(do="words", says=WORDS["leave"]))
    house.tenant("a way out")
    house.done(Order(do="think"))
    steps = house.done(words)
    assert f"in:{way}" in steps
    for die_at in boundaries(steps, list(WORDS).index(way)):
        tenant_id = house.tenant("a way out").tenant_id
        house.done(Order(do="think"))
        house.killed(words, die_at)
        (before,) = house.alerts(tenant_id)
        assert before.claim, "the alert stands, whatever becomes of its words"
        house.done(words)
        said = [f for f in house.facts(tenant_id) if isinstance(f, AlertReworded | AlertRewordingMissed)]
        assert len(said) == 1, f"killed at {steps[die_at]}"
        assert house.is_sound(tenant_id)


def test_two_workers_ask_for_the_words_of_one_alert_once(house: House) -> None:
    house.done(Order(do="words", says=WORDS["leave"]))
    tenant_id = house.tenant("a way out").tenant_id
    house.done(Order(do="think"))
    words = Order(do="words", watch="rewording", says=WORDS["keep"])
    answers = house.do(words, words)
    assert sum(answer["steps"].count("in:ask") for answer in answers) == 1
    assert [type(f) for f in house.facts(tenant_id) if isinstance(f, AlertReworded)] == [AlertReworded]


@pytest.mark.parametrize("name", SCENES)
def test_a_killed_worker_leaves_one_alert_per_finding_and_no_effect(house: House, name: str) -> None:
    scene, think = SCENES[name], Order(do="think", watch=SCENES[name].agent)
    undisturbed = house.tenant(name).tenant_id
    steps = house.done(think)
    expected = raised(house.facts(undisturbed))
    assert f"in:{scene.way}" in steps, "the scene sends the graph its way"
    assert expected
    assert set(expected.values()) == {1}
    for die_at in boundaries(steps, list(SCENES).index(name)):
        tenant_id = house.tenant(name).tenant_id
        house.killed(think, die_at)
        house.done(Order(do="think"))
        facts = house.facts(tenant_id)
        assert raised(facts) == expected, f"killed at {steps[die_at]}"
        assert len(effects(facts)) == len(scene.rows), "nothing was approved, nothing was done"
        assert not [fact for fact in facts if isinstance(fact, ProposalApplied)]
        assert house.is_sound(tenant_id)


@pytest.mark.parametrize("name", APPROVED)
def test_a_killed_approval_is_done_once_by_whoever_repeats_it(house: House, name: str) -> None:
    def approval(tenant_id: TenantId) -> Order:
        alert = next(alert for alert in house.alerts(tenant_id) if alert.agent == SCENES[name].agent)
        offer = next(offer for offer in alert.proposals if offer.is_feasible)
        return approval_of(tenant_id, alert, offer.proposal_id, watch="deciding")

    first = house.tenant(name).tenant_id
    house.done(Order(do="think"))
    steps = house.done(approval(first))
    expected = len(effects(house.facts(first)))
    assert expected > len(SCENES[name].rows)
    for die_at in boundaries(steps, 0):
        tenant_id = house.tenant(name).tenant_id
        house.done(Order(do="think"))
        order = approval(tenant_id)
        house.killed(order, die_at)
        between = house.facts(tenant_id)
        decided = [fact for fact in between if fact.TYPE == "alert.decided"]
        assert len(decided) == len([f for f in between if isinstance(f, ProposalApplied)]), "all of it or nothing"
        assert len(effects(between)) == (expected if decided else len(SCENES[name].rows))
        house.done(order)
        house.done(order)
        facts = house.facts(tenant_id)
        assert len([fact for fact in facts if isinstance(fact, ProposalApplied)]) == 1, f"killed at {steps[die_at]}"
        assert len(effects(facts)) == expected
        assert house.is_sound(tenant_id)


@pytest.mark.parametrize("name", TOGETHER)
def test_two_workers_on_one_case_raise_one_alert(house: House, name: str) -> None:
    tenant_id = house.tenant(name).tenant_id
    think = Order(do="think", watch=SCENES[name].agent)
    answers = house.do(think, think)
    house.done(Order(do="think"))
    assert [answer["exit"] for answer in answers] == [0, 0]
    assert set(raised(house.facts(tenant_id)).values()) == {1}
    assert house.is_sound(tenant_id)


def test_two_reviewers_who_send_the_same_call_approve_once(house: House) -> None:
    tenant_id = house.tenant("a way out").tenant_id
    house.done(Order(do="think"))
    (alert,) = house.alerts(tenant_id)
    order = approval_of(tenant_id, alert, alert.proposals[0].proposal_id)
    house.do(order, order)
    assert len([fact for fact in house.facts(tenant_id) if isinstance(fact, ProposalApplied)]) == 1
