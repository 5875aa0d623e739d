"""Which record an id in a cell means: one of this folder, one the log knows already, or none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.portfolio.columns import Column, Table
from intake.portfolio.rows import Row, Verdicts
from intake.portfolio.tables import BY_NAME, BY_RECORD
from store.events import Fact, TaskCreated
from store.ids import EventId, TenantId, entity_id, fact_id
from store.log import Event

PARTY = ("person", "contact")
UNCHECKED = frozenset({"message"})
"""An answer to a message that nobody exported is still an answer."""

ALWAYS_CHECKED = frozenset({"project", "task"})
"""Their files are never missing, so an id that is nowhere is a mistake."""

Find = Callable[[Sequence[EventId]], Iterable[Event]]


@dataclass(slots=True)
class Records:
    """The records that rows may refer to, by kind and the source's own id.

    `find` looks the facts that created records up in the log. A kind whose file is missing, and of
    which the log knows nothing either, cannot be checked: its ids are taken as they are.
    """

    tenant_id: TenantId
    source: str
    find: Find
    has_file: Callable[[str], bool]
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    task_project: dict[str, str] = field(default_factory=dict)
    recorded: dict[tuple[str, str], datetime] = field(default_factory=dict)
    unchecked: dict[str, set[str]] = field(default_factory=dict)
    stored_projects: set[str] = field(default_factory=set)
    _asked: set[tuple[str, str]] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)

    def id_of(self, record: str, external_id: str) -> str:
        """The id of such a record, whether it exists or not."""
        return entity_id(self.tenant_id, record, self.source, external_id)

    def fact_id_of(self, table: str, *key: str) -> EventId:
        """The id of the fact that a row of this key states."""
        return fact_id(self.tenant_id, self.source, table, *key)

    def add(self, record: str, external_id: str) -> str:
        """Makes the record known; its id."""
        known = self.ids.setdefault(record, {})
        found = known.get(external_id)
        if found is None:
            found = known[external_id] = self.id_of(record, external_id)
        return found

    def add_fact(self, fact: Fact) -> None:
        """Makes the record known that a fact without a file created, where a row could name it."""
        table = next((table for table in BY_RECORD.values() if table.fact is type(fact)), None)
        external_id = getattr(fact, "external_id", "")
        if table is None or not external_id:
            return
        found = getattr(fact, table.id_field)
        if found == self.id_of(table.record, external_id):
            self.ids.setdefault(table.record, {})[external_id] = found
            self._logged.add(table.record)
            if isinstance(fact, TaskCreated):
                self.task_project[found] = fact.project_id

    def resolve(self, record: str, external_id: str) -> str | None:
        """The id of a known record. A party is a person or a contact."""
        for kind in kinds_of(record):
            found = self.ids.get(kind, {}).get(external_id)
            if found is not None:
                return found
        if record in UNCHECKED:
            return self.add(record, external_id)
        return None

    def prepare(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Looks up, in one go, what rows refer to and nobody knows yet."""
        missing = sorted({pair for pair in set(wanted) if self.resolve(*pair) is None} - self._asked)
        self._asked.update(missing)
        by_fact = {
            self.fact_id_of(BY_RECORD[kind].name, external_id): (kind, external_id)
            for record, external_id in missing
            for kind in kinds_of(record)
        }
        for event in self.find(list(by_fact)) if by_fact else ():
            self._add_stored(*by_fact[event.event_id], event)
        for record, external_id in missing:
            if self.resolve(record, external_id) is None:
                self._take_unchecked(record, external_id)

    def _add_stored(self, kind: str, external_id: str, event: Event) -> None:
        found = self.add(kind, external_id)
        self._logged.add(kind)
        self.recorded[(kind, external_id)] = event.recorded_at
        if kind == "project":
            self.stored_projects.add(found)
        if isinstance(event.fact, TaskCreated):
            self.task_project[found] = event.fact.project_id
            self.stored_projects.add(event.fact.project_id)

    def _take_unchecked(self, record: str, external_id: str) -> None:
        for kind in kinds_of(record):
            if kind not in ALWAYS_CHECKED and kind not in self._logged and not self.has_file(BY_RECORD[kind].name):
                self.unchecked.setdefault(kind, set()).add(external_id)
                self.add(kind, external_id)
                return


def kinds_of(record: str) -> tuple[str, ...]:
    """The kinds of record that a reference may mean."""
    return PARTY if record == "party" else (record,)


def refer(rows: Sequence[Row], table: Table, records: Records, verdicts: Verdicts) -> list[tuple[Row, dict[str, Any]]]:
    """Each good row with its values by column, ids in place of the source's own; the others are refused."""
    refs = [column for column in table.columns if column.ref]
    records.prepare(wanted for row in rows for wanted in _wanted(row, refs, table))
    good = []
    for row in rows:
        values = dict(row.values)
        unknown = _resolved(row, values, refs, table, records)
        if unknown:
            _refuse(row, unknown, verdicts)
            continue
        if table.record:
            values[table.id_field] = records.add(table.record, row.key[0])
        good.append((row, values))
    return good


def _wanted(row: Row, refs: Sequence[Column], table: Table) -> Iterable[tuple[str, str]]:
    for column in refs:
        value = row.values[column.name]
        for external_id in value if isinstance(value, tuple) else (value,):
            if external_id:
                yield column.ref, external_id
    if table is BY_NAME["history"]:
        yield row.values["entity"], row.values["entity_id"]
        for column_name in ("actor_id", "value"):
            if row.values[column_name] and (column_name == "actor_id" or row.values["field"] in OWNER_FIELDS):
                yield "party", row.values[column_name].strip()


OWNER_FIELDS = frozenset({"owner_id", "manager_id"})


def _resolved(
    row: Row, values: dict[str, Any], refs: Sequence[Column], table: Table, records: Records
) -> list[tuple[str, str, str]]:
    """Puts ids into `values`; (column, record, external id) of those nobody knows."""
    unknown = []
    for column in refs:
        value = row.values[column.name]
        if not value:
            continue
        names = value if isinstance(value, tuple) else (value,)
        found = [records.resolve(column.ref, external_id) for external_id in names]
        unknown += [
            (column.name, column.ref, external_id)
            for external_id, known in zip(names, found, strict=True)
            if known is None
        ]
        values[column.name] = tuple(found) if isinstance(value, tuple) else found[0]
    if table is BY_NAME["history"]:
        entity, external_id = row.values["entity"], row.values["entity_id"]
        values["entity_id"] = records.resolve(entity, external_id)
        if values["entity_id"] is None:
            unknown.append(("entity_id", entity, external_id))
    return unknown


def _refuse(row: Row, unknown: list[tuple[str, str, str]], verdicts: Verdicts) -> None:
    for count, (column, record, external_id) in enumerate(unknown):
        files = [BY_RECORD[kind].name for kind in kinds_of(record)]
        expected = "the id of a row of " + " or ".join(f"{name}.csv" for name in files)
        note = verdicts.problem if count else verdicts.refuse
        note(
            row.line,
            f"unknown_{record}",
            expected,
            "Mend the id, or add the row it names.",
            column=column,
            value=external_id,
        )
