"""An endpoint over real HTTP that behaves, and every way in which one does not: an answer or None, never an error."""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest

from outside.budget import Budget, Rest
from outside.compatible import LARGEST_ANSWER_BYTES, CompatibleModel, Endpoint
from outside.model import MATERIAL_CHARACTERS, ModelReply, ModelRequest, NoModel
from tests.outside.scripted_server import Asked, Said, Script, ScriptedServer, error, ready_and, text, zipped


class Fruit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    count: int


QUESTION = ModelRequest("wording", "Name a fruit.", "Something red.", Fruit)
APPLE = {"name": "apple", "count": 3}
DAY = dt.date(2024, 1, 15)


@contextmanager
def asking(
    script: Script, *, mode: str = "auto", calls: int = 100, seconds: float = 10.0, rest_seconds: float = 0.0
) -> Iterator[tuple[CompatibleModel, ScriptedServer]]:
    with ScriptedServer(script) as server:
        endpoint = Endpoint(server.url, "made-up-key", "small", mode, seconds)
        model = CompatibleModel(endpoint, Budget(calls, lambda: DAY), rest_seconds=rest_seconds)
        try:
            yield model, server
        finally:
            model.close()


def good(asked: Asked) -> Said:
    return text(asked, {"is_ready": True} if asked.is_probe else APPLE)


def only(*forms: str) -> Script:
    """Knows these forms of question and answers 400 to the others."""
    return lambda asked: good(asked) if asked.form in forms else error(400)


def test_an_answer_of_the_right_shape_comes_back_with_its_cost() -> None:
    with asking(good) as (model, server):
        assert model.complete(QUESTION) == ModelReply(Fruit("apple", 3), "scripted", 11, 7)
    (asked,) = server.questions
    assert asked.headers["authorization"] == "Bearer made-up-key"
    assert asked.body["model"] == "small"
    assert asked.body["store"] is False
    assert asked.body["text"]["format"]["strict"] is True
    assert "openai-organization" not in asked.headers


@pytest.mark.parametrize("form", ["responses", "json_schema", "json_object", "plain"])
def test_the_strictest_form_that_an_endpoint_keeps_to_is_found_and_kept(form: str) -> None:
    with asking(only(form)) as (model, server):
        for _ in range(2):
            reply = model.complete(QUESTION)
            assert reply is not None
            assert reply.value == Fruit("apple", 3)
    assert {asked.form for asked in server.questions} == {form}
    assert len([asked for asked in server.asked if asked.is_probe and asked.form == form]) == 1


def test_an_endpoint_that_ignores_schemas_is_asked_in_words() -> None:
    def script(asked: Asked) -> Said:
        knows = asked.form in {"json_object", "plain"}
        return good(asked) if knows else text(asked, "I am ready!")

    with asking(script) as (model, server):
        assert model.complete(QUESTION) is not None
    assert "JSON Schema" in server.questions[0].body["messages"][0]["content"]


@pytest.mark.parametrize(("mode", "form"), [("responses", "responses"), ("chat", "json_schema")])
def test_a_mode_that_is_set_is_kept_to(mode: str, form: str) -> None:
    with asking(good, mode=mode) as (model, server):
        assert model.complete(QUESTION) is not None
    assert {asked.form for asked in server.asked} == {form}


def test_an_endpoint_that_knows_no_form_is_left_alone_for_a_while() -> None:
    with asking(lambda _: error(404), rest_seconds=60) as (model, server):
        assert model.complete(QUESTION) is None
        tries = len(server.asked)
        assert tries == 4
        assert model.complete(QUESTION) is None
        assert len(server.asked) == tries


BAD_TEXTS = [
    "",
    "certainly! here is your fruit",
    '{"name": "apple", "count": 3',
    '{"name": "apple", "count": "3"}',
    '{"name": "apple", "count": 3.5}',
    '{"name": "apple", "count": NaN}',
    '{"name": "apple"}',
    '{"name": null, "count": 3}',
    '{"name": "apple", "count": 3, "tool": "send_mail"}',
    '[{"name": "apple", "count": 3}]',
    'Here: ```json\n{"name": "apple", "count": 3}\n```',
    "[" * 100_000,
    "null",
]


