"""What a file and a column are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intake.portfolio.cells import ID, TEXT, Kind
from store.events import Fact

RECORDED_AT = "recorded_at"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it fills ("" none), the record it names, and what a blank cell means."""

    name: str
    kind: Kind = TEXT
    field: str = ""
    ref: str = ""
    is_required: bool = False
    blank: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file. `record` is the kind of record a row defines (its id is the first column).

    `key` are the columns that make a row the same row again; `may_repeat` says that equal rows are
    told apart by counting. `at` is the column with the instant of the fact; a `is_planned` one may lie
    in the future of the source's knowledge. `is_plan_stream` rows happen within their project's plan.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    fact: type[Fact] | None = None
    record: str = ""
    id_field: str = ""
    may_repeat: bool = False
    at: str = ""
    is_planned: bool = False
    is_plan_stream: bool = False


def text(name: str, field: str | None = None) -> Column:
    """Any text; blank is the empty text."""
    return Column(name, TEXT, name if field is None else field, blank="")


def an(name: str, kind: Kind, field: str | None = None, *, is_required: bool = False, blank: Any = None) -> Column:
    """A typed value; blank is unknown unless said otherwise."""
    return Column(name, kind, name if field is None else field, is_required=is_required, blank=blank)


def ref(name: str, record: str, field: str | None = None, *, is_required: bool = False) -> Column:
    """The id of a record of another file."""
    return Column(name, ID, name if field is None else field, record, is_required=is_required)


def own(name: str) -> Column:
    """The row's own id; the fact keeps it as `external_id`."""
    return Column(name, ID, "external_id", is_required=True)
