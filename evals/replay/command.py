"""`leeway eval replay` at the terminal: the run, and how far it is."""

from __future__ import annotations

from pathlib import Path

from evals.replay.run import main
from store.errors import Invalid
from terminal.showing import console


def replay(data: Path, out: Path, truth: Path | None, *, every: str, as_json: bool) -> int:
    """Runs it; `Invalid` for a cadence that is neither week nor day."""
    if every not in ("week", "day"):
        raise Invalid("unknown_cadence", f"{every!r} is neither week nor day.", remedy="Say --every week or day.")
    with console.status("reading the files") as status:
        return main(
            data, out, truth, every="day" if every == "day" else "week", as_json=as_json, progress=status.update
        )
