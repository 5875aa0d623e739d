"""Prints what a portfolio comes to: `python -m tests.store.portfolio_digest FOLDER`, a program for test_determinism.py.

SHA-256 of every projection and of the feature rows at every week of every third project, as JSON.
"""

import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from intake.commands import import_portfolio
from risk.features import SCHEMA_HASH, features, setting_of
from risk.training import read, weekly_states
from store.ids import TenantId, tenant_id_of
from store.log import NOW
from store.log_memory import MemoryLog
from store.projections.projects import fold as project_fold
from store.projector import fold_all

SLUG = "determinism"
NOON = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)


def digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def projections(log: MemoryLog, tenant_id: TenantId) -> dict[str, str]:
    """Projection -> digest of its subjects in their order, with their states."""
    folded = fold_all(log.read_all(tenant_id))
    return {
        name: digest(part for subject in sorted(states) for part in (subject.encode(), states[subject]))
        for name, states in folded.items()
        if states
    }


def feature_rows(log: MemoryLog, tenant_id: TenantId) -> Iterator[bytes]:
    tenant, projects = read(log, tenant_id, NOW, NOON)
    for project_id in sorted(projects)[::3]:
        setting = setting_of(tenant, project_fold.fold(projects[project_id]))
        for state, as_of in weekly_states(projects[project_id], setting.calendar, until=NOON):
            yield msgspec.json.encode(features(state, setting, as_of), order="sorted")


def main(folder: Path) -> None:
    log, tenant_id = MemoryLog(), tenant_id_of(SLUG)
    report = import_portfolio(log, SLUG, folder, now=NOON)
    log.seal(tenant_id)
    rows = list(feature_rows(log, tenant_id))
    found = {
        "events": log.head(tenant_id).position,
        "report": hashlib.sha256(msgspec.json.encode(report, order="sorted")).hexdigest(),
        "rows": len(rows),
        "schema": SCHEMA_HASH,
        "features": digest(rows),
        **projections(log, tenant_id),
    }
    print(json.dumps(found))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]))
