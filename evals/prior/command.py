"""`leeway eval prior` at the terminal: the run, and how far it is."""

from __future__ import annotations

from pathlib import Path

from evals.prior.run import main
from terminal.showing import console


def measure(data: Path | None, out: Path | None, *, as_json: bool) -> int:
    """Runs it."""
    with console.status("generating portfolios") as status:
        return main(data, out, as_json=as_json, progress=status.update)
