"""A revenue forecast is found when its month cannot bring it any more, however well things go."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from risk.detectors import forecast_not_credible
from risk.findings import Finding
from store.projections.projects.state import RevenueForecast, Task
from tests.risk.detectors.staging import figures, on, task, view


def forecast(period: str, revenue: int, *, made: int = 0, name: str = "forecast") -> RevenueForecast:
    return RevenueForecast(made_on=on(made), period=period, revenue=Decimal(revenue), currency="EUR", event_id=name)


def work(hours: int) -> Task:
    build = task("build", "internal", owner=None, milestone="go_live")
    build.effort_hours = Decimal(hours)
    return build


def found(*forecasts: RevenueForecast, day: int = 0, hours: int = 40, **more: Any) -> list[Finding]:
    """Ten thousand for a hundred hours: a hundred an hour."""
    frame = {"fee": Decimal(10_000), "budget_hours": Decimal(100), "fee_type": "fixed", "currency": "EUR", **more}
    return forecast_not_credible.detect(view(work(hours), day=day, forecasts=list(forecasts), **frame))


def test_a_month_whose_work_cannot_earn_its_forecast_is_found() -> None:
    """40 h left earn 4,000 at the most; 8,000 were forecast."""
    (finding,) = found(forecast("2024-03", 8000))
    numbers: dict[str, Any] = figures(finding)
    assert (numbers["most_possible"], numbers["shortfall"], numbers["shortfall_percent"]) == (4000, 4000, 50)
    assert finding.subject_ids == ("project-1", "2024-03")
    assert finding.evidence[0] == "forecast"
    assert finding.may_raise


def test_a_month_that_can_still_earn_it_is_none() -> None:
    assert found(forecast("2024-03", 4000)) == []


def test_between_the_two_thresholds_an_open_alert_stays_and_none_is_raised() -> None:
    """4,000 of 5,500 are 27.3 % short."""
    (finding,) = found(forecast("2024-03", 5500))
    assert not finding.may_raise


def test_the_last_forecast_of_a_month_counts() -> None:
    assert found(forecast("2024-03", 8000, made=-3), forecast("2024-03", 4000)) == []


def test_forecasts_made_long_before_and_months_far_ahead_are_not_held() -> None:
    assert found(forecast("2024-03", 8000, made=-70)) == []
    assert found(forecast("2024-05", 8000)) == []


def test_small_change_is_not_shown() -> None:
    assert found(forecast("2024-03", 400), hours=1) == []


def test_what_is_over_is_left_alone() -> None:
    assert found(forecast("2024-03", 8000), status="closed") == []


def test_a_subscription_that_goes_live_after_the_month_earns_nothing_in_it() -> None:
    """200 h are 25 working days from 4 March: go-live in April."""
    late = task("build", "internal", owner=None, milestone="go_live", due=40)
    late.effort_hours = Decimal(200)
    frame: dict[str, Any] = {"fee": Decimal(10_000), "fee_type": "subscription", "currency": "EUR"}
    (finding,) = forecast_not_credible.detect(view(late, day=0, forecasts=[forecast("2024-03", 900)], **frame))
    assert figures(finding)["most_possible"] == 0
    assert "go_live_after_month" in finding.inputs["reasons"]


def test_the_bias_of_earlier_forecasts_is_told() -> None:
    """Nothing was worked in February: what was forecast for it was 100 % too much."""
    (finding,) = found(forecast("2024-02", 1000, made=-30), forecast("2024-03", 8000))
    assert figures(finding)["earlier_bias_percent"] == 100
