"""The options of backup, restore, archive, erase and `leeway tenant`; heavy rooms are imported inside the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from terminal.opening import JsonOption, TenantOption, opened

tenant_app = typer.Typer(no_args_is_help=True, help="Make, list and move tenants.", rich_markup_mode=None)
KeysOption = Annotated[Path | None, typer.Option(help="The file of the keys; FILE.keys when left out.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `leeway` itself."""
    for command in (backup, restore, archive, erase):
        app.command()(command)
    app.add_typer(tenant_app, name="tenant")


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write; nothing may be there.")],
    keys: KeysOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything to a file while others go on, and the keys of persons to a second one."""
    from terminal.keeping import backup as run

    with opened() as ground:
        run(ground, file, keys, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="What `leeway backup` wrote.")],
    keys: KeysOption = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Erase everybody in it for good: no keys are left.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fill an empty database from a backup: all of it with every chain checked, or nothing."""
    from terminal.keeping import restore as run

    with opened() as ground:
        run(ground, file, keys, is_without_keys=without_keys, as_json=as_json)


def archive(
    before: Annotated[str, typer.Option(help="A day, YYYY-MM-DD: what was recorded earlier moves.")],
    tenant: TenantOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Move a tenant's old events into the archive. Every read and the chain go through it as before."""
    from terminal.keeping import archive as run

    with opened() as ground:
        run(ground, tenant, before, as_json=as_json)


def erase(
    person: Annotated[str, typer.Argument(help="Id of a person or contact, Leeway's or its source's.")],
    tenant: TenantOption = "main",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Destroy the key of a person: nobody can read their fields any more. The chain stays as it is."""
    from terminal.keeping import erase as run

    with opened() as ground:
        run(ground, tenant, person, is_agreed=lambda text: yes or typer.confirm(text, err=True), as_json=as_json)


@tenant_app.command("create")
def tenant_create(
    slug: Annotated[str, typer.Argument(help="Lower-case letters, digits and inner hyphens.")],
    name: Annotated[str, typer.Option(help="As people say it.")] = "",
) -> None:
    """Make a tenant."""
    from terminal.keeping import create_tenant

    with opened() as ground:
        create_tenant(ground, slug, name)


@tenant_app.command("list")
def tenant_list(as_json: JsonOption = False) -> None:
    """List the tenants."""
    from terminal.carrying import list_tenants

    with opened() as ground:
        list_tenants(ground, as_json=as_json)


@tenant_app.command("move")
def tenant_move(
    slug: Annotated[str, typer.Argument(help="The tenant.")],
    file: Annotated[Path | None, typer.Argument(help="Where to write its log; it takes no more facts then.")] = None,
    keys: KeysOption = None,
    anchor: Annotated[
        str | None, typer.Option(help="What `leeway tenant accept` printed: destroys the keys here.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Carry a tenant out to a file; later, with the other end's anchor, let go of it here."""
    from terminal.keeping import move_tenant

    with opened() as ground:
        move_tenant(ground, slug, file, keys, anchor, as_json=as_json)


@tenant_app.command("accept")
def tenant_accept(
    file: Annotated[Path, typer.Argument(help="What `leeway tenant move` wrote elsewhere.")],
    keys: KeysOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a tenant in: its whole log in a chain that holds, or nothing."""
    from terminal.keeping import accept_tenant

    with opened() as ground:
        accept_tenant(ground, file, keys, as_json=as_json)
