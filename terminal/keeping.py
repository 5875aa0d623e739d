"""`leeway backup`, `restore`, `archive`, `erase` and `tenant`: what keeps the data, moves it and lets it go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from plan.calendar import zone_of
from store import archiving, backups, moving
from store.erasing import erase as erase_party
from store.errors import Conflict, Invalid, NotFound, Refused
from store.ground import Ground
from store.log import Head
from store.tenants import Tenant
from terminal.showing import bar, console, write_json


def backup(ground: Ground, path: Path, keys: Path | None, *, as_json: bool) -> None:
    """`leeway backup`."""
    keys = keys or backups.keys_path_of(path)
    with bar("Backing up") as step:
        written = backups.backup(ground.urls.owner, path, keys, now=ground.clock.now(), progress=_rows(step))
    if as_json:
        write_json({"file": str(path), "keys": str(keys), "rows": written.rows, "tenants": len(written.anchors)})
        return
    console.print(f"{sum(written.rows.values()):,} rows of {len(written.anchors)} tenants: {path}", markup=False)
    console.print(f"The keys of persons: {keys}. Keep the two apart, and this one secret.", markup=False)


def restore(ground: Ground, path: Path, keys: Path | None, *, is_without_keys: bool, as_json: bool) -> None:
    """`leeway restore`: into an empty database; everything is folded before it answers."""
    if is_without_keys and keys is not None:
        raise Invalid("two_answers", "Keys are named and refused at once.", remedy="Use --keys or --without-keys.")
    chosen = None if is_without_keys else keys or backups.keys_path_of(path)
    if chosen is not None and not chosen.is_file():
        raise NotFound(
            "keys_missing",
            f"There is no file {chosen}.",
            remedy="Name it with --keys; --without-keys erases everybody in the backup for good.",
        )
    with bar("Restoring") as step:
        manifest = backups.restore(ground.urls.owner, path, chosen, progress=_rows(step))
    for tenant in ground.tenants.all():
        with bar(f"Folding {tenant.slug}") as step:
            ground.settle(tenant.tenant_id, progress=step)
    if as_json:
        write_json({"made_at": manifest.made_at, "rows": {table.table: table.rows for table in manifest.members}})
        return
    console.print(f"As of {manifest.made_at}: every chain holds and ends where the backup says.", markup=False)


def archive(ground: Ground, slug: str, before: str, *, as_json: bool) -> None:
    """`leeway archive`."""
    tenant = ground.tenants.find(slug)
    try:
        day = dt.date.fromisoformat(before)
    except ValueError as error:
        raise Invalid("bad_date", f"{before!r} is no date.", remedy="Use YYYY-MM-DD.") from error
    start = dt.datetime.combine(day, dt.time(), zone_of(ground.tenant_state(tenant.tenant_id).timezone))
    with bar(f"Archiving {slug}") as step:
        done = archiving.archive(ground.urls.owner, tenant.tenant_id, before=start, progress=step)
    if as_json:
        write_json({"tenant": slug, "before": start, "moved": done.moved, "in_archive": done.in_archive})
    else:
        console.print(f"{done.moved:,} events moved; {done.in_archive:,} of {slug} are in the archive.", markup=False)


def erase(ground: Ground, slug: str, person: str, *, is_agreed: Callable[[str], bool], as_json: bool) -> None:
    """`leeway erase`."""
    tenant = ground.tenants.find(slug)
    party_id = _party(ground, tenant, person)
    if not is_agreed(f"Nobody will ever read again what the log holds about {person}. Go on?"):
        raise Refused("not_agreed", "Nothing was erased.", remedy="Answer yes, or give --yes.")
    with bar(f"Folding {slug}", total=ground.log.head(tenant.tenant_id).position) as step:
        done = erase_party(
            ground, tenant.tenant_id, party_id, actor_id="terminal", now=tenant.now(ground.clock), progress=step
        )
    if as_json:
        write_json({"tenant": slug, "party_id": done.party_id, "was_erased": done.was_erased})
        return
    console.print(f"{done.party_id} is erased{' (was before)' if done.was_erased else ''}.", markup=False)
    console.print("Older files of keys and exports can still name them: make a new backup and destroy those.")


def create_tenant(ground: Ground, slug: str, name: str) -> None:
    """`leeway tenant create`."""
    if any(tenant.slug == slug for tenant in ground.tenants.all()):
        raise Conflict("tenant_there", f"There is a tenant {slug!r}.", remedy="Choose another slug.")
    tenant = ground.tenants.open(slug, name)
    console.print(f"{tenant.slug} ({tenant.tenant_id})", markup=False)


def move_tenant(
    ground: Ground, slug: str, path: Path | None, keys: Path | None, anchor: str | None, *, as_json: bool
) -> None:
    """`leeway tenant move`: out to a file; with the anchor of the other end, the keys here are destroyed."""
    tenant = ground.tenants.find(slug)
    if anchor is not None and path is None:
        moving.let_go(ground.urls.owner, tenant.tenant_id, head_of(anchor))
        console.print(f"{slug} lives at the other end; its keys here are destroyed.", markup=False)
        return
    if path is None or anchor is not None:
        raise Invalid("two_answers", "A file or an anchor is needed.", remedy="Use SLUG FILE, then SLUG --anchor A.")
    keys = keys or backups.keys_path_of(path)
    with bar(f"Carrying {slug} out") as step:
        done = moving.carry_out(
            ground.urls.owner, tenant.tenant_id, path, keys, now=ground.clock.now(), progress=_rows(step)
        )
    (end,) = done.anchors
    if as_json:
        write_json({"tenant": slug, "file": str(path), "keys": str(keys), "anchor": f"{end.position}:{end.hash}"})
        return
    console.print(f"{slug} takes no more facts here. At the other end: leeway tenant accept {path}", markup=False)
    console.print(f"Carry {keys} by another way than {path}.", markup=False)
    console.print(f"  anchor {end.position}:{end.hash}", markup=False, soft_wrap=True)


def accept_tenant(ground: Ground, path: Path, keys: Path | None, *, as_json: bool) -> None:
    """`leeway tenant accept`: the log as it was, its chain checked, and folded."""
    with bar("Taking in") as step:
        end = moving.accept(ground.urls.owner, path, keys or backups.keys_path_of(path), progress=_rows(step))
    tenant = ground.tenants.find(end.tenant_id)
    with bar(f"Folding {tenant.slug}") as step:
        ground.settle(tenant.tenant_id, progress=step)
    if as_json:
        write_json({"tenant": tenant.slug, "anchor": f"{end.position}:{end.hash}"})
        return
    console.print(f"{tenant.slug} lives here: {end.position:,} events in a chain that holds.", markup=False)
    console.print(
        f"Where it came from: leeway tenant move {tenant.slug} --anchor {end.position}:{end.hash}", markup=False
    )


def head_of(anchor: str) -> Head:
    """The head that POSITION:HASH names; raises `Invalid`."""
    position, _, digest = anchor.partition(":")
    try:
        head = Head(int(position), bytes.fromhex(digest))
    except ValueError:
        head = Head(-1)
    if head.position < 0 or len(head.hash) != len(Head().hash):
        raise Invalid("bad_anchor", f"{anchor!r} is no anchor.", remedy="Use POSITION:HASH as it was printed.")
    return head


def _party(ground: Ground, tenant: Tenant, person: str) -> str:
    parties = ground.tenant_state(tenant.tenant_id).parties.values()
    found = sorted({party.party_id for party in parties if person in {party.party_id, party.external_id}})
    if len(found) > 1:
        raise Conflict(
            "several_people", f"{person!r} is the id of several people.", remedy=f"Use one of: {', '.join(found)}."
        )
    return found[0] if found else person


def _rows(step: Callable[[int], None]) -> Callable[[str, int], None]:
    return lambda _table, rows: step(rows)
