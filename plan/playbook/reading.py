"""A playbook as people write it (TOML or JSON) turned into a draft. Pure; `checking` judges what it says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from store.errors import Invalid
from store.events.playbooks import (
    PlaybookCondition,
    PlaybookFee,
    PlaybookLink,
    PlaybookModule,
    PlaybookQuestion,
    PlaybookRole,
    PlaybookScopeItem,
    PlaybookStage,
    PlaybookTask,
    PlaybookTemplate,
    PlaybookTie,
)

_LINK = re.compile(r"(?P<on>\S+?)(?:\s+(?P<type>FS|SS|FF|SF))?(?:\s*(?P<lag>[+-]\d{1,4}))?")
_NESTED: Mapping[str, type[msgspec.Struct]] = {
    "roles": PlaybookRole,
    "stages": PlaybookStage,
    "entry": PlaybookCondition,
    "exit": PlaybookCondition,
    "scope_items": PlaybookScopeItem,
    "tasks": PlaybookTask,
    "after": PlaybookLink,
    "questions": PlaybookQuestion,
    "modules": PlaybookModule,
    "links": PlaybookTie,
}
MOST_BYTES = 1_000_000
_HEAD = ("id", "name", "summary", "fee")
_JSON = msgspec.json.Decoder(float_hook=Decimal)
_FIELDS_OF_A_MODULE = (*PlaybookModule.__struct_fields__, "fee")


class PlaybookDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote, well-formed but not yet judged."""

    playbook_id: str
    name: str
    summary: str = ""
    template: PlaybookTemplate
    fee: PlaybookFee


def read_toml(data: bytes, where: str = "") -> PlaybookDraft:
    """The draft in a TOML file; raises `Invalid` with the place of what is wrong."""
    _not_too_large(data, where)
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise _malformed(f"The text is not UTF-8 ({error.reason}).", "Save it as UTF-8.", where) from error
    except (tomllib.TOMLDecodeError, RecursionError, ArithmeticError) as error:
        raise _malformed(f"This is no TOML: {error}.", "Mend the line it names.", where) from error
    return draft_of(raw, where)


def read_json(data: bytes, where: str = "") -> PlaybookDraft:
    """The same content as JSON."""
    _not_too_large(data, where)
    try:
        raw = _JSON.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise _malformed(f"This is no JSON: {error}.", "Send JSON (RFC 8259) in UTF-8.", where) from error
    if not isinstance(raw, dict):
        raise _malformed("A playbook is an object.", "Send {...}.", where)
    return draft_of(raw, where)


def draft_of(raw: Mapping[str, Any], where: str = "") -> PlaybookDraft:
    """The draft that this content says."""
    fault = next(_unknown_fields(raw, (*_HEAD, *PlaybookTemplate.__struct_fields__), ""), None)
    if fault:
        raise Invalid(
            "playbook.unknown_field",
            f"{fault} is no field of a playbook.",
            remedy="Mend the name, or leave it out; docs/playbooks.md lists the fields.",
            where=_place(where, fault),
        )
    try:
        return msgspec.convert(_arranged(raw, where), PlaybookDraft)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at ")
        place = path.strip("`").removeprefix("$").removeprefix(".template").lstrip(".")
        raise _malformed(f"{detail}.", "docs/playbooks.md shows the form.", _place(where, place)) from error


def _not_too_large(data: bytes, where: str) -> None:
    if len(data) > MOST_BYTES:
        remedy = f"Expected at most {MOST_BYTES:,}: some hundreds of tasks."
        raise Invalid("playbook.too_large", f"The text has {len(data):,} bytes.", remedy=remedy, where=where)


def _arranged(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The money apart from the rest, and links written as text taken apart."""
    written = [module for module in _list(raw.get("modules")) if isinstance(module, dict)]
    added = {str(module.get("key")): module["fee"] for module in written if "fee" in module}
    fee = raw.get("fee", {})
    template = _without(raw, *_HEAD) | _with_links(raw, where)
    if written and len(written) == len(_list(raw.get("modules"))):
        template["modules"] = [_without(module, "fee") | _with_links(module, where) for module in written]
    head = {"name": raw.get("name"), "summary": raw.get("summary", ""), "playbook_id": raw.get("id")}
    return head | {"template": template, "fee": fee | {"by_module": added} if isinstance(fee, dict) else fee}


def _without(raw: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in names}


def _with_links(holder: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(holder.get("tasks"), list):
        return {}
    return {"tasks": [_with_after(task, where) for task in holder["tasks"]]}


def _with_after(task: Any, where: str) -> Any:
    if not isinstance(task, dict) or not isinstance(task.get("after"), list):
        return task
    return task | {"after": [_link(a, task, where) if isinstance(a, str) else a for a in task["after"]]}


def _link(text: str, task: Mapping[str, Any], where: str) -> dict[str, Any]:
    """`design`, `design SS` or `design FS+2`."""
    found = _LINK.fullmatch(text.strip())
    if found is None:
        raise _malformed(
            f"The task {task.get('key')!r} comes after {text!r}.",
            "Write `task`, `task SS` or `task FS+2`: a key, a type of FS, SS, FF, SF, a lag in working days.",
            _place(where, f"tasks.{task.get('key')}.after"),
        )
    return {"on": found["on"], "type": found["type"] or "FS", "lag_days": int(found["lag"] or 0)}


def _unknown_fields(raw: Mapping[str, Any], known: tuple[str, ...], path: str) -> Iterator[str]:
    """Places of fields that nobody knows."""
    for name, value in raw.items():
        if name not in known:
            yield f"{path}{name}"
        elif name == "fee" and isinstance(value, dict):
            yield from _unknown_fields(value, PlaybookFee.__struct_fields__[:-1], "fee.")
        elif name in _NESTED:
            fields = _FIELDS_OF_A_MODULE if name == "modules" else _NESTED[name].__struct_fields__
            for number, entry in enumerate(_list(value)):
                if isinstance(entry, dict):
                    yield from _unknown_fields(entry, fields, f"{path}{name}[{number}].")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _place(where: str, path: str) -> str:
    return f"{where}: {path}" if where and path else where or path


def _malformed(detail: str, remedy: str, where: str) -> Invalid:
    return Invalid("playbook.malformed", detail, remedy=remedy, where=where)