@pytest.mark.parametrize("mode", ["responses", "chat"])
@pytest.mark.parametrize("content", BAD_TEXTS, ids=range(len(BAD_TEXTS)))
def test_a_text_that_does_not_fit_is_sent_back_once_and_then_dropped(mode: str, content: str) -> None:
    with asking(ready_and(lambda asked: text(asked, content)), mode=mode) as (model, server):
        assert model.complete(QUESTION) is None
    assert len(server.questions) == (2 if content else 1)


def test_the_repair_turn_shows_what_did_not_fit_and_may_mend_it() -> None:
    def script(asked: Asked) -> Said:
        is_second = "did not fit" in json.dumps(asked.body)
        return text(asked, APPLE if is_second else {"name": "apple", "count": "three"})

    with asking(ready_and(script)) as (model, server):
        assert model.complete(QUESTION) is not None
    first, second = server.questions
    assert len(second.body["input"]) == len(first.body["input"]) + 2


def test_a_fence_around_the_whole_answer_is_forgiven() -> None:
    with asking(ready_and(lambda asked: text(asked, f"```json\n{json.dumps(APPLE)}\n```"))) as (model, server):
        assert model.complete(QUESTION) is not None
    assert len(server.questions) == 1


def raw(data: bytes, **more: str) -> Callable[[Asked], Said]:
    return lambda _: Said(data, **more)  # type: ignore[arg-type]


def with_tools(asked: Asked) -> Said:
    call = {"id": "1", "type": "function", "function": {"name": "approve", "arguments": "{}"}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    output = [{"type": "function_call", "name": "approve", "arguments": "{}", "call_id": "1"}]
    envelope = {"output": output, "choices": [{"message": message, "finish_reason": "tool_calls"}]}
    return Said(json.dumps(envelope).encode())


MISBEHAVIOURS: dict[str, Script] = {
    "refusal": lambda asked: text(asked, "", refusal="I will not."),
    "cut off": lambda asked: text(asked, APPLE, finish="length"),
    "filtered": lambda asked: text(asked, APPLE, finish="content_filter"),
    "calls a tool": with_tools,
    "no choices": raw(b'{"choices": [], "output": []}'),
    "an error with 200": raw(b'{"error": {"message": "overloaded"}}'),
    "null": raw(b"null"),
    "nothing": raw(b""),
    "html": raw(b"<html><script>alert(1)</script></html>", kind="text/html"),
    "not utf-8": raw(b'{"output": "\xff\xfe"}'),
    "deep": raw(b'{"output":' + b"[" * 200_000),
    "wrong types": raw(b'{"choices": "none", "output": 7}'),
    "bad gzip": lambda _: Said(b"not gzip", headers={"Content-Encoding": "gzip"}),
    "broken off": lambda _: Said(b'{"output": [', breaks=True),
    "redirect": lambda _: Said(b"", status=307, headers={"Location": "http://127.0.0.1:9/"}),
    "huge": raw(b'{"output": [], "pad": "' + b"x" * (2 * LARGEST_ANSWER_BYTES) + b'"}'),
    "huge once unpacked": lambda _: zipped(b"x" * (20 * LARGEST_ANSWER_BYTES)),
    "400": lambda _: error(400),
    "401": lambda _: error(401),
    "403": lambda _: error(403),
    "404": lambda _: error(404),
    "413": lambda _: error(413),
    "429": lambda _: error(429, Retry_After="0"),
    "429 nonsense": lambda _: error(429, Retry_After="nan"),
    "500": lambda _: error(500, Retry_After="0"),
    "502 html": lambda _: Said(b"<h1>Bad gateway</h1>", status=502, kind="text/html"),
}


@pytest.mark.parametrize("mode", ["responses", "chat"])
@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_whatever_an_endpoint_does_wrong_gives_nothing(name: str, mode: str) -> None:
    with asking(ready_and(MISBEHAVIOURS[name]), mode=mode) as (model, server):
        assert model.complete(QUESTION) is None
        assert 1 <= len(server.questions) <= 2


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_whatever_goes_wrong_while_probing_gives_nothing(name: str) -> None:
    with asking(MISBEHAVIOURS[name]) as (model, server):
        assert model.complete(QUESTION) is None
        assert not server.questions


@pytest.mark.parametrize("said", [Said(hangs=True), Said(b" " * 1_000, drip_seconds=0.05)], ids=["hangs", "drips"])
def test_an_endpoint_that_takes_too_long_is_left(said: Said) -> None:
    with asking(ready_and(lambda _: said), seconds=0.6) as (model, server):
        assert model.complete(QUESTION) is None
    assert len(server.questions) == 1


def test_a_passing_outage_is_tried_again_once() -> None:
    answers = [error(503, Retry_After="0")]
    with asking(ready_and(lambda asked: answers.pop() if answers else good(asked))) as (model, server):
        assert model.complete(QUESTION) is not None
    assert len(server.questions) == 2


def test_nobody_listening_gives_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = Endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "", "small", seconds=2.0)
        assert CompatibleModel(endpoint, Budget(10, lambda: DAY)).complete(QUESTION) is None


