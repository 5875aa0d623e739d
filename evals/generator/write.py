"""A run as a folder of portfolio files, with its truth in a folder beside it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from evals.generator.columns import COLUMNS, SORTED_BY
from evals.generator.rows import Row, text
from evals.generator.simulate import Simulation
from evals.generator.waits import Record


def close_books(sim: Simulation) -> None:
    """Drop words sent after a project ended; their labels go with them."""
    ended = {p.project_id: p.ended_on.isoformat() for p in sim.projects if p.ended_on}
    tables = sim.rows.tables
    tables["messages"] = [m for m in tables["messages"] if m["at"][:10] <= ended.get(m["project_id"], "9999")]
    kept = {m["message_id"] for m in tables["messages"]}
    sim.rows.labels = [x for x in sim.rows.labels if x["message_id"] in kept]


def write_folder(out: Path, sim: Simulation, truth: Iterable[Record], calls: dict[str, str], name: str) -> None:
    """Replace `out` and `out`.truth by this run's files."""
    beside = out.with_name(out.name + ".truth")
    for folder in (out, beside):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    world = sim.world
    tenant = {
        "name": name,
        "timezone": world.calendar.timezone,
        "currency": "EUR",
        "weekdays": [1, 2, 3, 4, 5],
        "hours_per_day": 8,
        "holidays": sorted(h.isoformat() for h in world.calendar.holidays),
    }
    (out / "tenant.json").write_text(json.dumps(tenant, indent=1) + "\n", encoding="utf-8")
    for table, columns in COLUMNS.items():
        rows = in_order(table, sim.rows.tables.get(table, []))
        if rows:
            (out / f"{table}.csv").write_text(_csv(columns.split(", "), rows), encoding="utf-8", newline="")
    for path, words in calls.items():
        (out / "transcripts" / path).parent.mkdir(parents=True, exist_ok=True)
        (out / "transcripts" / path).write_text(words, encoding="utf-8")
    lines = [json.dumps(record, sort_keys=True, default=_plain) for record in truth]
    (beside / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_order(table: str, rows: list[Row]) -> list[Row]:
    """By when it happened, as instants; what happened together keeps its order."""
    keys = SORTED_BY.get(table, ())
    return (
        sorted(
            rows,
            key=lambda r: [
                datetime.fromisoformat(r[k]).timestamp() if len(r[k]) > 10 and k.endswith("at") else r[k] for k in keys
            ],
        )
        if keys
        else rows
    )


def _csv(columns: list[str], rows: list[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _plain(value: object) -> str:
    return text(value)
