"""From baselines to what the API says of them; cost goes only to roles that may see money. Pure."""

from __future__ import annotations

from decimal import Decimal

from api import baseline_shapes as shapes
from api.deps import Moment
from api.shapes import Money
from api.texts import plain
from api.views import as_of
from plan.baselines.commands import Held, Named
from plan.baselines.measuring import Figures, TaskVariance
from store.access import Role, may_see


def brief(named: Named) -> shapes.BaselineBrief:
    """A baseline without its figures."""
    taken = named.taken
    return shapes.BaselineBrief(
        name=named.name,
        kind="taken" if taken else "sent",
        at=named.at,
        taken_at=taken.taken_at if taken else None,
        basis=None if taken is None else "recorded" if taken.basis == "recorded" else "position",
        position=taken.position if taken else None,
        go_live_on=named.go_live_on,
        approval=taken.approval if taken else "",
        actor_id=taken.actor_id if taken else None,
        event_id=taken.event_id if taken else None,
    )


def variance(held: Held, project_id: str, moment: Moment, role: Role) -> shapes.BaselineVariance:
    """A plan held against a baseline, as a caller of this role may see it."""
    found = held.variance
    return shapes.BaselineVariance(
        project_id=project_id,
        as_of=as_of(moment),
        baseline=brief(held.baseline),
        planned=_figures(held.base, role),
        present=_figures(held.present, role),
        go_live_days=found.go_live_days,
        hours=_hours(found.hours),
        cost=_money(found.cost, held.present.currency, role),
        tasks=[_task(each) for each in found.tasks],
        missing=list(found.missing) if may_see(role, "money") else [],
    )


def _figures(figures: Figures, role: Role) -> shapes.PlanFiguresOut:
    return shapes.PlanFiguresOut(
        go_live_on=figures.go_live_on,
        hours=_hours(figures.hours),
        cost=_money(figures.cost, figures.currency, role),
        task_count=len(figures.lines),
    )


def _task(found: TaskVariance) -> shapes.TaskVarianceOut:
    return shapes.TaskVarianceOut(
        task_id=found.task_id,
        name=found.name,
        change=found.change,
        starts_days=found.starts_days,
        due_days=found.due_days,
        hours=_hours(found.hours),
    )


def _hours(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else Decimal(plain(hours))


def _money(amount: Decimal | None, currency: str, role: Role) -> Money | None:
    return Money(amount=plain(amount), currency=currency) if amount is not None and may_see(role, "money") else None
