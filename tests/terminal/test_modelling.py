"""The settings decide whether a model is asked, and for what; the whole way runs over real HTTP."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import settings
from outside.model import NoModel
from store.clock import FixedClock
from store.ground import Ground
from terminal.modelling import may_ask, model_for, rewording_for
from tests.agents.staging import CONFLICT, Stage
from tests.outside.scripted_server import Asked, Said, ScriptedServer, ready_and, text

CLOCK = FixedClock(dt.datetime(2024, 1, 15, 9, tzinfo=dt.UTC))


def named(url: str, **more: str) -> settings.ModelSettings:
    return settings.load({"LEEWAY_MODEL_URL": url, "LEEWAY_MODEL": "small", **more}).model


def clearer(asked: Asked) -> Said:
    claim = asked.body["input"][0]["content"].split("\n")[1]
    return text(asked, {"text": claim.replace("is booked", "has been booked")})


def wrong(asked: Asked) -> Said:
    claim = asked.body["input"][0]["content"].split("\n")[1]
    return text(asked, {"text": claim.replace("30 h", "31 h")})


def test_without_settings_there_is_no_model_and_nobody_looks_for_words(ground: Ground) -> None:
    assert isinstance(model_for("wording", settings.load({}).model, CLOCK), NoModel)
    assert rewording_for(settings.load({}).model, ground) is None
    assert rewording_for(named("http://127.0.0.1:9/v1", LEEWAY_MODEL_FOR="extraction"), ground) is None
    assert rewording_for(named("http://127.0.0.1:9/v1"), ground) is not None


def test_a_use_that_is_not_named_has_no_model() -> None:
    only_words = named("http://127.0.0.1:9/v1", LEEWAY_MODEL_FOR="wording")
    assert isinstance(model_for("extraction", only_words, CLOCK), NoModel)
    assert not isinstance(model_for("wording", only_words, CLOCK), NoModel)


def test_an_alert_carries_the_models_words_beside_the_templates_claim() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    with ScriptedServer(ready_and(clearer)) as server:
        stage.reword(model_for("wording", named(server.url), CLOCK))
    alert = stage.alert()
    assert "is booked 30 h" in alert.claim
    assert alert.wording == alert.claim.replace("is booked", "has been booked")


def test_an_alert_carries_no_words_that_say_something_else() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    with ScriptedServer(ready_and(wrong)) as server:
        stage.reword(model_for("wording", named(server.url), CLOCK))
    assert stage.alert().wording == ""


def test_an_alert_that_has_its_words_is_not_asked_about_again() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    with ScriptedServer(ready_and(clearer)) as server:
        for _ in range(3):
            stage.reword(model_for("wording", named(server.url), CLOCK))
    assert len(server.questions) == 1


def test_a_spent_budget_is_no_try() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    with ScriptedServer(ready_and(clearer)) as server:
        model = model_for("wording", named(server.url, LEEWAY_MODEL_CALLS_PER_DAY="2"), CLOCK)
        assert may_ask(model)
        stage.reword(model)
        assert not may_ask(model)
    assert stage.alert().wording


def test_kept_answers_are_given_again_when_the_endpoint_is_gone(tmp_path: Path) -> None:
    first, second = Stage(CONFLICT), Stage(CONFLICT)
    first.review(), second.review()
    with ScriptedServer(ready_and(clearer)) as server:
        kept = named(server.url, LEEWAY_MODEL_RECORD=str(tmp_path))
        first.reword(model_for("wording", kept, CLOCK))
    second.reword(model_for("wording", kept, CLOCK))
    assert second.alert().wording == first.alert().wording != ""
