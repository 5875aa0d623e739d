"""`leeway playbook` and `leeway project`: templates checked and published, projects started and held against them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api import playbook_views
from api.starting import around_of, held_against
from plan.playbook.checking import checked, faults
from plan.playbook.commands import Caller, enter_stage, load_playbook, preview, publish, retire, start
from plan.playbook.order import Around, Order
from plan.playbook.planning import Plan, plan_of
from plan.playbook.reading import PlaybookDraft, read_json, read_toml
from store.errors import Invalid, NotFound
from store.ground import Ground
from store.ids import fact_id
from store.projections.playbooks.fold import PlaybookVersion
from store.projections.tenants.fold import TenantState
from store.tenants import Tenant
from terminal.showing import write_json

ACTOR = "terminal"
TRIAL_DAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """What `leeway project start` was given, as text."""

    playbook_id: str
    contract_signed: str
    name: str = ""
    ref: str = ""
    version: int | None = None
    kickoff: str = ""
    go_live: str = ""
    answers: Sequence[str] = ()
    owners: Sequence[str] = ()
    customer: str = ""
    manager: str = ""
    fee: str = ""


def check(path: Path, *, as_json: bool) -> bool:
    """Whether the file is a good playbook; prints every fault, or what a start from it would come to."""
    draft = _read(path)
    found = faults(draft)
    if as_json:
        write_json(
            {
                "is_good": not found,
                "faults": [{"code": f.code, "where": f.where, "detail": f.detail, "remedy": f.remedy} for f in found],
            }
        )
    elif found:
        for fault in found:
            sys.stdout.write(f"{path.name}: {fault}\n")
    else:
        plan = _trial(draft)
        sys.stdout.write(f"{path.name}: a good playbook.\n")
        _show_plan(draft.template.success_milestone, plan)
    return not found


def bring_in_playbook(ground: Ground, slug: str, path: Path) -> tuple[PlaybookDraft, PlaybookVersion]:
    """Publishes a file into a tenant, which is made if there is none; nothing new where it is there already."""
    draft = checked(_read(path), path.name)
    tenant = ground.tenants.open(slug)
    version = publish(ground.log, tenant.tenant_id, draft, _caller(ground, tenant))
    ground.settle(tenant.tenant_id)
    return draft, version


def publish_file(ground: Ground, slug: str, path: Path, *, as_json: bool) -> None:
    """`leeway playbook publish`."""
    draft, version = bring_in_playbook(ground, slug, path)
    if as_json:
        write_json({"playbook_id": draft.playbook_id, "version": version.version, "event_id": version.event_id})
    else:
        sys.stdout.write(f"{draft.playbook_id} is at version {version.version}.\n")


def list_playbooks(ground: Ground, slug: str, *, as_json: bool) -> None:
    """`leeway playbook list`."""
    tenant = ground.tenants.find(slug)
    briefs = [playbook_views.playbook_brief(state) for state in ground.playbooks(tenant.tenant_id).values()]
    if as_json:
        write_json(briefs)
        return
    if not briefs:
        sys.stdout.write("No playbooks yet. `leeway playbook publish FILE` brings one in.\n")
    for brief in briefs:
        state = "retired" if brief.is_retired else f"v{brief.version}"
        sys.stdout.write(f"{brief.id:<28}{state:<9}{brief.task_count:>4} tasks  {brief.name}\n")


def show(ground: Ground, slug: str, playbook_id: str, version: int | None, *, as_json: bool) -> None:
    """`leeway playbook show`."""
    tenant = ground.tenants.find(slug)
    state = load_playbook(ground.log, tenant.tenant_id, playbook_id)
    chosen = state.numbered(version)
    if as_json:
        write_json(playbook_views.playbook(state, chosen, "admin"))
        return
    sys.stdout.write(f"{chosen.name}, version {chosen.version} of {state.latest.version}\n{chosen.summary}\n\n")
    _table(
        ("stage", "task", "track", "role", "days", "hours", "after"),
        (
            (t.stage, t.name, t.track, t.role, str(t.duration_days), _hours(t.effort_hours), _after(t.after))
            for t in chosen.template.tasks
        ),
    )
    for module in chosen.template.modules:
        tasks = ", ".join(task.name for task in module.tasks)
        sys.stdout.write(f"{module.question}={module.answer} adds {module.name}: {tasks}\n")


def retire_playbook(ground: Ground, slug: str, playbook_id: str, reason: str) -> None:
    """`leeway playbook retire`."""
    tenant = ground.tenants.find(slug)
    retire(ground.log, tenant.tenant_id, playbook_id, reason, _caller(ground, tenant))
    ground.settle(tenant.tenant_id)
    sys.stdout.write(f"{playbook_id} is retired; its projects keep their version.\n")


def compare_project(ground: Ground, slug: str, project_id: str, *, as_json: bool) -> bool:
    """`leeway playbook compare`; whether the project is as its playbook says."""
    tenant = ground.tenants.find(slug)
    found = held_against(ground, tenant.tenant_id, ground.project(tenant.tenant_id, project_id))
    is_same = not (found.missing or found.out_of_order or found.added)
    if as_json:
        write_json(playbook_views.comparison(found))
        return is_same
    pinned = "pinned" if found.is_pinned else "by name only"
    sys.stdout.write(
        f"{found.playbook_id} version {found.version} ({pinned}): {found.steps_done} of {found.steps} done\n"
    )
    for missing in found.missing:
        sys.stdout.write(f"missing       {missing.stage}: {missing.name}{' (cancelled)' * missing.is_cancelled}\n")
    for entry in found.out_of_order:
        sys.stdout.write(f"out of order  {entry.name} went ahead of {entry.before_name}\n")
    for added in found.added:
        sys.stdout.write(f"added         {added.stage}: {added.name}\n")
    for task in found.reestimated:
        sys.stdout.write(
            f"re-estimated  {task.name}: {_hours(task.effort_hours)} h for {_hours(task.playbook_hours)} h\n"
        )
    for gate in found.stages:
        for held in (*gate.entry, *gate.exit):
            if gate.is_hard and held.is_met is False:
                sys.stdout.write(f"held          {held.sentence}\n")
    return is_same


def start_project(ground: Ground, slug: str, asked: Asked, *, is_preview: bool, as_json: bool) -> None:
    """`leeway project start`."""
    tenant = ground.tenants.find(slug)
    order = _order(ground, tenant, asked)
    around = around_of(ground, tenant.tenant_id)
    if is_preview:
        plan = preview(ground.log, tenant.tenant_id, order, around)
        if as_json:
            write_json(playbook_views.plan(plan, order.playbook_id, "admin"))
        else:
            _show_plan(plan.version.template.success_milestone, plan)
        return
    started = start(ground.log, tenant.tenant_id, order, around, _caller(ground, tenant))
    ground.settle(tenant.tenant_id)
    if as_json:
        write_json(started)
        return
    verb = "is started from" if started.is_new else "was there already, started from"
    sys.stdout.write(f"Project {started.project_id} {verb} {started.playbook_id} version {started.version}.\n")


def enter(ground: Ground, slug: str, project_id: str, stage: str, override: str) -> None:
    """`leeway project enter`."""
    tenant = ground.tenants.find(slug)
    key = ground.clock.new_id()
    caller = _caller(ground, tenant)
    held = enter_stage(ground.log, tenant.tenant_id, project_id, stage, caller, key=key, reason=override)
    ground.settle(tenant.tenant_id)
    sys.stdout.write(f"The project is in {stage}.\n")
    for condition in held:
        sys.stdout.write(f"overridden: {condition.sentence}\n")


def _read(path: Path) -> PlaybookDraft:
    if not path.is_file():
        raise NotFound("no_such_file", "There is no such file.", where=str(path))
    read = read_json if path.suffix == ".json" else read_toml
    return read(path.read_bytes(), path.name)


def _trial(draft: PlaybookDraft) -> Plan:
    """A start without any answer that could be left out, in a plain week."""
    version = PlaybookVersion(
        version=1,
        name=draft.name,
        summary=draft.summary,
        template=draft.template,
        fee=draft.fee,
        published_at=datetime(2026, 3, 2, tzinfo=UTC),
        published_by=None,
        event_id="",
    )
    open_ones = {question.key: question.options[0] for question in draft.template.questions if not question.default}
    order = Order(draft.playbook_id, draft.name, TRIAL_DAY, "trial", "trial", answers=open_ones)
    return plan_of(version, order, Around(TenantState()))


def _order(ground: Ground, tenant: Tenant, asked: Asked) -> Order:
    state = ground.tenant_state(tenant.tenant_id)
    source, _, external_id = asked.ref.partition(":") if asked.ref else ("terminal", "", "")
    if asked.ref and not external_id:
        raise Invalid("bad_ref", f"{asked.ref!r} names no deal.", remedy="Write --ref crm:D-4711.")
    return Order(
        playbook_id=asked.playbook_id,
        version=asked.version,
        name=asked.name or asked.playbook_id,
        contract_signed_on=_day(asked.contract_signed, "--contract-signed"),
        kickoff_on=_day(asked.kickoff, "--kickoff") if asked.kickoff else None,
        go_live_on=_day(asked.go_live, "--go-live") if asked.go_live else None,
        answers=_pairs(asked.answers, "--answer sso=yes"),
        owners={role: _party(state, who) for role, who in _pairs(asked.owners, "--owner role=PERSON").items()},
        customer_id=_customer(state, asked.customer) if asked.customer else None,
        manager_id=_party(state, asked.manager) if asked.manager else None,
        fee=_amount(asked.fee) if asked.fee else None,
        source=source,
        external_id=external_id or fact_id(tenant.tenant_id, source, ground.clock.new_id()),
    )


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("bad_date", f"{option} is {text!r}.", remedy=f"Write {option} YYYY-MM-DD.") from error


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Invalid("bad_number", f"--fee is {text!r}.", remedy="Write --fee 12500.00.") from error


def _pairs(texts: Iterable[str], form: str) -> dict[str, str]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise Invalid("bad_option", f"{text!r} says nothing.", remedy=f"Write {form}.")
        found[name] = value
    return found


def _party(state: TenantState, who: str) -> str:
    """A person or contact by id, by the source's id, or by a name that only one has."""
    fitting = [
        party.party_id
        for party in state.parties.values()
        if who in {party.party_id, party.external_id} or who.casefold() == party.name.casefold()
    ]
    return fitting[0] if len(fitting) == 1 else who


