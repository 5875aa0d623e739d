"""The roof: the `leeway` command. Heavy rooms are imported inside the command that needs them."""

import typer

# Rich help would cost more than all the rest of `leeway --help`.
app = typer.Typer(name="leeway", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def leeway() -> None:
    """Turns everything that happens on a delivery project into one log, and the log into risk and proposals."""


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed_version

    typer.echo(installed_version("leeway"))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
