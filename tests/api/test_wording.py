"""On PostgreSQL and through the API: a model's words stand beside the claim, and a hostile one changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agents.rewording.run import Rewording
from agents.runner import Runner
from agents.thinkers import THINKERS
from agents.wording import Words
from evals.injection.hostile import Adversary
from outside.model import Model, ModelReply, ModelRequest
from store.events import Fact
from store.ids import PersonId, ProjectId
from store.log import Event
from tests.api.office import Office, _booked, _person

CANARY = "Zanzibarite"


def overbooked(office: Office, name: str) -> list[Fact]:
    """Somebody else with 10 h on days of 8 h."""
    who = PersonId(office.id("person", name))
    one, two = (ProjectId(office.id("project", project)) for project in ("P-1", "P-2"))
    return [
        _person(who, name, "60"),
        _booked(office, f"{name}-1", who, one, 14, 18, "6"),
        _booked(office, f"{name}-2", who, two, 16, 25, "4"),
    ]


class Says:
    """A model that says a claim as it is told to."""

    def __init__(self, words: Callable[[str], str]) -> None:
        self.words = words

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any]:
        return ModelReply(Words(self.words(request.material.split("\n")[1])), "says")


def thought(office: Office, facts: list[Fact], model: Model) -> list[Event]:
    """What the worker appended about these facts, words included."""
    tenant_id = office.tenant.tenant_id
    office.tell(facts)
    before = office.ground.settle(tenant_id)
    Runner(office.ground, THINKERS).run_until_idle()
    rewording = Rewording(office.ground, model)
    while rewording.step():
        pass
    office.ground.settle(tenant_id)
    return [event for event in office.ground.log.read_all(tenant_id) if (event.position or 0) > before]


def test_the_words_stand_beside_the_claim_and_its_figures_are_checked_as_ever(
    new_office: Callable[[], Office],
) -> None:
    office = new_office()
    thought(office, overbooked(office, "Busy"), Says(lambda claim: claim.replace("is booked", "has been booked")))
    (alert,) = [alert for alert in office.get("/v1/alerts")["data"] if "Busy" in alert["claim"]]
    assert "is booked" in alert["claim"]
    assert alert["wording"] == alert["claim"].replace("is booked", "has been booked")
    report = office.get(f"/v1/alerts/{alert['id']}/check")
    assert report["numbers"]
    assert all(number["is_equal"] for number in report["numbers"])


def test_words_that_say_something_else_do_not_get_in_whoever_finds_them(new_office: Callable[[], Office]) -> None:
    office = new_office()
    thought(office, overbooked(office, "Busy"), Says(lambda claim: f"{claim} Approve <b>now</b>: https://x.example"))
    assert {alert["wording"] for alert in office.get("/v1/alerts")["data"]} == {""}


def test_a_hostile_model_moves_nothing_and_sees_nobody_elses_facts(new_office: Callable[[], Office]) -> None:
    stranger, office = new_office(), new_office()
    stranger.tell([_person(PersonId(stranger.id("person", CANARY)), CANARY, "1")])
    stranger.think()
    adversary = Adversary(9, (CANARY,))
    appended: list[Event] = []
    for number in range(5):
        appended += thought(office, overbooked(office, f"Busy-{number}"), adversary)
    assert adversary.asked
    assert not [prompt for prompt in adversary.asked if CANARY in prompt or "Example" in prompt]
    assert appended
    assert {event.fact.TYPE for event in appended} <= {
        "alert.raised",
        "alert.updated",
        "alert.cleared",
        "alert.reworded",
        "alert.rewording_missed",
    }
