"""The options of `leeway playbook` and `leeway project`; heavy rooms are imported inside the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from terminal.opening import JsonOption, TenantOption, opened

playbook_app = typer.Typer(no_args_is_help=True, help="Templates that projects start from.", rich_markup_mode=None)
project_app = typer.Typer(no_args_is_help=True, help="Start projects and move them on.", rich_markup_mode=None)


@playbook_app.command("check")
def playbook_check(
    file: Annotated[Path, typer.Argument(help="A playbook as TOML or JSON; docs/playbooks.md has the form.")],
    as_json: JsonOption = False,
) -> None:
    """Print every fault of a playbook, or what a project from it would come to. Exit 1 when anything is wrong."""
    from terminal.playbooks import check

    raise typer.Exit(0 if check(file, as_json=as_json) else 1)


@playbook_app.command("publish")
def playbook_publish(
    file: Annotated[Path, typer.Argument(help="A playbook as TOML or JSON.")],
    tenant: TenantOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Publish the next version of a playbook. What the latest version says already is not published again."""
    from terminal.playbooks import publish_file

    with opened() as ground:
        publish_file(ground, tenant, file, as_json=as_json)


@playbook_app.command("list")
def playbook_list(tenant: TenantOption = "main", as_json: JsonOption = False) -> None:
    """List the playbooks."""
    from terminal.playbooks import list_playbooks

    with opened() as ground:
        list_playbooks(ground, tenant, as_json=as_json)


@playbook_app.command("show")
def playbook_show(
    playbook: Annotated[str, typer.Argument(help="Its id, as in `leeway playbook list`.")],
    version: Annotated[int | None, typer.Option(help="The latest when left out.")] = None,
    tenant: TenantOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Print a version: its tasks by stage, and what each answer adds."""
    from terminal.playbooks import show

    with opened() as ground:
        show(ground, tenant, playbook, version, as_json=as_json)


@playbook_app.command("retire")
def playbook_retire(
    playbook: Annotated[str, typer.Argument(help="Its id.")],
    reason: Annotated[str, typer.Option(help="Why nothing is to start from it any more.")],
    tenant: TenantOption = "main",
) -> None:
    """Let no project start from it any more; those that did keep their version."""
    from terminal.playbooks import retire_playbook

    with opened() as ground:
        retire_playbook(ground, tenant, playbook, reason)


@playbook_app.command("compare")
def playbook_compare(
    project: Annotated[str, typer.Argument(help="Id of the project.")],
    tenant: TenantOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Print what a project lacks, did out of order or added beside its playbook; exit 1 when there is any."""
    from terminal.playbooks import compare_project

    with opened() as ground:
        is_same = compare_project(ground, tenant, project, as_json=as_json)
    raise typer.Exit(0 if is_same else 1)


@project_app.command("start")
def project_start(  # noqa: PLR0913 (every option is a parameter)
    playbook: Annotated[str, typer.Option(help="Id of the playbook.")],
    contract_signed: Annotated[str, typer.Option(help="YYYY-MM-DD.")],
    name: Annotated[str, typer.Option(help="The playbook's id when left out.")] = "",
    ref: Annotated[str, typer.Option(help="The deal as SOURCE:ID; it has one project, however often it is sent.")] = "",
    version: Annotated[int | None, typer.Option(help="The latest when left out.")] = None,
    kickoff: Annotated[str, typer.Option(help="YYYY-MM-DD; the playbook's usual day when left out.")] = "",
    go_live: Annotated[str, typer.Option(help="The promised day; the playbook's usual one when left out.")] = "",
    answer: Annotated[list[str] | None, typer.Option(help="QUESTION=ANSWER; may be repeated.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="ROLE=PERSON, by id or name; may be repeated.")] = None,
    customer: Annotated[str, typer.Option(help="Id or name.")] = "",
    manager: Annotated[str, typer.Option(help="Id or name.")] = "",
    fee: Annotated[str, typer.Option(help="Instead of the playbook's.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Print dates, hours and margin; write nothing.")] = False,
    tenant: TenantOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Start a project from a playbook. The same --ref again changes nothing."""
    from terminal.playbooks import Asked, start_project

    asked = Asked(
        playbook_id=playbook,
        contract_signed=contract_signed,
        name=name,
        ref=ref,
        version=version,
        kickoff=kickoff,
        go_live=go_live,
        answers=answer or (),
        owners=owner or (),
        customer=customer,
        manager=manager,
        fee=fee,
    )
    with opened() as ground:
        start_project(ground, tenant, asked, is_preview=preview, as_json=as_json)


@project_app.command("enter")
def project_enter(
    project: Annotated[str, typer.Argument(help="Id of the project.")],
    stage: Annotated[str, typer.Argument(help="The stage to go to.")],
    override: Annotated[str, typer.Option(help="Why to go on although the playbook holds the project.")] = "",
    tenant: TenantOption = "main",
) -> None:
    """Enter a stage; a hard gate of the playbook holds until its conditions are met."""
    from terminal.playbooks import enter

    with opened() as ground:
        enter(ground, tenant, project, stage, override)
