"""BANKING77 as a stand-in for matching requests to clauses, and the labelled messages of a portfolio."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import Invalid

SEED = 7


@dataclass(frozen=True, slots=True)
class Request:
    """A text and the category it belongs to."""

    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A customer's message, the clauses of its project, and its label."""

    project_id: str
    text: str
    label: str
    nearest_item_id: str | None


def requests(folder: Path) -> tuple[list[str], list[Request]]:
    """The category names and the example requests in a fixed shuffled order."""
    train, names = folder / "train.csv", folder / "categories.json"
    if not (train.is_file() and names.is_file()):
        raise Invalid("not_banking77", f"{folder} has no train.csv and categories.json.", remedy="Name such a folder.")
    with train.open(encoding="utf-8", newline="") as lines:
        found = [Request(row["text"], row["category"]) for row in csv.DictReader(lines)]
    random.Random(SEED).shuffle(found)
    return [str(name) for name in json.loads(names.read_text(encoding="utf-8"))], found


def items_of(names: list[str], known: list[Request], examples: int) -> tuple[dict[str, str], list[Request]]:
    """Each category as a text of its name and some examples, and the requests that are left."""
    taken: dict[str, list[str]] = {name: [] for name in names}
    rest: list[Request] = []
    for request in known:
        own = taken[request.category]
        if len(own) < examples:
            own.append(request.text)
        else:
            rest.append(request)
    return {name: " ".join([name.replace("_", " "), *texts]) for name, texts in taken.items()}, rest


def messages(folder: Path, truth: Path) -> tuple[dict[str, dict[str, str]], list[Labelled]]:
    """The clauses by project, and the messages that the truth labels."""
    texts = {row["message_id"]: row["text"] for row in rows(folder, "messages")}
    clauses: dict[str, dict[str, str]] = {}
    for row in rows(folder, "scope_items"):
        clauses.setdefault(row["project_id"], {})[row["scope_item_id"]] = row["text"]
    with truth.open(encoding="utf-8") as lines:
        labels: list[dict[str, Any]] = [row for row in map(json.loads, lines) if row["record"] == "message"]
    return clauses, [
        Labelled(row["project_id"], texts[row["message_id"]], row["label"], row.get("nearest_scope_item_id"))
        for row in labels
        if row["message_id"] in texts
    ]


def rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """The lines of a portfolio file, packed or not."""
    plain, packed = folder / f"{table}.csv", folder / f"{table}.csv.gz"
    if not plain.is_file() and not packed.is_file():
        raise Invalid("file_missing", f"{folder} has no {table}.csv.", remedy="Name a portfolio folder.")
    content = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
    yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
