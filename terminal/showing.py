"""How the terminal shows what goes on: progress on standard error, results on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from structlog.tracebacks import ExceptionDictTransformer

console = Console(stderr=True, highlight=False)
Step = Callable[[int], None]


@contextmanager
def bar(title: str, total: int | None = None) -> Iterator[Step]:
    """A progress bar; the step function takes how many more were done. Off a terminal: one line when it is over."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<34}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda count: progress.advance(task, count)
        done = progress.tasks[0].completed
        progress.update(task, total=done or 1, completed=done or 1)
    if not console.is_terminal:
        console.print(f"{title}: {done:,.0f}" if done else f"{title}: done")


def log_to_stderr(least: str = "info") -> None:
    """Structured logs of this level and above go to standard error, one JSON object a line."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Never the variables of a frame: a key may be among them.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def write_json(value: object) -> None:
    """JSON on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")
