"""What most commands begin with: the settings, the ground floor, and the options that all of them share. Light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from store.ground import Ground

TenantOption = Annotated[str, typer.Option("--tenant", "-t", envvar="LEEWAY_TENANT", help="Slug of the tenant.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_or_exit() -> settings.Settings:
    """The settings of the environment; a wrong one is one line and exit code 2."""
    try:
        return settings.load()
    except settings.SettingError as error:
        typer.echo(f"leeway: {error}", err=True)
        raise typer.Exit(2) from error


def opened() -> AbstractContextManager[Ground]:
    """The ground floor that the settings name."""
    from store.ground import open_ground

    store = settings_or_exit().store
    return open_ground(store.database_url, store.data_path, owner_url=store.owner_url, sealer_url=store.sealer_url)
