"""`leeway eval scope-match`: the product's own matcher and its own reading of messages, against labels."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.scope_match.dataset import items_of, messages, requests
from plan.asks import read
from plan.scope import Clauses

GOALS = {0: (0.52, 0.70), 5: (0.66, 0.86)}
ASK = "out_of_scope_ask"
MOST_REQUESTS = 3000


@dataclass(frozen=True, slots=True)
class Matched:
    """How often the right item came first, and among the first three; CPU seconds for a thousand requests."""

    examples: int
    requests: int
    first: float
    among_three: float
    cpu_seconds_per_1000: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Asks found among labelled messages; `nearest`: of those that stretch a clause, how many name it."""

    messages: int
    found: int
    right: int
    labelled: int
    nearest: float | None

    @property
    def precision(self) -> float | None:
        """Right among found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Right among labelled."""
        return self.right / self.labelled if self.labelled else None


def matched(folder: Path, examples: int) -> Matched:
    """Requests against categories, each a name and some examples."""
    names, known = requests(folder)
    items, rest = items_of(names, known, examples)
    asked, started = rest[:MOST_REQUESTS], time.process_time()
    clauses = Clauses(items)
    places = [[m.item_id for m in clauses.match(request.text)] for request in asked]
    seconds = time.process_time() - started
    first = sum(ids[:1] == [request.category] for ids, request in zip(places, asked, strict=True))
    among = sum(request.category in ids for ids, request in zip(places, asked, strict=True))
    count = max(len(asked), 1)
    return Matched(
        examples, len(asked), round(first / count, 4), round(among / count, 4), round(seconds / count * 1000, 2)
    )


def asked(folder: Path, truth: Path) -> Asked:
    """The asks of a portfolio's messages, as the product reads them."""
    clauses, labelled = messages(folder, truth)
    ready = {project_id: Clauses(items) for project_id, items in clauses.items()}
    nothing = Clauses({})
    pairs = [(each, read(each.text, ready.get(each.project_id, nothing))) for each in labelled]
    stretched = [(each, reading) for each, reading in pairs if each.nearest_item_id]
    near = sum(reading.clause_id == each.nearest_item_id for each, reading in stretched)
    return Asked(
        messages=len(pairs),
        found=sum(reading.kind == ASK for _, reading in pairs),
        right=sum(reading.kind == ASK == each.label for each, reading in pairs),
        labelled=sum(each.label == ASK for each, _ in pairs),
        nearest=round(near / len(stretched), 4) if stretched else None,
    )


def main(
    data: Path,
    truth: Path | None = None,
    *,
    as_json: bool = False,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Prints a table, or JSON. A portfolio folder is told by its truth; anything else is read as BANKING77."""
    if truth is not None:
        found = asked(data, truth / "truth.jsonl" if truth.is_dir() else truth)
        figures = {**asdict(found), "precision": found.precision, "recall": found.recall}
        write(json.dumps(figures) + "\n" if as_json else _sentence(found))
        return 0
    results = [matched(data, examples) for examples in GOALS]
    write(json.dumps([asdict(result) for result in results]) + "\n" if as_json else _table(results))
    return 0


def _table(results: list[Matched]) -> str:
    lines = ["examples  requests  acc@1  goal  hit@3  goal  CPU s / 1,000"]
    for each in results:
        first, three = GOALS[each.examples]
        lines.append(
            f"{each.examples:8}  {each.requests:8}  {each.first:5.3f}  {first:4.2f}  {each.among_three:5.3f}"
            f"  {three:4.2f}  {each.cpu_seconds_per_1000:13.2f}"
        )
    return "\n".join(lines) + "\n"


def _sentence(found: Asked) -> str:
    shares = [("precision", found.precision), ("recall", found.recall), ("clause named", found.nearest)]
    told = ", ".join(f"{name} {'-' if value is None else f'{value:.3f}'}" for name, value in shares)
    return f"{found.messages} messages, {found.labelled} asks, {found.found} found, {found.right} right: {told}\n"
