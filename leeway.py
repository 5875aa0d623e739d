"""The roof: the `leeway` command. Heavy rooms are imported inside the command that needs them."""

import typer

app = typer.Typer(name="leeway", help="Risk and next steps for delivery projects.", no_args_is_help=True)


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
