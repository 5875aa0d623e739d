"""An alert as a cause on a card: its kind in words with the one number that decides, days and money at stake. Pure.

Days at stake are working days by which go-live moves, as far as the alert's own figures tell; of a person booked
too much, the days of work that have no room. Money at stake is what the alert's own figures say would be lost, come
later or not be paid. Where the figures say nothing, nothing is put in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from store.events import Number
from store.projections.alerts.fold import AlertState

LONGEST_LINE = 80
HOURS_OF_A_DAY = Decimal(8)
TENTH = Decimal("0.1")
Figures = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Cause:
    """One alert on its card.

    `line` says it whole, `short` in a headline; `topic` is date, people, scope or money, `place` its turn in
    a headline. `plain_line` and `plain_short` say the same without money.
    """

    alert_id: str
    kind: str
    severity: str
    topic: str
    place: int
    line: str
    short: str
    days: Decimal | None
    money: Decimal | None
    currency: str
    plain_line: str
    plain_short: str

    def without_money(self) -> Cause:
        """The cause for those who may not see money."""
        return replace(self, line=self.plain_line, short=self.plain_short, money=None, currency="")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one alert is read. `plain_line` is only given where the line itself tells of money."""

    line: str
    short: str
    days: Decimal | None = None
    money: Decimal | None = None
    currency: str = ""
    plain_line: str = ""
    plain_short: str = ""


def cause_of(alert: AlertState) -> Cause:
    """The alert as a cause; of a kind that is not known here, its kind alone."""
    figures = {number.name: number for number in alert.numbers}
    place, topic, read = _KINDS.get(alert.kind, (len(_KINDS), alert.kind, _unknown))
    try:
        found = read(alert, figures)
    except KeyError:
        found = _unknown(alert, figures)
    return Cause(
        alert_id=alert.alert_id,
        kind=alert.kind,
        severity=alert.severity,
        topic=topic,
        place=place,
        line=found.line[:LONGEST_LINE],
        short=found.short,
        days=found.days if found.days and found.days > 0 else None,
        money=found.money if found.money and found.money > 0 else None,
        currency=found.currency,
        plain_line=(found.plain_line or found.line)[:LONGEST_LINE],
        plain_short=found.plain_short or found.short,
    )


def days(value: Decimal) -> str:
    """`1 day`, `4 days`, `2.6 days`."""
    return f"{figure(value)} day{'' if value == 1 else 's'}"


def figure(value: Decimal) -> str:
    """A figure with at most one decimal place, thousands apart."""
    rounded = value.quantize(TENTH, ROUND_HALF_UP)
    return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded:,}"


def amount(value: Decimal, currency: str) -> str:
    """`10,282 EUR`: whole units, as people say it."""
    return f"{value.quantize(Decimal(1), ROUND_HALF_UP):,} {currency}".strip()


def _count(number: Number, one: str, many: str = "") -> str:
    return f"{figure(number.value)} {one if number.value == 1 else many or one + 's'}"


def _unknown(alert: AlertState, _figures: Figures) -> Reading:
    words = alert.kind.replace("_", " ").strip().capitalize() or "Something to look at"
    return Reading(words, words)


def _impossible(_alert: AlertState, figures: Figures) -> Reading:
    short = figures["days_short"].value
    if short <= 0:
        return Reading("The date cannot be kept: a role is short of hours", "Date cannot be kept", None)
    return Reading(
        f"The date cannot be kept: {days(short)} short", f"Date cannot be kept, {days(short)} short", days=short
    )


def _overdue(_alert: AlertState, figures: Figures) -> Reading:
    overdue, tasks, leeway = figures["overdue_days"].value, figures["overdue_tasks"], figures.get("leeway_days")
    late = -leeway.value if leeway else overdue
    said = f"Overdue on the critical path: {_count(tasks, 'task')}, by {days(overdue)}"
    if leeway is None or late <= 0:
        return Reading(said, f"{_count(tasks, 'critical task')} {days(overdue)} overdue", days=max(late, Decimal(0)))
    return Reading(f"{said}; go-live {days(late)} late", f"Goes live {days(late)} late", days=late)


def _blocked(_alert: AlertState, figures: Figures) -> Reading:
    age, spare = figures["age_days"].value, figures["float_days"].value
    moves = age - max(spare, Decimal(0))
    room = f"{days(spare)} of float" if spare > 0 else "no float"
    return Reading(
        f"{_count(figures['blocked_tasks'], 'task')} blocked for {days(age)} with {room}",
        f"Blocked for {days(age)}",
        days=moves,
    )


def _ageing(_alert: AlertState, figures: Figures) -> Reading:
    age, spare = figures["age_days"].value, figures.get("float_days")
    moves = age - max(spare.value, Decimal(0)) if spare else None
    waits = _count(figures["waiting_approvals"], "approval waits", "approvals wait")
    return Reading(f"{waits}, the oldest for {days(age)}", f"Approval waits {days(age)}", days=moves)


def _silent(_alert: AlertState, figures: Figures) -> Reading:
    silent = figures["silent_days"].value
    waits = _count(figures["waiting_items"], "item waits", "items wait")
    said = f"Customer silent for {days(silent)}"
    return Reading(f"{said} while {waits}", said, days=silent)


