"""The roof: the `leeway` command. Heavy rooms are imported inside the command that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import settings
from terminal.keeping_options import register as register_keeping
from terminal.opening import JsonOption, TenantOption
from terminal.opening import opened as _ground
from terminal.opening import settings_or_exit as _settings
from terminal.playbook_options import playbook_app, project_app

# Rich help would cost more than all the rest of `leeway --help`.
app = typer.Typer(
    name="leeway", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
eval_app = typer.Typer(no_args_is_help=True, help="Measure on real and replayed data.", rich_markup_mode=None)
app.add_typer(eval_app, name="eval")
app.add_typer(playbook_app, name="playbook")
app.add_typer(project_app, name="project")


@app.callback()
def leeway() -> None:
    """Turns everything that happens on a delivery project into one log, and the log into risk and proposals."""
    settings.single_threaded_arithmetic()
    settings.quiet_agents()


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed_version

    typer.echo(installed_version("leeway"))


@app.command()
def demo() -> None:
    """Load the sample portfolio, assess it, and serve it at 127.0.0.1 with everything on."""
    typer.echo("Leeway demo: a sample portfolio of fictional projects.", err=True)
    from terminal.demonstration import demo as run

    run(_settings())


@app.command()
def serve() -> None:
    """Serve your own data at 127.0.0.1: API, pages and a worker."""
    from terminal.serving import serve as run

    run(_settings())


@app.command()
def work(child: Annotated[bool, typer.Option("--child", hidden=True)] = False) -> None:
    """Run the worker alone: seal, fold, score, detect, until it is told to stop."""
    from terminal.serving import work as run

    run(_settings(), is_child=child)


@app.command()
def migrate() -> None:
    """Bring the database up to the tables that this version expects."""
    from store.migrations import missing

    with _ground() as ground:
        typer.echo("The database is up to date.")
        for note in missing(ground.urls.owner):
            typer.echo(note)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A portfolio folder, zip or workbook; or an event log with --mapping.")],
    mapping: Annotated[Path | None, typer.Option(help="How to read an event log (XES or CSV).")] = None,
    tenant: TenantOption = "main",
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing when anything is wrong.")] = False,
    freeze: Annotated[bool, typer.Option("--freeze", help="Look at it as of the end of its history.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring in a portfolio with its history, or an event log. Importing again changes nothing."""
    from terminal.carrying import import_into

    with _ground() as ground:
        report = import_into(ground, tenant, path, mapping=mapping, is_strict=strict, is_frozen=freeze, as_json=as_json)
    raise typer.Exit(0 if not report.problems else 3)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or not there.")], tenant: TenantOption = "main"
) -> None:
    """Write a tenant's whole log as a portfolio folder that `leeway import` reads."""
    from terminal.carrying import export_from

    with _ground() as ground:
        export_from(ground, tenant, folder)