def _customer(state: TenantState, who: str) -> str:
    fitting = [
        customer.customer_id
        for customer in state.customers.values()
        if who in {customer.customer_id, customer.external_id} or who.casefold() == customer.name.casefold()
    ]
    return fitting[0] if len(fitting) == 1 else who


def _caller(ground: Ground, tenant: Tenant) -> Caller:
    return Caller(ACTOR, tenant.now(ground.clock), ground.clock.now())


def _show_plan(success_milestone: str, plan: Plan) -> None:
    price, dates = plan.price, plan.dates
    rows = [
        ("contract signed", f"{dates.contract_signed_on}"),
        ("kickoff", f"{dates.kickoff_on}"),
        ("go-live planned", f"{plan.go_live_on}"),
        ("go-live promised", f"{plan.target_on} ({plan.leeway_days:+d} working days of leeway)"),
        (success_milestone.lower(), f"{plan.success_on}"),
        ("tasks", f"{len(plan.tasks)}, hours of ours {_hours(price.hours)}"),
        ("fee", f"{price.fee or 'none'} {price.currency}"),
        ("margin", _margin(plan)),
        ("critical path", " > ".join(plan.critical_path)),
    ]
    _table(("", ""), rows)


def _margin(plan: Plan) -> str:
    price = plan.price
    if price.margin is None:
        known = len(price.roles) > len(price.unrated) > 0
        return f"not known: no rate for {', '.join(price.unrated)}" if known else "not known without rates"
    floor = f", below the floor of {price.margin_floor:.0%}" if price.is_below_floor else ""
    return f"{price.margin:.1%} at a cost of {price.cost}{floor}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=None, padding=(0, 1), show_edge=False, show_header=any(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Text, not markup: names may hold brackets.
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)


def _hours(hours: Decimal) -> str:
    return f"{hours.normalize():f}"


def _after(links: Sequence[msgspec.Struct]) -> str:
    return ", ".join(str(getattr(link, "on", "")) for link in links)
