"""`leeway import`, `export`, `tenants` and `key`: what is carried in and out of a tenant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.progress import Progress
from rich.table import Table

from intake.commands import export_portfolio, import_portfolio
from intake.eventlog.commands import import_event_log
from intake.report import ImportReport
from store.access import ROLES, Role, key_id_of
from store.errors import Invalid, NotFound
from store.ground import Ground
from store.ids import tenant_id_of
from store.limits import limit_key, may_be_limited, projects_named
from store.tenants import valid_slug
from terminal.showing import bar, console, write_json

PROBLEMS_SHOWN = 20
_COLUMNS = ("file", "rows", "new", "known", "differing", "refused")


def import_into(
    ground: Ground,
    slug: str,
    path: Path,
    *,
    mapping: Path | None,
    is_strict: bool,
    is_frozen: bool,
    as_json: bool,
) -> ImportReport:
    """Imports, folds, and says what it found."""
    report = bring_in(ground, slug, path, mapping=mapping, is_strict=is_strict, is_frozen=is_frozen)
    if as_json:
        write_json(report)
    else:
        _show(report)
        _hint(ground, slug)
    return report


def bring_in(
    ground: Ground,
    slug: str,
    path: Path,
    *,
    mapping: Path | None = None,
    is_strict: bool = False,
    is_frozen: bool = False,
) -> ImportReport:
    """Imports into the log and folds what came; a frozen tenant's clock stands at the end of its history."""
    tenant_id, now = tenant_id_of(valid_slug(slug)), ground.clock.now()
    with _stages() as stage:
        if mapping is None:
            report = import_portfolio(ground.log, slug, path, now=now, is_strict=is_strict, progress=stage)
        else:
            count = _counter(stage, "events")
            report = import_event_log(ground.log, slug, path, mapping, now=now, is_strict=is_strict, progress=count)
    # Not before: an import that is refused leaves no tenant behind.
    ground.tenants.open(slug)
    with bar("Sealing and folding") as step:
        ground.settle(tenant_id, progress=step)
    frozen_at = ground.last_recorded_at(tenant_id) if is_frozen else None
    ground.tenants.open(slug, ground.tenant_state(tenant_id).name, frozen_at=frozen_at)
    return report


@contextmanager
def _stages() -> Iterator[Callable[[str, int, int | None], None]]:
    """Several bars one after another, one per stage of a piece of work."""
    with Progress(console=console, disable=not console.is_terminal) as progress:
        tasks = {}

        def show(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name.capitalize(), total=total)
            progress.update(tasks[name], completed=done, total=total)

        yield show


def _counter(stage: Callable[[str, int, int | None], None], name: str) -> Callable[[int], None]:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        stage(name, done, None)

    return count


def _show(report: ImportReport) -> None:
    table = Table(*_COLUMNS, title="Import", title_justify="left", box=None)
    for file in report.files:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else value for value in _cells(file)))
    console.print(table)
    for file in report.files:
        if file.unknown_columns:
            console.print(f"{file.file}: kept without reading them: {', '.join(file.unknown_columns)}", markup=False)
    for note in report.notes:
        console.print(str(note), markup=False)
    for problem in report.problems[:PROBLEMS_SHOWN]:
        console.print(str(problem), markup=False)
    if len(report.problems) > PROBLEMS_SHOWN:
        more = len(report.problems) - PROBLEMS_SHOWN
        console.print(f"... and {more:,} more; --json prints them all.")
    if not report.problems:
        console.print("Every row came in.")


def _cells(file: msgspec.Struct) -> list[str | int]:
    return [getattr(file, column) for column in _COLUMNS]


def _hint(ground: Ground, slug: str) -> None:
    tenant = ground.tenants.find(slug)
    last = ground.last_recorded_at(tenant.tenant_id)
    if tenant.frozen_at is None and last is not None and (ground.clock.now() - last).days > 14:
        console.print(
            f"The newest fact is of {last.date()}. To look at this history as of its end, import it with --freeze."
        )


def export_from(ground: Ground, slug: str, folder: Path) -> None:
    """`leeway export`."""
    tenant = ground.tenants.find(slug)
    with _stages() as stage:
        rows = export_portfolio(ground.log, tenant.tenant_id, folder, now=ground.clock.now(), progress=stage)
    for name, count in sorted(rows.items()):
        console.print(f"{name:<28}{count:>10,}")


def list_tenants(ground: Ground, *, as_json: bool) -> None:
    """`leeway tenants`."""
    found = [
        {
            "slug": tenant.slug,
            "name": tenant.name,
            "frozen_at": tenant.frozen_at,
            "moved_at": tenant.moved_at,
            "events": ground.log.head(tenant.tenant_id).position,
        }
        for tenant in ground.tenants.all()
    ]
    if as_json:
        write_json(found)
        return
    if not found:
        console.print("No tenants yet. `leeway import FOLDER` makes one.")
    for row in found:
        sys.stdout.write(
            f"{row['slug']:<24}{row['events']:>12,} events  {row['name']}{' (moved away)' if row['moved_at'] else ''}\n"
        )


def limit_of_key(ground: Ground, slug: str, key_id: str, projects: Sequence[str] | None) -> str:
    """`leeway limit`; None lifts the limit. Returns what holds now, as a sentence."""
    tenant = ground.tenants.find(slug)
    found = ground.keyring.named(tenant.tenant_id, key_id, now=ground.clock.now())
    if found is None:
        raise NotFound("unknown_key", f"There is no key {key_id!r}.", remedy="GET /v1/me with the key tells its id.")
    may_be_limited(found.role)
    if projects is not None and not projects:
        raise Invalid("nothing_said", "No project is named.", remedy="Say --project ID, or --all.")
    own = None if projects is None else projects_named(ground, tenant, projects)
    limit_key(ground, tenant, key_id, own, "command line")
    seen = "all projects" if own is None else f"{len(own)} project{'' if len(own) == 1 else 's'}"
    return f"{key_id} sees {seen} from now on."


def issue_key(ground: Ground, slug: str, name: str, role: str, projects: Sequence[str] = ()) -> str:
    """`leeway key`; with `projects` a key that sees these only."""
    if role not in ROLES:
        raise Invalid("unknown_role", f"{role!r} is no role.", remedy=f"Use one of: {', '.join(ROLES)}.")
    tenant = ground.tenants.find(slug)
    chosen: Role = next(known for known in ROLES if known == role)
    if not projects:
        return ground.keyring.issue(tenant.tenant_id, name, chosen, now=ground.clock.now())
    may_be_limited(chosen)
    own = projects_named(ground, tenant, projects)
    token = ground.keyring.issue(tenant.tenant_id, name, chosen, now=ground.clock.now())
    # In force before anybody has seen the key.
    limit_key(ground, tenant, key_id_of(token), own, "command line")
    return token
