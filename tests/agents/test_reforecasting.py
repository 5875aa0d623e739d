"""A forecast said anew changes what is forecast, neither days nor margin; undone, the former one stands again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents import reforecasting
from agents.reforecasting import HAND, RE_FORECAST
from agents.world import World, after
from store.errors import Invalid
from store.ids import tenant_id_of
from store.projections.projects.state import ProjectState, RevenueForecast
from store.projections.tenants.fold import TenantState
from tests.plan.test_timeline import DAY, MONDAY, at

ARGS = {"project_id": "project", "revenue": "2024-03=4000 2024-04=5000", "currency": "EUR"}


def world(status: str = "active") -> World:
    """9,000 are forecast for March."""
    march = RevenueForecast(made_on=MONDAY - DAY, period="2024-03", revenue=Decimal(9000), currency="EUR", event_id="f")
    project = ProjectState(project_id="project", external_id="P", status=status, forecasts=[march])
    return World(tenant_id_of("t"), TenantState(), {}, {"project": project}, at(MONDAY), MONDAY)


def said(here: World) -> dict[str, Decimal]:
    return reforecasting.in_force(here.projects["project"])


def test_money_moves_between_months_and_nothing_else_does() -> None:
    offer = HAND.offered(world(), RE_FORECAST, ARGS, {})
    assert offer.is_feasible
    assert (int(offer.effect.days), offer.effect.margin) == (0, Decimal("0.00"))
    figures = {number.name: int(number.value) for number in offer.effect.numbers}
    assert figures == {"forecast_2024-03": 4000, "forecast_2024-04": 5000}


def test_the_effect_is_what_applying_it_makes() -> None:
    here = world()
    later = after(here, HAND.facts(here, RE_FORECAST, ARGS))
    assert said(later) == {"2024-03": Decimal(4000), "2024-04": Decimal(5000)}


def test_undone_the_former_forecasts_stand_again() -> None:
    here = world()
    done = HAND.facts(here, RE_FORECAST, ARGS)
    back = after(after(here, done), HAND.undo(here, done))
    assert said(back) == {"2024-03": Decimal(9000), "2024-04": Decimal("0.00")}


def test_the_past_is_not_forecast() -> None:
    args = {**ARGS, "revenue": "2024-02=1"}
    assert HAND.problems(world(), RE_FORECAST, args, {}) == ["It would forecast a month that has passed."]


def test_what_is_forecast_already_is_not_said_again() -> None:
    assert HAND.problems(world(), RE_FORECAST, {**ARGS, "revenue": "2024-03=9000"}, {})


def test_a_project_that_is_over_has_no_forecast() -> None:
    assert "The project is over." in HAND.problems(world("closed"), RE_FORECAST, ARGS, {})


def test_amounts_that_are_none_are_refused() -> None:
    with pytest.raises(Invalid):
        HAND.edited(RE_FORECAST, ARGS, {"revenue": "2024-03=much"})
