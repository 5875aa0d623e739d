"""The facts of a project that starts from a playbook. Pure: the same order gives the same facts, ids included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from plan.calendar import Calendar
from plan.playbook.gates import in_words
from plan.playbook.order import Order
from plan.playbook.planning import Plan, PlannedTask
from store.events import (
    AllocationBooked,
    BaselineApproved,
    Fact,
    ProjectCreated,
    ProjectPlaybookPinned,
    ProjectStageChanged,
    ScopeItemAdded,
    StageDefined,
    TaskCreated,
    TaskLinked,
)
from store.ids import (
    AllocationId,
    CustomerId,
    EventId,
    PartyId,
    PersonId,
    PlaybookId,
    ProjectId,
    TaskId,
    TenantId,
    entity_id,
    fact_id,
)

BASELINE = "start"
QUARTER = Decimal("0.25")
LONGEST_DAY = Decimal(24)

Keyed = tuple[tuple[str, ...], Fact]
"""A fact with what makes it unique among the facts of the start."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the ids of one start come about: from the tenant, the playbook's version and the deal."""

    tenant_id: TenantId
    order: Order
    playbook_id: str
    version: int

    @property
    def project_id(self) -> ProjectId:
        """One deal, one project, whichever playbook it starts from."""
        return ProjectId(entity_id(self.tenant_id, "project", self.order.source, self.order.external_id))

    def external(self, key: str) -> str:
        """What a record of the project is called outside: unique per source."""
        return f"{self.order.external_id}/{self.playbook_id}@{self.version}/{key}"

    def record(self, kind: str, key: str) -> str:
        """The id of a record of the project."""
        return entity_id(self.tenant_id, kind, self.order.source, self.external(key))

    def event(self, *key: str) -> EventId:
        """The id of a fact of the start."""
        return fact_id(self.tenant_id, "playbook", self.project_id, self.playbook_id, str(self.version), *key)


def facts_of(plan: Plan, order: Order, names: Names, calendar: Calendar) -> list[tuple[EventId, Fact]]:
    """Everything that a start records, in the order in which it can be folded."""
    groups = (
        _frame(plan, order, names),
        _stages(plan, order, names),
        _scope(plan, names),
        _tasks(plan, names),
        _links(plan, names),
        _bookings(plan, names, calendar),
    )
    return [(names.event(*key), fact) for group in groups for key, fact in group]


def _frame(plan: Plan, order: Order, names: Names) -> Iterator[Keyed]:
    price, template, project_id = plan.price, plan.version.template, names.project_id
    yield (
        ("project",),
        ProjectCreated(
            project_id=project_id,
            external_id=order.external_id,
            customer_id=CustomerId(order.customer_id) if order.customer_id else None,
            name=order.name,
            playbook=names.playbook_id,
            manager_id=PersonId(order.manager_id) if order.manager_id else None,
            contract_signed_on=order.contract_signed_on,
            fee_type=plan.version.fee.fee_type,
            fee=price.fee,
            currency=price.currency,
            budget_hours=price.hours,
            sold_margin=price.margin,
            margin_floor=price.margin_floor,
            baseline_go_live_on=plan.target_on,
            success_milestone=template.success_milestone,
        ),
    )
    yield (
        ("pin",),
        ProjectPlaybookPinned(
            project_id=project_id,
            playbook_id=PlaybookId(names.playbook_id),
            version=names.version,
            answers=dict(plan.choice.answers),
            modules=tuple(module.key for module in plan.choice.modules),
            owners={role: PartyId(party) for role, party in order.owners.items()},
            contract_signed_on=plan.dates.contract_signed_on,
            kickoff_on=plan.dates.kickoff_on,
            go_live_on=plan.target_on,
        ),
    )


