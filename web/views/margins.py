"""A project's margin as a person reads it, for those who may see money. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from risk.margins import Margins
from store.access import MAY_SEE_MONEY, Role
from web.words import HARD, MINUS, amount

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the bridge from the margin sold to the forecast: its words, and the points it takes or gives."""

    words: str
    text: str
    is_loss: bool
    is_sum: bool


@dataclass(frozen=True, slots=True)
class MarginLine:
    """Margins as text; `forecast` is empty where it is not assessed, and `missing` says why."""

    forecast: str
    sold: str
    floor: str
    points: str
    is_lost: bool
    is_below_floor: bool
    stake: str
    eac: str
    budget: str
    missing: Sequence[str]
    steps: Sequence[Step]


def margin_line(money: Margins | None, role: Role) -> MarginLine | None:
    """The margin of a project; None where there is none, or the role may not see it."""
    if money is None or role not in MAY_SEE_MONEY:
        return None
    return MarginLine(
        forecast=percent(money.forecast),
        sold=percent(money.sold),
        floor=percent(money.floor),
        points=_points(money.points),
        is_lost=money.points is not None and money.points < 0,
        is_below_floor=money.is_below_floor,
        stake=whole(money.stake, money.currency) if money.stake else "",
        eac=whole(money.eac, money.currency),
        budget=whole(money.budget, money.currency),
        missing=money.missing,
        steps=_bridge(money),
    )


def percent(share: Decimal | None) -> str:
    """`28.6 %`; nothing where it is not known."""
    return "" if share is None else f"{(share * HUNDRED).quantize(TENTH)}{HARD}%".replace("-", MINUS)


def whole(value: Decimal | None, currency: str) -> str:
    """`2 794 EUR`, whole units; nothing where it is not known."""
    return "" if value is None else amount(round(value), currency)


def _points(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{abs(value).quantize(TENTH)}{HARD}points"
    return f"{MINUS if value < 0 else '+'}{text}"


def _bridge(money: Margins) -> list[Step]:
    """Sold, what the plan's own efforts and prices make of it, what running over makes of that, the forecast."""
    if money.sold is None or money.planned is None or money.forecast is None:
        return []
    parts = (
        ("by the plan's efforts, rates and expenses", money.planned - money.sold),
        ("by work that takes longer or shorter than planned", money.forecast - money.planned),
    )
    changes = [Step(words, _points(share * HUNDRED), is_loss=share < 0, is_sum=False) for words, share in parts]
    ends = [
        Step(words, percent(share), is_loss=False, is_sum=True)
        for words, share in (("Sold", money.sold), ("Forecast", money.forecast))
    ]
    return [ends[0], *changes, ends[1]]
