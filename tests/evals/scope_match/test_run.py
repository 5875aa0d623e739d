"""The eval counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.scope_match.run import asked, main, matched
from store.errors import Invalid


def _banking(folder: Path) -> Path:
    (folder / "categories.json").write_text(json.dumps(["card_arrival", "exchange_rate"]), encoding="utf-8")
    lines = ["text,category", "Where is my card arrival?,card_arrival", "What exchange rate is used?,exchange_rate"]
    (folder / "train.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _portfolio(folder: Path) -> Path:
    messages = ["message_id,project_id,text", "m1,p,Could you also add a chatbot?", "m2,p,When is the training?"]
    (folder / "messages.csv").write_text("\n".join(messages), encoding="utf-8")
    (folder / "scope_items.csv").write_text("scope_item_id,project_id,text\ns,p,2 training days.\n", encoding="utf-8")
    rows = [
        {"record": "message", "message_id": "m1", "project_id": "p", "label": "out_of_scope_ask"},
        {"record": "message", "message_id": "m2", "project_id": "p", "label": "in_scope_question"},
        {"record": "project", "project_id": "p"},
    ]
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_requests_are_matched_to_the_names_of_their_categories(tmp_path: Path) -> None:
    result = matched(_banking(tmp_path), 0)
    assert (result.requests, result.first, result.among_three) == (2, 1.0, 1.0)


def test_asks_are_counted_against_their_labels(tmp_path: Path) -> None:
    found = asked(_portfolio(tmp_path), tmp_path / "truth.jsonl")
    assert (found.messages, found.labelled, found.found, found.precision, found.recall) == (2, 1, 1, 1.0, 1.0)


def test_both_are_printed_as_text_and_as_json(tmp_path: Path) -> None:
    said: list[str] = []
    main(_banking(tmp_path), write=said.append)
    main(_portfolio(tmp_path), tmp_path, write=said.append)
    main(tmp_path, tmp_path, as_json=True, write=said.append)
    assert said[0].splitlines()[1].split()[2] == "1.000"
    assert "precision 1.000" in said[1]
    assert json.loads(said[2])["recall"] == 1.0


def test_a_folder_without_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no train"):
        main(tmp_path)
    with pytest.raises(Invalid, match="no messages"):
        asked(tmp_path, tmp_path / "truth.jsonl")