@app.command()
def verify(
    tenant: Annotated[str | None, typer.Option("--tenant", "-t", help="Slug; all tenants when left out.")] = None,
    anchor: Annotated[str | None, typer.Option(help="POSITION:HASH printed earlier: nothing up to it changed.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute the chain and every projection; exit 1 when anything differs."""
    from terminal.verifying import verify as run

    with _ground() as ground:
        is_clean = run(ground, tenant, anchor=anchor, as_json=as_json)
    raise typer.Exit(0 if is_clean else 1)


@app.command()
def rebuild(tenant: TenantOption = "main") -> None:
    """Fold a tenant's log again beside the projections in use, then swap them; readers notice nothing."""
    from terminal.showing import bar

    with _ground() as ground:
        tenant_id = ground.tenants.find(tenant).tenant_id
        with bar(f"Folding {tenant}", total=ground.log.head(tenant_id).position) as step:
            position = ground.rebuild(tenant_id, progress=step)
    typer.echo(f"Folded up to position {position}.")


@app.command()
def train(tenant: TenantOption = "main", as_json: JsonOption = False) -> None:
    """Fit the risk model on the projects that are over, and assess the running ones."""
    from terminal.training import train_tenant

    with _ground() as ground:
        train_tenant(ground, tenant, as_json=as_json)


@app.command()
def tenants(as_json: JsonOption = False) -> None:
    """List the tenants."""
    from terminal.carrying import list_tenants

    with _ground() as ground:
        list_tenants(ground, as_json=as_json)


@app.command()
def key(
    role: Annotated[str, typer.Option(help="admin, manager, member, finance or viewer")] = "manager",
    name: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    tenant: TenantOption = "main",
    project: Annotated[
        list[str] | None, typer.Option(help="See this project only, by id or its source's; may be repeated.")
    ] = None,
) -> None:
    """Make a bearer key for the API and the console. It is shown once."""
    from terminal.carrying import issue_key

    with _ground() as ground:
        typer.echo(issue_key(ground, tenant, name, role, project or ()))


@app.command()
def limit(
    key_id: Annotated[str, typer.Argument(help="The first characters of a key, as /v1/me tells them.")],
    project: Annotated[list[str] | None, typer.Option(help="See this project only; may be repeated.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="See all projects again.")] = False,
    tenant: TenantOption = "main",
) -> None:
    """Say which projects a member's or viewer's key sees from now on."""
    from terminal.carrying import limit_of_key

    with _ground() as ground:
        typer.echo(limit_of_key(ground, tenant, key_id, None if everything and not project else project or ()))


@app.command()
def summarize(
    transcript: Annotated[Path, typer.Argument(help="Zoom or Teams VTT, SRT, Meet or Fathom JSON, or text.")],
    date: Annotated[str, typer.Option(help="The day of the call, YYYY-MM-DD: dates in it are resolved against it.")],
    timezone: Annotated[str, typer.Option(help="Where that day was, as an IANA name.")] = "UTC",
    as_json: JsonOption = False,
) -> None:
    """Print the items of a call, each with the words it comes from. Nothing is stored."""
    from store.clock import SystemClock
    from terminal.modelling import model_for
    from terminal.summarizing import summarize as run

    model = model_for("extraction", _settings().model, SystemClock())
    run(transcript, date, timezone=timezone, as_json=as_json, model=model)


@eval_app.command("permit")
def eval_permit(
    data: Annotated[Path, typer.Option(help="PermitLog.xes.gz, or the folder that holds it.")],
    as_json: JsonOption = False,
) -> None:
    """Late payment on the BPI Challenge 2020 permit log, by the features and the model that serve."""
    from evals.permit.run import main as run

    raise typer.Exit(run(data, as_json=as_json))


@eval_app.command("prior")
def eval_prior(
    data: Annotated[Path | None, typer.Option(help="A portfolio folder: its rows before a model of its own.")] = None,
    out: Annotated[Path | None, typer.Option(help="Fit the prior anew and write it here (risk/prior.json).")] = None,
    as_json: JsonOption = False,
) -> None:
    """The model for tenants without history, on generated portfolios and mechanisms it has not seen."""
    from evals.prior.command import measure

    raise typer.Exit(measure(data, out, as_json=as_json))


@eval_app.command("over-allocation")
def eval_over_allocation(
    data: Annotated[Path, typer.Option(help="A portfolio folder; its truth lies beside it in FOLDER.truth.")],
    out: Annotated[Path | None, typer.Option(help="Where to write alerts.jsonl.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Over-allocation alerts day by day against the truth, every proposal checked independently."""
    from evals.over_allocation.run import main as run

    raise typer.Exit(run(data, out=out, as_json=as_json))


@eval_app.command("kickoff")
def eval_kickoff(
    data: Annotated[Path, typer.Option(help="A folder with NN-slug/gold.json beside each transcript.")],
    out: Annotated[Path | None, typer.Option(help="Where to write one NN-slug.json per call.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Kickoff summaries against hand-written items."""
    from evals.kickoff.run import main as run

    raise typer.Exit(run(data, out=out, as_json=as_json))


@eval_app.command("zoom")
def eval_zoom(
    data: Annotated[Path, typer.Option(help="A folder or .tar.xz that holds transcript.vtt files.")],
    as_json: JsonOption = False,
) -> None:
    """Whether every cue, time and speaker of Zoom transcripts is read, and in what time."""
    from evals.zoom.run import main as run

    raise typer.Exit(run(data, as_json=as_json))


@eval_app.command("injection")
def eval_injection(
    data: Annotated[Path, typer.Option(help="BIPIA's text attacks (JSON), or the folder that holds them.")],
    transcripts: Annotated[Path | None, typer.Option(help="A folder of .vtt files; the sample's if left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Orders hidden in transcripts: what they change, and what of a hostile model's answers is taken."""
    from evals.injection.run import main as run

    raise typer.Exit(run(data, transcripts, as_json=as_json))


@eval_app.command("scope-match")
def eval_scope_match(
    data: Annotated[Path, typer.Option(help="BANKING77 (train.csv, categories.json), or a portfolio folder.")],
    truth: Annotated[Path | None, typer.Option(help="truth.jsonl of the portfolio: its messages' labels.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Requests matched to what they are about; with --truth the asks found in customers' messages."""
    from evals.scope_match.run import main as run

    raise typer.Exit(run(data, truth, as_json=as_json))


@eval_app.command("replay")
def eval_replay(
    data: Annotated[Path, typer.Option(help="A portfolio folder.")],
    out: Annotated[Path, typer.Option(help="Where to write scores.jsonl, alerts.jsonl, report.json, report.html.")],
    truth: Annotated[Path | None, typer.Option(help="truth.jsonl; without it the log's own end is the truth.")] = None,
    every: Annotated[str, typer.Option(help="Score every week or every day.")] = "week",
    jobs: Annotated[int, typer.Option(help="Processes; 0 is one per core.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """A portfolio's history as if live: scores and alerts, how right and how early they were."""
    from evals.replay.command import replay

    raise typer.Exit(replay(data, out, truth, every=every, jobs=jobs, as_json=as_json))


register_keeping(app)


def main() -> None:
    """Runs a command; an error of the house is one line, not a trace."""
    try:
        app()
    except Exception as error:
        if not hasattr(error, "remedy"):
            raise
        typer.echo(f"leeway: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
