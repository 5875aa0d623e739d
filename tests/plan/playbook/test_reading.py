"""What people write becomes a draft, or an error with its place."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from plan.playbook.reading import draft_of, read_json, read_toml
from store.errors import Invalid
from store.events.playbooks import PlaybookLink
from tests.plan.playbook.templates import SHIPPED, drafted, small, with_task


def test_links_are_written_as_text_or_as_tables() -> None:
    written = with_task("live", after=["agree", "send FF", "build SS+2", {"on": "file", "lag_days": -1}])
    live = next(task for task in draft_of(written).template.tasks if task.key == "live")
    assert live.after == (
        PlaybookLink(on="agree"),
        PlaybookLink(on="send", type="FF"),
        PlaybookLink(on="build", type="SS", lag_days=2),
        PlaybookLink(on="file", lag_days=-1),
    )


def test_money_stands_apart_from_the_template() -> None:
    assert drafted().fee.by_module == {"sso": Decimal(1500)}
    assert drafted().fee.margin_floor == Decimal("0.4")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_toml_and_json_say_the_same(path: Path) -> None:
    as_json = json.dumps(tomllib.loads(path.read_text(encoding="utf-8")))
    assert read_json(as_json.encode()) == read_toml(path.read_bytes())


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (b"\xff\xfe", "playbook.malformed", "f.toml"),
        (b"id = ", "playbook.malformed", "f.toml"),
        (b"# long\n" * 200_000, "playbook.too_large", "f.toml"),
        (b"a = " + b"[" * 5000, "playbook.malformed", "f.toml"),
        (b'colour = "red"', "playbook.unknown_field", "f.toml: colour"),
        (b"[fee]\nprice = 3", "playbook.unknown_field", "f.toml: fee.price"),
        (b'[[tasks]]\nkey = "a"\ncolour = 1', "playbook.unknown_field", "f.toml: tasks[0].colour"),
        (b"[[modules]]\n[[modules.tasks]]\nwait = 1", "playbook.unknown_field", "f.toml: modules[0].tasks[0].wait"),
        (b"name = 3", "playbook.malformed", "f.toml: name"),
        (b"", "playbook.malformed", "f.toml"),
    ],
)
def test_what_is_no_playbook_says_where(text: bytes, code: str, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_toml(text, "f.toml")
    assert caught.value.code == code
    assert caught.value.where.startswith(place)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"duration_days": "three"}, "tasks[2].duration_days"),
        ({"duration_days": 1.5}, "tasks[2].duration_days"),
        ({"track": "sideways"}, "tasks[2].track"),
        ({"after": ["meet XY"]}, "tasks.build.after"),
        ({"after": [3]}, "tasks[2].after[0]"),
        ({"name": None}, "tasks[2].name"),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, object], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        draft_of(with_task("build", **changes))
    assert (caught.value.code, caught.value.where) == ("playbook.malformed", place)


@pytest.mark.parametrize("body", [b"[]", b"3", b"{", b'{"modules": [1]}', b'{"fee": 1}', b'{"tasks": {}}', b"\xc3\x28"])
def test_json_that_is_no_playbook_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match=r"."):
        read_json(body)


def test_a_module_that_is_no_table_is_not_passed_over() -> None:
    with pytest.raises(Invalid, match="object"):
        draft_of(small(modules=[*small()["modules"], 3]))
