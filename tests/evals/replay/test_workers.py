"""Several processes say what one says, and what was finished before a run was broken off is not done again."""

from pathlib import Path

import pytest

from evals.replay.portfolio import Portfolio
from evals.replay.run import files, replay, report_of
from evals.replay.workers import Kept, workers


def squared(held: int, part: str) -> int:
    return held * int(part) ** 2


def test_answers_come_in_the_order_of_the_questions() -> None:
    parts = [str(number) for number in range(40)]
    with workers(3, jobs=2) as at_work:
        assert list(at_work.ask(squared, parts)) == [(part, squared(3, part)) for part in parts]


def test_two_processes_write_the_same_bytes_as_one(few: Portfolio) -> None:
    alone, together = replay(few), replay(few, jobs=2)
    assert alone.alerts
    assert files(together, report_of(few, together)) == files(alone, report_of(few, alone))


class Broken(Exception):
    pass


def test_a_run_that_was_broken_off_does_only_what_is_left(few: Portfolio, tmp_path: Path) -> None:
    kept, whole = Kept(tmp_path / "key"), replay(few)

    def stop_at_the_third(text: str) -> None:
        if text.startswith("3 of") and text.endswith("alerts"):
            raise Broken

    with pytest.raises(Broken):
        replay(few, kept=kept, progress=stop_at_the_third)
    finished = sorted((tmp_path / "key").rglob("*"))
    assert sum(path.is_file() for path in finished) == 3
    marked = next(path for path in finished if path.is_file() and path.read_bytes() != b"[]")
    marked.write_bytes(marked.read_bytes().replace(b'"claim":"', b'"claim":"kept '))
    again = replay(few, kept=kept)
    assert len(again.alerts) == len(whole.alerts)
    assert any(alert["claim"].startswith("kept ") for alert in again.alerts)
    assert any(not alert["claim"].startswith("kept ") for alert in again.alerts)
