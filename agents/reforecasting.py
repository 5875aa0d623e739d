"""Saying anew what a month will bring, and moving what it cannot bring to the month in which it can. Pure.

Neither go-live nor margin moves: what is forecast changes, not what is earned. The effect is the
forecast of each month before and after, read off the folded facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from agents.acting import Args, Hand, Inputs
from agents.world import World, after
from plan.months import Month, month_of
from store.errors import Invalid
from store.events import Effect, Fact, Number, RevenueForecastMade
from store.ids import ProjectId
from store.projections.projects.state import ProjectState

RE_FORECAST = "re_forecast"
NOTHING = Decimal("0.00")
OVER = frozenset({"closed", "cancelled"})


def args_for(project: ProjectState, revenue: Mapping[Month, Decimal], currency: str) -> dict[str, str]:
    """The arguments: per month the revenue that is forecast from now on."""
    months = " ".join(f"{month}={amount}" for month, amount in sorted(revenue.items()))
    return {"project_id": project.project_id, "revenue": months, "currency": currency}


def in_force(project: ProjectState) -> dict[Month, Decimal]:
    """The last forecast of each month."""
    return {f.period: f.revenue for f in sorted(project.forecasts, key=lambda f: f.made_on)}


def facts(world: World, _kind: str, args: Args) -> list[Fact]:
    """One forecast per month."""
    return [_made(world, args["project_id"], month, amount, args["currency"]) for month, amount in _revenue(args)]


def _made(world: World, project_id: str, month: Month, revenue: Decimal, currency: str) -> RevenueForecastMade:
    return RevenueForecastMade(
        project_id=ProjectId(project_id), made_on=world.as_of, period=month, revenue=revenue, currency=currency
    )


def _revenue(args: Args) -> list[tuple[Month, Decimal]]:
    try:
        return [(month, Decimal(amount)) for month, _, amount in (p.partition("=") for p in args["revenue"].split())]
    except InvalidOperation as error:
        raise Invalid(
            "malformed_action",
            f"{args['revenue']!r} are no amounts per month.",
            remedy="Write them as YYYY-MM=AMOUNT, separated by blanks.",
        ) from error


def _project(world: World, args: Args) -> ProjectState:
    return world.projects.get(args["project_id"]) or ProjectState(project_id=args["project_id"])


def effect(world: World, kind: str, args: Args, _inputs: Inputs) -> Effect:
    """No days, no margin; as figures what each month is forecast to bring afterwards."""
    said = in_force(_project(after(world, facts(world, kind, args)), args))
    figures = [
        Number(name=f"forecast_{month}", value=said.get(month, NOTHING), unit=args["currency"])
        for month, _ in _revenue(args)
    ]
    return Effect(days=Decimal(0), margin=NOTHING, currency=args["currency"], numbers=tuple(figures))


def problems(world: World, _kind: str, args: Args, _inputs: Inputs) -> list[str]:
    """Why it may not be said now."""
    project, revenue = _project(world, args), _revenue(args)
    found = []
    if project.status in OVER:
        found.append("The project is over.")
    if any(month < month_of(world.as_of) for month, _ in revenue):
        found.append("It would forecast a month that has passed.")
    if any(not amount.is_finite() or amount < 0 for _, amount in revenue):
        found.append("A forecast is no negative amount.")
    if all(in_force(project).get(month) == amount for month, amount in revenue):
        found.append("This is what is forecast already.")
    return found


def sentence(world: World, _kind: str, args: Args, _effect: Effect) -> str:
    """What is forecast from now on, month by month."""
    was = in_force(_project(world, args))
    parts = [
        f"{month} {amount} {args['currency']} instead of {was.get(month, NOTHING)} {args['currency']}"
        for month, amount in _revenue(args)
    ]
    return f"Forecast {', '.join(parts)}. Go-live stays. Margin stays."


def _touched(_kind: str, args: Args) -> tuple[set[str], set[str]]:
    return set(), {args["project_id"]}


def _edited(_kind: str, args: Args, changes: Args) -> dict[str, str]:
    if set(changes) != {"revenue"}:
        raise Invalid(
            "not_editable",
            "Of a forecast only the revenue per month can be edited.",
            remedy="Send revenue as YYYY-MM=AMOUNT, separated by blanks.",
        )
    edited = {**args, "revenue": changes["revenue"]}
    _revenue(edited)
    return edited


def _undo(before: World, done: Sequence[Fact]) -> list[Fact]:
    """The former forecasts again; nothing where there was none."""
    made = [fact for fact in done if isinstance(fact, RevenueForecastMade)]
    return [
        _made(
            before,
            fact.project_id,
            fact.period,
            in_force(before.projects[fact.project_id]).get(fact.period, NOTHING),
            fact.currency,
        )
        for fact in made
    ]


HAND = Hand((RE_FORECAST,), _touched, facts, effect, problems, _edited, sentence, _undo)
