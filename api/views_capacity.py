"""From capacities, sheets and delays to what the API says of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import add

import msgspec

from api import shapes
from api import shapes_capacity as forms
from api.deps import Moment
from api.measuring import Capacities, Roster
from api.texts import plain
from api.views import as_of, named
from plan.attribution import Delay
from plan.calendar import NO_HOURS
from plan.onboarding.journey import Behind
from plan.onboarding.shares import Punctuality, Share
from plan.onboarding.sheet import Sheet
from plan.weeks import Cell, summed
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState


def capacity(found: Capacities, moment: Moment) -> forms.Capacity:
    """People, roles and all of them together; then what nobody fills, and who is booked for what."""
    rosters = found.rosters
    by_role = {r.person.role: [o.cells for o in rosters if o.person.role == r.person.role] for r in rosters}
    tenant, window = found.tenant, found.window
    return forms.Capacity(
        as_of=as_of(moment),
        first=window.first,
        last=window.last,
        grain=window.grain,
        people=[_row(named(tenant, roster.person.person_id), roster.person.role, roster.cells) for roster in rosters],
        roles=[_row(None, role, summed(rows)) for role, rows in sorted(by_role.items())],
        total=_row(None, "", summed([roster.cells for roster in rosters])) if rosters else None,
        unfilled=[
            forms.Unfilled(
                role=vacancy.role,
                placeholder_hours=[_hours(hours) for hours in vacancy.placeholder_hours],
                unowned_effort_hours=_hours(vacancy.unowned_hours),
            )
            for vacancy in found.vacancies
        ],
        gaps=[gap for roster in rosters for gap in _gaps(roster, found)],
    )


def _row(person: shapes.Named | None, role: str, cells: Sequence[Cell]) -> forms.CapacityRow:
    whole = reduce(add, cells)
    return forms.CapacityRow(person=person, role=role, cells=[_cell(cell) for cell in cells], total=_cell(whole))


def _hours(value: Decimal) -> Decimal:
    return Decimal(plain(value))


def _cell(cell: Cell) -> forms.CapacityCell:
    actual = cell.actual
    return forms.CapacityCell(
        starts_on=cell.starts_on,
        ends_on=cell.ends_on,
        contracted_hours=_hours(cell.contracted),
        holiday_hours=_hours(cell.holiday),
        time_off_hours=_hours(cell.time_off),
        capacity_hours=_hours(cell.capacity),
        hard_hours=_hours(cell.hard),
        soft_hours=_hours(cell.soft),
        logged_hours=None if cell.logged is None else _hours(cell.logged),
        scheduled_utilisation=cell.scheduled.share,
        actual_utilisation=actual.share if actual else None,
        has_hours_without_capacity=cell.scheduled.has_hours_without_capacity
        or (cell.capacity == NO_HOURS and bool(cell.logged)),
        is_over_allocated=cell.is_over_allocated,
        hours_over=_hours(cell.over),
    )


def _gaps(roster: Roster, found: Capacities) -> list[forms.Gap]:
    person = named(found.tenant, roster.person.person_id)
    return [
        forms.Gap(
            person=person,
            project=shapes.Named(id=gap.project_id, name=found.project_names.get(gap.project_id, gap.project_id)),
            allocated_hours=_hours(gap.allocated),
            effort_hours=_hours(gap.effort),
            logged_hours=_hours(gap.logged),
            unbooked_hours=_hours(gap.unbooked),
            booked_before_hours=_hours(gap.booked_before),
            logged_before_hours=_hours(gap.logged_before),
        )
        for gap in roster.gaps
        if person is not None
    ]


def metrics(found: Sheet, tenant: TenantState, moment: Moment) -> forms.Metrics:
    """The sheet, with names."""
    value = found.time_to_value
    burden = found.burden
    return forms.Metrics(
        as_of=as_of(moment),
        first=found.period.first,
        last=found.period.last,
        projects=found.projects,
        time_to_value=forms.TimeToValue(
            median_days=value.median_days,
            reason=value.reason,
            quarter_days=value.quarter_days,
            three_quarters_days=value.three_quarters_days,
            median_with_hold_days=value.median_with_hold_days,
            hold_days=value.hold_days,
            signed=value.signed,
            reached=value.reached,
            open=value.open,
            cancelled=value.cancelled,
            left_out=value.left_out,
            curve=[forms.CurvePoint(days=point.days, share=point.share) for point in value.curve],
            projects=_behind(value.projects),
        ),
        on_time=forms.OnTime(
            original=_punctuality(found.on_time.original), current=_punctuality(found.on_time.current)
        ),
        customer_tasks=_part(found.customer_tasks),
        escalations=_part(found.escalations),
        burden=forms.Burden(
            managers=[
                forms.ManagerLoad(
                    manager=named(tenant, load.manager_id),
                    load=load.load,
                    weighted=load.weighted,
                    unweighted=load.unweighted,
                    mean_load=load.mean_load,
                    due=load.due,
                    on_time=load.on_time,
                    is_above_capacity=load.is_above_capacity,
                    projects=_behind(load.projects),
                )
                for load in burden.managers
            ],
            capacity=msgspec.convert(burden.capacity, forms.ManagerCapacity, from_attributes=True),
        ),
        portal_adoption=_part(found.portal_adoption),
        delays=forms.Delays(
            days=found.delays.days,
            by_cause={cause.value: days for cause, days in found.delays.by_cause.items()},
            reason=found.delays.reason,
            projects=_behind(found.delays.projects),
        ),
        statuses=dict(found.statuses),
        trend=[msgspec.convert(tick, forms.Month, from_attributes=True) for tick in found.trend],
    )


def _behind(projects: Sequence[Behind]) -> list[forms.BehindFigure]:
    return [forms.BehindFigure(id=p.project_id, name=p.name, outcome=p.outcome, days=p.days) for p in projects]


def _part(found: Share) -> forms.Part:
    return forms.Part(
        share=found.share,
        reason=found.reason,
        count=found.count,
        of=found.of,
        projects=_behind(found.projects),
    )


def _punctuality(found: Punctuality) -> forms.Punctuality:
    return forms.Punctuality(
        share=found.share,
        reason=found.reason,
        due=found.due,
        on_time=found.on_time,
        late=found.late,
        overdue=found.overdue,
        on_hold=found.on_hold,
        cancelled=found.cancelled,
        projects=_behind(found.projects),
    )


def delay(found: Delay, project: ProjectState, moment: Moment) -> forms.Delay:
    """A project's slip with the tasks of each lost day."""
    tasks = project.tasks
    return forms.Delay(
        project_id=project.project_id,
        as_of=as_of(moment),
        original_go_live_on=found.original_on,
        current_go_live_on=found.current_on,
        ends_on=found.ends_on,
        is_final=found.is_final,
        slipped_days=found.slipped_days,
        committed_days=found.committed_days,
        won_back_days=found.won_back_days,
        reason=found.reason,
        by_cause={cause.value: days for cause, days in found.by_cause.items()},
        days=[
            forms.LostDay(
                day=lost.day,
                causes=[cause.value for cause in lost.causes],
                tasks=[shapes.Named(id=i, name=tasks[i].name) for i in lost.task_ids],
            )
            for lost in found.days
        ],
        is_signed_off=False,
    )
