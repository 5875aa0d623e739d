"""The eval of customer_silent, on what a replay wrote; its incidents are counted by the replay's own table."""

from __future__ import annotations

from collections.abc import Sequence

from evals.rules import Row, Worth, worth
from risk.detectors.customer_silent import KIND


def measured(alerts: Sequence[Row], truth: Sequence[Row]) -> Worth:
    """How often the projects it warned of were late, beside all others."""
    return worth(KIND, alerts, truth)
