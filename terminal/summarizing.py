"""`leeway summarize`: the items of one call, each with the words it comes from. Nothing is stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from outside.model import Model, NoModel
from store.errors import Invalid, NotFound
from summarizer.forms import parse_transcript
from summarizer.items import Item, Summary
from summarizer.model_extraction import with_model
from summarizer.summary import summarize as summary_of
from summarizer.times import checked_zone
from terminal.showing import write_json


def summarize(
    path: Path, held_on: str, *, timezone: str = "UTC", as_json: bool = False, model: Model | None = None
) -> None:
    """Prints the summary of a transcript file; a model, if there is one, may point out more items."""
    if not path.is_file():
        raise NotFound("no_such_file", "There is no such file.", where=str(path))
    transcript = parse_transcript(path.name, path.read_bytes())
    found = summary_of(transcript, held_on=_day(held_on), timezone=checked_zone(timezone))
    found = with_model(found, transcript, model or NoModel())
    if as_json:
        write_json(found)
    else:
        _show(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("bad_date", f"{text!r} is no day.", remedy="Write --date YYYY-MM-DD.") from error


def _show(found: Summary) -> None:
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 1), show_edge=False)
    for heading in ("cue", "kind", "what was said", "who", "due", "how firm"):
        table.add_column(heading, overflow="fold")
    for item in found.items:
        # Text, not markup: what people said may hold brackets.
        table.add_row(*(Text(cell) for cell in _cells(item)))
    console.print(table)
    name = "A kickoff" if found.is_kickoff else "No kickoff"
    console.print(f"{name}: {len(found.items)} items in {found.cue_count} cues.")
    for note in found.notes:
        console.print(Text(note))


def _cells(item: Item) -> tuple[str, ...]:
    who = item.owner or ("nobody yet" if item.kind == "action_item" else item.speaker)
    due = item.due.isoformat() if item.due else ""
    kind = item.kind.replace("_", " ") + (f" ({item.track})" if item.track else "")
    return str(item.cues[0]), kind, item.text, who, due, item.modality