def test_an_address_that_is_none_gives_nothing() -> None:
    endpoint = Endpoint("http://no-such-host.invalid/v1", "", "small", seconds=2.0)
    assert CompatibleModel(endpoint, Budget(10, lambda: DAY)).complete(QUESTION) is None


def test_half_a_surrogate_pair_in_the_material_is_no_obstacle() -> None:
    with asking(good) as (model, _):
        assert model.complete(ModelRequest("wording", "Name a fruit.", "\ud800", Fruit)) is not None


def test_material_beyond_the_bound_is_not_sent() -> None:
    with asking(good) as (model, server):
        assert model.complete(ModelRequest("wording", "-", "x" * (MATERIAL_CHARACTERS + 1), Fruit)) is None
    assert not server.asked


def test_a_spent_budget_ends_the_asking_until_the_next_day() -> None:
    days = [DAY]
    budget = Budget(2, lambda: days[-1])
    assert [budget.take() for _ in range(4)] == [True, True, False, False]
    days.append(DAY + dt.timedelta(days=1))
    assert budget.take()


def test_every_request_counts_against_the_budget() -> None:
    with asking(good, calls=3) as (model, server):
        assert [model.complete(QUESTION) is not None for _ in range(4)] == [True, True, False, False]
    assert len(server.asked) == 3


def test_after_a_few_failures_nobody_waits_for_a_while() -> None:
    clock = [0.0]
    rest = Rest(60.0, lambda: clock[-1])
    for _ in range(3):
        assert not rest.is_resting
        rest.failed()
    assert rest.is_resting
    clock.append(61.0)
    assert not rest.is_resting


def test_one_more_failure_after_a_rest_rests_twice_as_long_and_an_answer_ends_that() -> None:
    clock = [0.0]
    rest = Rest(60.0, lambda: clock[-1])
    for _ in range(3):
        rest.failed()
    clock.append(61.0)
    rest.failed()
    clock.append(61.0 + 119.0)
    assert rest.is_resting
    clock.append(61.0 + 121.0)
    assert not rest.is_resting
    rest.succeeded()
    rest.failed()
    assert not rest.is_resting


def test_a_refused_key_is_not_tried_over_and_over() -> None:
    with asking(ready_and(lambda _: error(401)), rest_seconds=60) as (model, server):
        assert [model.complete(QUESTION) for _ in range(5)] == [None] * 5
    assert len(server.questions) == 1


def test_no_model_answers_nothing() -> None:
    assert NoModel().complete(QUESTION) is None
