"""The cases of an event log as projects in a log of their own, and what became of each."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.eventlog.cases import Tally
from intake.eventlog.facts import Row, drafts_of
from intake.eventlog.mapping import EventLogMapping, MilestoneSection, parse_mapping
from intake.eventlog.patterns import Matcher
from risk.features import FeatureRow, Setting, features, setting_of
from store.errors import Invalid
from store.events import ActivityRecorded
from store.ids import TenantId, tenant_id_of
from store.log import Cut, Log
from store.log_memory import MemoryLog
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants import fold as tenant_fold
from store.streams import DIRECTORY, TENANT, project_streams

TENANT_ID = tenant_id_of("eval-permit")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A project, the instant of its dated milestone and the instant it was first done, if ever."""

    project_id: str
    milestone_at: dt.datetime
    done_at: dt.datetime | None

    def is_open_at(self, at: dt.datetime) -> bool:
        """Not done yet."""
        return self.done_at is None or self.done_at > at


@dataclass(frozen=True, slots=True)
class Dataset:
    """The log, its cases in the order of their milestones, and until when the log reaches."""

    log: Log
    tenant_id: TenantId
    setting: Setting
    cases: tuple[Case, ...]
    allowed_days: int
    ends_at: dt.datetime
    data_hash: str

    def row(self, case: Case, as_of: dt.datetime) -> FeatureRow:
        """The features of the case from what was recorded by `as_of`: the product's own fold and features()."""
        cut = Cut("recorded", recorded_at=as_of)
        events = self.log.read_many(self.tenant_id, project_streams(case.project_id), cut=cut)
        return features(project_fold.fold(events), self.setting, as_of)


def load(data: Path, mapping_path: Path, progress: Progress = lambda _text: None) -> Dataset:
    """Reads the log through the event-log intake into a log in memory. `Invalid` where either file is broken."""
    mapping = parse_mapping(mapping_path.read_bytes(), file=mapping_path.name)
    if mapping.milestone is None:
        raise Invalid(
            "mapping_without_milestone",
            "The mapping has no [milestone]: lateness is measured from one.",
            remedy="Add a [milestone] as docs/event-logs.md shows.",
            where=mapping_path.name,
        )
    log, ends = MemoryLog(), _Ends(mapping, mapping.milestone)
    with data.open("rb") as stream:
        rows = drafts_of(stream, mapping, TENANT_ID, tally=Tally(file=data.name))
        log.bulk(TENANT_ID, ends.watch(rows, progress), now=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    tenant = tenant_fold.fold(log.read_many(TENANT_ID, [TENANT, DIRECTORY]))
    return Dataset(
        log=log,
        tenant_id=TENANT_ID,
        setting=setting_of(tenant, ProjectState()),
        cases=ends.cases(),
        allowed_days=mapping.milestone.committed_after_days,
        ends_at=ends.last_at,
        data_hash=hashlib.sha256(data.read_bytes()).hexdigest(),
    )


class _Ends:
    """Notes, while the facts pass, when each case reached its milestone and its end."""

    def __init__(self, mapping: EventLogMapping, milestone: MilestoneSection) -> None:
        self._milestone = milestone.activity
        self._done = Matcher(mapping.done.activities)
        self._reached: dict[str, dt.datetime] = {}
        self._finished: dict[str, dt.datetime] = {}
        self.last_at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

    def watch(self, rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
        for count, (stream_id, draft) in enumerate(rows, start=1):
            if isinstance(draft.fact, ActivityRecorded):
                self._note(draft.fact, draft.occurred_at)
            if count % 20_000 == 0:
                progress(f"{count} facts")
            yield stream_id, draft

    def _note(self, fact: ActivityRecorded, at: dt.datetime) -> None:
        self.last_at = max(self.last_at, at)
        if fact.activity == self._milestone:
            self._reached.setdefault(fact.project_id, at)
        elif self._done.matches(fact.activity):
            self._finished[fact.project_id] = min(at, self._finished.get(fact.project_id, at))

    def cases(self) -> tuple[Case, ...]:
        found = (Case(p, at, self._finished.get(p)) for p, at in self._reached.items())
        return tuple(sorted(found, key=lambda case: (case.milestone_at, case.project_id)))
