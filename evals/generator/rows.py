"""The tables while they are written: nothing recorded after the horizon gets in."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from hashlib import blake2b
from random import Random

from evals.generator.calendars import instant
from evals.generator.world import ZONE

Row = dict[str, str]

SPANS = {
    "send": (510, 625),
    "start": (635, 715),
    "customer": (750, 1040),
    "finish": (840, 1045),
    "stage": (1050, 1065),
    "status": (1070, 1085),
    "last": (1130, 1135),
}


class Rows:
    """Tables of text cells; a row whose day lies past the horizon is returned but not kept."""

    def __init__(self, seed: int, horizon_on: date) -> None:
        self.seed = seed
        self.horizon_on = horizon_on
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self.labels: list[dict[str, object]] = []
        self._counts: dict[str, int] = defaultdict(int)

    def add(self, table: str, day: date, **cells: object) -> Row:
        row = {name: text(cell) for name, cell in cells.items()}
        if day <= self.horizon_on:
            self.tables[table].append(row)
        return row

    def new_id(self, kind: str) -> str:
        """An id that says nothing about order or origin."""
        self._counts[kind] += 1
        return f"{kind}-{blake2b(f'{self.seed}/{kind}/{self._counts[kind]}'.encode(), digest_size=5).hexdigest()}"


def moment(rng: Random, day: date, span: str) -> str:
    return instant(day, rng.randint(*SPANS[span]), ZONE)


def text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return f"{round(cell, 2):.10g}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