def _stages(plan: Plan, order: Order, names: Names) -> Iterator[Keyed]:
    titles = {task.key: task.name for task in plan.choice.tasks}
    for position, stage in enumerate(plan.version.template.stages, start=1):
        owner = order.owners.get(stage.owner)
        yield (
            ("stage", stage.stage),
            StageDefined(
                project_id=names.project_id,
                stage=stage.stage,
                position=position,
                owner_id=PartyId(owner) if owner else None,
                entry="; ".join(in_words(condition, titles) for condition in stage.entry),
                exit="; ".join(in_words(condition, titles) for condition in stage.exit),
            ),
        )
    yield ("entered",), ProjectStageChanged(project_id=names.project_id, stage=plan.version.template.stages[0].stage)


def _scope(plan: Plan, names: Names) -> Iterator[Keyed]:
    for item in plan.choice.scope_items:
        yield (
            ("scope", item.key),
            ScopeItemAdded(
                scope_item_id=names.record("scope_item", item.key),
                external_id=names.external(item.key),
                project_id=names.project_id,
                text=item.text,
                hours=item.hours,
            ),
        )


def _tasks(plan: Plan, names: Names) -> Iterator[Keyed]:
    for planned in plan.tasks:
        task = planned.task
        yield (
            ("task", task.key),
            TaskCreated(
                task_id=TaskId(names.record("task", task.key)),
                external_id=names.external(task.key),
                project_id=names.project_id,
                stage=task.stage,
                name=task.name,
                track=task.track,
                owner_id=PartyId(planned.owner_id) if planned.owner_id else None,
                role=task.role,
                effort_hours=task.effort_hours or None,
                planned_start_on=planned.starts_on,
                due_on=planned.due_on,
                scope_item_id=names.record("scope_item", task.scope_item) if task.scope_item else None,
                playbook_task=task.key,
                milestone=task.milestone,
                is_billable=task.is_billable and task.track == "internal",
            ),
        )
    yield (
        ("baseline",),
        BaselineApproved(
            project_id=names.project_id,
            name=BASELINE,
            start_on=plan.dates.contract_signed_on,
            due_on=plan.target_on,
            effort_hours=plan.price.hours,
            cost=plan.price.cost,
        ),
    )


def _links(plan: Plan, names: Names) -> Iterator[Keyed]:
    for planned in plan.tasks:
        for number, link in enumerate(planned.task.after):
            yield (
                ("link", planned.task.key, str(number)),
                TaskLinked(
                    task_id=TaskId(names.record("task", planned.task.key)),
                    project_id=names.project_id,
                    depends_on_id=TaskId(names.record("task", link.on)),
                    link=link.type,
                    lag_days=Decimal(link.lag_days),
                ),
            )


def _bookings(plan: Plan, names: Names, calendar: Calendar) -> Iterator[Keyed]:
    """One soft booking per role and stage, spread over the days of its tasks, rounded up to quarters of an hour."""
    ours = {row.role for row in plan.price.roles}
    groups: dict[tuple[str, str], list[PlannedTask]] = {}
    for planned in plan.tasks:
        if planned.task.role in ours and planned.task.effort_hours > 0:
            groups.setdefault((planned.task.role, planned.task.stage), []).append(planned)
    for (role, stage), work in groups.items():
        first, last = min(task.starts_on for task in work), max(task.due_on for task in work)
        days = max(calendar.index(last) - calendar.index(first) + int(calendar.is_working_day(first)), 1)
        hours = sum((task.task.effort_hours for task in work), Decimal(0)) / days
        owner, key = work[0].owner_id, f"{role}/{stage}"
        yield (
            ("booking", role, stage),
            AllocationBooked(
                allocation_id=AllocationId(names.record("allocation", key)),
                external_id=names.external(key),
                person_id=PersonId(owner) if owner else None,
                role=role,
                project_id=names.project_id,
                starts_on=first,
                ends_on=last,
                hours_per_day=min((hours / QUARTER).to_integral_value(ROUND_CEILING) * QUARTER, LONGEST_DAY),
                firmness="soft",
            ),
        )
