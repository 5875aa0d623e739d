"""Reads a portfolio folder and its truth with nothing of the generator's own."""

import csv
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, str]


@dataclass
class Folder:
    path: Path
    _tables: dict[str, list[Row]] = field(default_factory=dict)

    def table(self, name: str) -> list[Row]:
        if name not in self._tables:
            with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                self._tables[name] = list(csv.DictReader(file))
        return self._tables[name]

    @property
    def tenant(self) -> dict[str, Any]:
        return dict(json.loads((self.path / "tenant.json").read_text(encoding="utf-8")))

    def truth(self, record: str) -> list[dict[str, Any]]:
        lines = (self.path.with_name(self.path.name + ".truth") / "truth.jsonl").read_text(encoding="utf-8")
        return [x for x in map(json.loads, lines.splitlines()) if x["record"] == record]

    def ids(self, name: str, column: str) -> set[str]:
        return {row[column] for row in self.table(name)}


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
