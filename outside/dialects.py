"""The ways in which OpenAI-compatible endpoints are asked and answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from outside.model import ModelRequest, schema_of

Dialect = Literal["responses", "chat_schema", "chat_json", "chat_plain"]
MODES: dict[str, tuple[Dialect, ...]] = {
    "auto": ("responses", "chat_schema", "chat_json", "chat_plain"),
    "responses": ("responses",),
    "chat": ("chat_schema", "chat_json", "chat_plain"),
}
"""What a mode tries, the strictest first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint said. `fault` is empty, or why the text is not one to read."""

    text: str
    fault: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


def body_of(dialect: Dialect, model: str, request: ModelRequest[Any], repair: tuple[str, str] | None) -> dict[str, Any]:
    """The call's arguments. `repair` is the text that did not fit and why, for the one second turn."""
    schema = schema_of(request.shape)
    instructions = request.instructions
    if dialect in {"chat_json", "chat_plain"}:
        form = msgspec.json.encode(schema).decode()
        instructions = f"{instructions}\nAnswer with one JSON object of this JSON Schema and nothing else: {form}"
    # Half a surrogate pair cannot be sent.
    material = request.material.encode(errors="replace").decode()
    said = [{"role": "user", "content": material}]
    if repair:
        text, why = repair
        said.append({"role": "assistant", "content": text[:4_000]})
        said.append({"role": "user", "content": f"That did not fit the schema: {why[:200]}. Answer again, JSON only."})
    form_name = {"name": request.purpose, "schema": schema, "strict": True}
    if dialect == "responses":
        return {
            "model": model,
            "instructions": instructions,
            "input": said,
            "text": {"format": {"type": "json_schema", **form_name}},
            "max_output_tokens": request.output_tokens,
            "store": False,
        }
    body: dict[str, Any] = {"model": model, "messages": [{"role": "system", "content": instructions}, *said]}
    if dialect == "chat_schema":
        form_of_reply = {"type": "json_schema", "json_schema": form_name}
        return {**body, "response_format": form_of_reply, "max_completion_tokens": request.output_tokens}
    body["max_tokens"] = request.output_tokens
    return {**body, "response_format": {"type": "json_object"}} if dialect == "chat_json" else body


class _Part(msgspec.Struct):
    type: str = ""
    text: str | None = None
    refusal: str | None = None


class _Usage(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Output(msgspec.Struct):
    type: str = ""
    content: list[_Part] | None = None


class _Response(msgspec.Struct):
    output: list[_Output]
    status: str | None = None
    model: str | None = None
    usage: _Usage | None = None


class _Message(msgspec.Struct):
    content: str | list[_Part] | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None


def read_answer(dialect: Dialect, data: bytes) -> Answer:
    """What the endpoint's bytes say. Anything but the protocol is a fault, never an error."""
    try:
        if dialect == "responses":
            return _of_response(msgspec.json.decode(data, type=_Response))
        return _of_completion(msgspec.json.decode(data, type=_Completion))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return Answer("", "not_the_protocol")


def _of_response(said: _Response) -> Answer:
    parts = [part for output in said.output if output.type == "message" for part in output.content or []]
    fault = "cut_off" if said.status not in {None, "completed"} else ""
    return _answer(parts, fault, said.model, said.usage)


def _of_completion(said: _Completion) -> Answer:
    if not said.choices:
        return Answer("", "not_the_protocol")
    choice = said.choices[0]
    content = choice.message.content
    parts = [_Part(type="text", text=content)] if isinstance(content, str) else list(content or [])
    if choice.message.refusal:
        parts.append(_Part(type="refusal", refusal=choice.message.refusal))
    fault = {"length": "cut_off", "content_filter": "refused"}.get(choice.finish_reason or "", "")
    return _answer(parts, fault, said.model, said.usage)


def _answer(parts: list[_Part], fault: str, model: str | None, usage: _Usage | None) -> Answer:
    """Calls of tools are not looked at: there are none."""
    text = "".join(part.text or "" for part in parts if part.type in {"text", "output_text"})
    if any(part.refusal for part in parts):
        fault = "refused"
    counted = usage or _Usage()
    return Answer(
        text,
        fault or ("" if text else "no_text"),
        (model or "")[:100],
        counted.input_tokens or counted.prompt_tokens or 0,
        counted.output_tokens or counted.completion_tokens or 0,
    )
