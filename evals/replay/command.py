"""`leeway eval replay` at the terminal: the run, and how far it is."""

from __future__ import annotations

import os
from pathlib import Path

from evals.replay.run import main
from store.errors import Invalid
from terminal.showing import console


def replay(data: Path, out: Path, truth: Path | None, *, every: str, jobs: int, as_json: bool) -> int:
    """Runs it; `Invalid` for a cadence that is neither week nor day. No jobs: one per core."""
    if every not in ("week", "day"):
        raise Invalid("unknown_cadence", f"{every!r} is neither week nor day.", remedy="Say --every week or day.")
    if jobs < 0:
        raise Invalid("unknown_jobs", f"{jobs} processes cannot be.", remedy="Say how many, or 0 for one per core.")
    with console.status("reading the files") as status:
        return main(
            data,
            out,
            truth,
            every="day" if every == "day" else "week",
            jobs=jobs or os.cpu_count() or 1,
            as_json=as_json,
            progress=status.update,
        )