def _late(_alert: AlertState, figures: Figures) -> Reading:
    percent = figure(figures["late_probability"].value)
    return Reading(f"{percent} % likely to go live late, by the score", f"{percent} % likely to go live late")


def _slipped(_alert: AlertState, figures: Figures) -> Reading:
    times, slipped = figures["slips"], figures["slipped_days"].value
    return Reading(
        f"Go-live moved {_count(times, 'time')} already, {days(slipped)} in all",
        f"Go-live moved {_count(times, 'time')}",
    )


def _over(alert: AlertState, figures: Figures) -> Reading:
    over, booked, capacity = figures["hours_over"].value, figures.get("booked_hours"), figures.get("capacity_hours")
    windows = figures.get("windows_over")
    where = f" over {_count(windows, windows.unit.removesuffix('s'))}" if windows and windows.value != 1 else ""
    against = f": {figure(booked.value)} h booked, {figure(capacity.value)} h there" if booked and capacity else ""
    room = (over / HOURS_OF_A_DAY).quantize(TENTH, ROUND_HALF_UP)
    said = f"{figure(over)} h too many{where}"
    is_on_one = not {*alert.other_project_ids} - {alert.project_id}
    return Reading(f"{said}{against}", f"One person has {said}" if is_on_one else said, days=room)


def _scope(alert: AlertState, figures: Figures) -> Reading:
    hours = figures["unapproved_hours"].value
    price, currency = _price(alert)
    worth = f", worth {amount(price, currency)}" if price else ""
    plain = f"{figure(hours)} h beyond what was sold, nobody approved them"
    return Reading(
        f"{plain}{worth}",
        f"{figure(hours)} h of unsold work",
        money=price,
        currency=currency,
        plain_line=plain,
    )


def _price(alert: AlertState) -> tuple[Decimal | None, str]:
    """What the change order that is proposed would bring."""
    for offer in alert.proposals:
        if offer.action == "raise_change_order" and offer.args.get("amount"):
            return Decimal(offer.args["amount"]), offer.args.get("currency", "")
    return None, ""


def _margin(_alert: AlertState, figures: Figures) -> Reading:
    drift, forecast, sold = figures["drift_points"].value, figures["margin_forecast"], figures["margin_sold"]
    lost, currency = figures.get("variance"), figures["variance"].unit if "variance" in figures else ""
    return Reading(
        f"Margin {figure(forecast.value)} % of {figure(sold.value)} % sold",
        f"Margin {figure(abs(drift).quantize(Decimal(1), ROUND_HALF_UP))} points down",
        money=-lost.value if lost else None,
        currency=currency,
        plain_line="The margin falls below what was sold",
        plain_short="Margin below what was sold",
    )


def _budget(alert: AlertState, figures: Figures) -> Reading:
    prefix, verb = ("eac", "Will come to") if alert.inputs.get("basis") != "actual" else ("actual", "Has come to")
    cost, budget = figures.get(f"{prefix}_cost"), figures.get("budget_cost")
    hours, percent = figures.get(f"{prefix}_hours_percent"), figures.get(f"{prefix}_cost_percent")
    over = cost.value - budget.value if cost and budget else None
    plain = f"{verb} {figure(hours.value)} % of the budgeted hours" if hours else "More than its budget"
    if over is None or over <= 0 or cost is None or percent is None:
        return Reading(plain, _hours_over(figures, prefix))
    return Reading(
        f"{verb} {figure(percent.value)} % of its budget, {amount(over, cost.unit)} over",
        f"{amount(over, cost.unit)} over budget",
        money=over,
        currency=cost.unit,
        plain_line=plain,
        plain_short=_hours_over(figures, prefix),
    )


def _hours_over(figures: Figures, prefix: str) -> str:
    hours, budget = figures.get(f"{prefix}_hours"), figures.get("budget_hours")
    if hours is None or budget is None or hours.value <= budget.value:
        return "Over budget"
    return f"{figure(hours.value - budget.value)} h over budget"


def _forecast(_alert: AlertState, figures: Figures) -> Reading:
    short, percent = figures["shortfall"], figure(figures["shortfall_percent"].value)
    said = f"{percent} % of the month's forecast cannot come"
    return Reading(
        f"{said}: {amount(short.value, short.unit)}",
        f"{amount(short.value, short.unit)} will not come",
        money=short.value,
        currency=short.unit,
        plain_line="The month's revenue forecast cannot come true",
        plain_short="Forecast cannot come true",
    )


_READERS: tuple[tuple[str, str, Callable[[AlertState, Figures], Reading]], ...] = (
    ("impossible_timeline", "date", _impossible),
    ("overdue_critical", "date", _overdue),
    ("blocker", "date", _blocked),
    ("approval_ageing", "date", _ageing),
    ("customer_silent", "date", _silent),
    ("late_risk", "date", _late),
    ("margin_drift", "money", _margin),
    ("eac_over_budget", "money", _budget),
    ("scope_drift", "scope", _scope),
    ("forecast_not_credible", "money", _forecast),
    ("over_allocation", "people", _over),
    ("go_live_slipped", "date", _slipped),
)
"""Kind, topic, reader; in the order in which a headline takes them."""
_KINDS = {kind: (place, topic, read) for place, (kind, topic, read) in enumerate(_READERS)}
