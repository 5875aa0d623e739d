"""How far a go-live reaches: the committed day, the plan's forecast, and the days from P50 to P80. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

WIDTH, HEIGHT = 132, 14
BEFORE, AFTER = 21, 63
"""Calendar days drawn before and after the committed day."""
EDGE = 3.0


@dataclass(frozen=True, slots=True)
class Reach:
    """Places along x; the committed day stands at the same place in every drawing.

    `spare_width` is the part of the band up to the committed day, `late_width` what lies after it.
    `is_cut`: something lies beyond the drawing's end and is drawn at its edge.
    """

    committed_x: float | None
    forecast_x: float | None
    band_x: float
    spare_width: float
    late_width: float
    is_late: bool
    is_cut: bool


def reach(
    committed_on: dt.date | None, forecast_on: dt.date | None, p50_on: dt.date | None, p80_on: dt.date | None
) -> Reach | None:
    """The drawing; None where there is no forecast. Without a committed day the forecast takes its place."""
    if forecast_on is None:
        return None
    middle = committed_on or forecast_on
    first, last = (_x(on, middle) for on in (p50_on or forecast_on, p80_on or forecast_on))
    at = _x(middle, middle)
    split = min(max(at, first), last) if committed_on else last
    return Reach(
        committed_x=at if committed_on else None,
        forecast_x=_x(forecast_on, middle),
        band_x=first,
        spare_width=round(split - first, 1),
        late_width=round(last - split, 1),
        is_late=committed_on is not None and forecast_on > committed_on,
        is_cut=any(on is not None and not _fits(on, middle) for on in (forecast_on, p50_on, p80_on)),
    )


def _fits(on: dt.date, middle: dt.date) -> bool:
    return -BEFORE <= (on - middle).days <= AFTER


def _x(on: dt.date, middle: dt.date) -> float:
    days = min(max((on - middle).days, -BEFORE), AFTER)
    return round(EDGE + (days + BEFORE) / (BEFORE + AFTER) * (WIDTH - 2 * EDGE), 1)
