"""The fields of a project's frame that a `ProjectFieldChanged` gives another value. Pure.

Ids and dates of promise have facts of their own; what is not named here is kept in the log and not interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import get_args

from store.events.projects import FeeType

Value = str | Decimal | None


def _text(value: str) -> Value:
    return value.strip()


def _figure(value: str) -> Value:
    if not value.strip():
        return None
    try:
        figure = Decimal(value.strip())
    except InvalidOperation as error:
        raise ValueError("expected a number such as 12000.50") from error
    if not figure.is_finite():
        raise ValueError("expected a finite number")
    return figure


def _fee_type(value: str) -> Value:
    if value.strip() not in {"", *get_args(FeeType)}:
        raise ValueError(f"expected one of {', '.join(get_args(FeeType))}")
    return value.strip() or None


FRAME_FIELDS: Mapping[str, Callable[[str], Value]] = {
    "name": _text,
    "success_milestone": _text,
    "currency": _text,
    "fee_type": _fee_type,
    "fee": _figure,
    "budget_hours": _figure,
    "sold_margin": _figure,
    "margin_floor": _figure,
}
"""Field -> what its text means; raises `ValueError` with what was expected."""
