"""Inline SVG for the replay's report: no script, no network; colours come from the page's own properties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from evals.replay.figures import OURS, Band, Bin
from evals.replay.outcomes import Ending
from evals.replay.scores import Said

WIDTH, HEIGHT, LEFT, FOOT = 460, 300, 44, 40
TIMELINE_WIDTH, TIMELINE_HEIGHT, LANE = 900, 84, 14


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Mean probability against the share that was late; the dot's area is the number of scores."""
    most = max((one.rows for one in bins), default=1)
    parts = [_axes("predicted", "late in fact"), _line([(_x(0), _y(0)), (_x(1), _y(1))], "faint dashed")]
    for one in bins:
        radius = 3 + 9 * (one.rows / most) ** 0.5
        title = f"{one.rows} scores, predicted {one.mean_probability:.2f}, late {one.late_share:.2f}"
        parts.append(_dot(_x(one.mean_probability), _y(one.late_share), radius, title))
    parts.append(_line([(_x(one.mean_probability), _y(one.late_share)) for one in bins], "ours"))
    return _svg(parts, "Reliability diagram")


def bands_chart(bands: Sequence[Band]) -> str:
    """AUC by weeks before the date, ours and each rule's."""
    step = (WIDTH - LEFT - 20) / max(len(bands) - 1, 1)
    places = [LEFT + 10 + index * step for index in range(len(bands))]
    parts = [
        _axes("weeks before the date", "AUC", has_ticks=False),
        _line([(LEFT, _y(0.5)), (WIDTH, _y(0.5))], "faint"),
    ]
    ticks = zip(places, bands, strict=True)
    parts += [_text(place, HEIGHT - FOOT + 16, band.weeks_before, "middle") for place, band in ticks]
    for number, name in enumerate(bands[0].auc if bands else ()):
        known = [(x, band.auc[name]) for x, band in zip(places, bands, strict=True)]
        points = [(x, _y(value)) for x, value in known if value is not None]
        style = "ours" if name == OURS else f"rule r{number}"
        parts.append(_line(points, style))
        parts += [_dot(x, y, 3.5, f"{name}: AUC {1 - (y - 10) / (HEIGHT - FOOT - 10):.2f}", style) for x, y in points]
    return _svg(parts, "AUC by weeks before the date")


