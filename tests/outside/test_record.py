"""What was answered once is answered again from the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from outside.model import ModelReply, ModelRequest, schema_of
from outside.record import RecordedModel


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int


class Fruit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    seeds: tuple[Seed, ...]


QUESTION = ModelRequest("wording", "Name a fruit.", "Something red.", Fruit)


class Once:
    """Answers the first question only."""

    def __init__(self) -> None:
        self.count = 0

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any] | None:
        self.count += 1
        return ModelReply(Fruit("apple", (Seed(2),)), "once", 1, 2) if self.count == 1 else None


def test_a_recorded_answer_is_replayed_without_a_model(tmp_path: Path) -> None:
    first = RecordedModel(tmp_path, "once/1", Once()).complete(QUESTION)
    assert first is not None
    assert RecordedModel(tmp_path, "once/1").complete(QUESTION) == first
    assert RecordedModel(tmp_path, "another").complete(QUESTION) is None


def test_another_question_is_not_answered_from_the_folder(tmp_path: Path) -> None:
    model = RecordedModel(tmp_path, "once", Once())
    model.complete(QUESTION)
    assert model.complete(ModelRequest("wording", "Name a fruit.", "Something green.", Fruit)) is None


def test_a_damaged_recording_is_asked_again(tmp_path: Path) -> None:
    RecordedModel(tmp_path, "once", Once()).complete(QUESTION)
    (kept,) = tmp_path.rglob("*.json")
    kept.write_text('{"value": {"name": 7}')
    assert RecordedModel(tmp_path, "once").complete(QUESTION) is None
    assert RecordedModel(tmp_path, "once", Once()).complete(QUESTION) is not None


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_recording(tmp_path: Path) -> None:
    (tmp_path / "once").write_text("a file where the folder should be")
    assert RecordedModel(tmp_path, "once", Once()).complete(QUESTION) is not None


def test_recordings_are_for_their_owner_alone(tmp_path: Path) -> None:
    RecordedModel(tmp_path, "once", Once()).complete(QUESTION)
    (kept,) = tmp_path.rglob("*.json")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_schema_is_closed_and_holds_no_references() -> None:
    schema = schema_of(Fruit)
    assert "$ref" not in str(schema)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["seeds"]["items"]["additionalProperties"] is False
    assert schema["required"] == ["name", "seeds"]