def histogram(values: Sequence[int], title: str) -> str:
    """How many alerts came how many working days before the harm; right of zero is before."""
    edges = list(range(-20, 45, 5))
    counts = [sum(_bin(value, edges) == index for value in values) for index in range(len(edges))]
    most, width = max([*counts, 1]), (WIDTH - LEFT - 10) / len(edges)
    parts = [_line([(LEFT, HEIGHT - FOOT), (WIDTH, HEIGHT - FOOT)], "faint")]
    for index, (edge, count) in enumerate(zip(edges, counts, strict=True)):
        height = (HEIGHT - FOOT - 20) * count / most
        x, y = LEFT + index * width, HEIGHT - FOOT - height
        style = "bar" if edge >= 0 else "bar late"
        parts.append(f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{height:.1f}"/>')
        if count:
            parts.append(_text(x + width / 2, y - 4, str(count), "middle"))
        parts.append(_text(x, HEIGHT - FOOT + 14, str(edge), "middle"))
    parts.append(_text((WIDTH + LEFT) / 2, HEIGHT - 6, "working days before the harm", "middle"))
    return _svg(parts, title)


def timeline(said: Sequence[Said], alerts: Sequence[dict[str, Any]], ending: Ending | None) -> str:
    """One project: the score week by week, its first date and its go-live, and the alerts below as they lived."""
    first_on = said[0].look.as_of_on
    baseline_on = said[-1].look.week.baseline_on
    live_on = ending.live_on if ending else None
    last_on = max(day for day in (said[-1].look.as_of_on, baseline_on, live_on) if day)
    span = max((last_on - first_on).days, 1)

    def at(day: dt.date) -> float:
        return 6 + (TIMELINE_WIDTH - 12) * min(max((day - first_on).days / span, 0), 1)

    known = [(one.look.as_of_on, one.probability_late) for one in said]
    lanes = {kind: TIMELINE_HEIGHT + LANE * row for row, kind in enumerate(dict.fromkeys(a["kind"] for a in alerts))}
    height = TIMELINE_HEIGHT + LANE * len(lanes) + 18
    parts = [_line([(6, 76 - 70 * share), (TIMELINE_WIDTH - 6, 76 - 70 * share)], "faint") for share in (0, 0.5, 1)]
    for day, style, name in ((baseline_on, "first dashed", "first plan's date"), (live_on, "live", "live")):
        if day:
            parts.append(_line([(at(day), 4), (at(day), height - 18)], style, f"{name} {day}"))
    parts.append(_line([(at(day), 76 - 70 * p) for day, p in known if p is not None], "ours"))
    parts += [_alert(alert, at, lanes[alert["kind"]], last_on) for alert in alerts]
    parts += [_text(6, y + 9, kind, "start", "lane") for kind, y in lanes.items()]
    parts.append(_text(6, height - 4, first_on.isoformat(), "start"))
    parts.append(_text(TIMELINE_WIDTH - 6, height - 4, last_on.isoformat(), "end"))
    return (
        f'<svg class="timeline" viewBox="0 0 {TIMELINE_WIDTH} {height}" role="img" '
        f'aria-label="Timeline">{"".join(parts)}</svg>'
    )


def _alert(alert: dict[str, Any], at: Any, y: float, last_on: dt.date) -> str:
    raised = dt.date.fromisoformat(alert["raised_at"][:10])
    cleared = dt.date.fromisoformat(alert["cleared_at"][:10]) if alert["cleared_at"] else last_on
    x, width = at(raised), max(at(cleared) - at(raised), 3)
    until = cleared.isoformat() if alert["cleared_at"] else "open"
    title = escape(f"{alert['kind']} {raised} to {until}: {alert['claim']}")
    return (
        f'<rect class="alert {alert["severity"]}" x="{x:.0f}" y="{y}" width="{width:.0f}" height="9" rx="2">'
        f"<title>{title}</title></rect>"
    )


def _x(share: float) -> float:
    return LEFT + (WIDTH - LEFT - 10) * share


def _y(share: float) -> float:
    return HEIGHT - FOOT - (HEIGHT - FOOT - 10) * share


def _axes(below: str, beside: str, *, has_ticks: bool = True) -> str:
    parts = [_line([(LEFT, 10), (LEFT, HEIGHT - FOOT), (WIDTH, HEIGHT - FOOT)], "faint")]
    shares = (0, 0.25, 0.5, 0.75, 1)
    parts += [_text(LEFT - 6, _y(share) + 4, f"{share:g}", "end") for share in shares]
    parts += [_text(_x(share), HEIGHT - FOOT + 16, f"{share:g}", "middle") for share in shares if has_ticks]
    parts.append(_text((WIDTH + LEFT) / 2, HEIGHT - 6, below, "middle"))
    middle = (HEIGHT - FOOT) / 2
    parts.append(
        f'<text x="12" y="{middle:.0f}" text-anchor="middle" transform="rotate(-90 12 {middle:.0f})">{beside}</text>'
    )
    return "".join(parts)


def _line(points: Iterable[tuple[float, float]], style: str, title: str = "") -> str:
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    inner = f"<title>{escape(title)}</title>" if title else ""
    return f'<polyline class="{style}" points="{path}">{inner}</polyline>'


def _dot(x: float, y: float, radius: float, title: str, style: str = "ours") -> str:
    return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(title)}</title></circle>'


def _text(x: float, y: float, text: str, anchor: str, style: str = "") -> str:
    return f'<text class="{style}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(parts: Iterable[str], title: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _bin(value: int, edges: Sequence[int]) -> int:
    return max([index for index, edge in enumerate(edges) if edge <= value], default=0)
