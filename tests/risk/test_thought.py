"""What is thought of a project: the range of its go-live with what it rests on, its margins, its waits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from plan.calendar import weekly
from plan.network import forecast_of
from risk.commands import Outlook, Thought, outlook_of, think_of
from risk.estimators import Fitting
from risk.model import Model, NotFitted
from risk.outlook import Band
from risk.training import train
from tests.risk.detectors.staging import on, task, view
from tests.risk.portfolio import START, TENANT_ID, portfolio

NO_MODEL = NotFitted(reason="no_model", sentence="No model has been fitted.")
CALENDAR = weekly("UTC", range(1, 6), Decimal(8))
NO_MODEL = NotFitted(reason="no_model", sentence="No model.")


def model() -> Model:
    found = train(portfolio().sealed(), TENANT_ID, as_of=START + dt.timedelta(days=400), fitting=Fitting())
    assert isinstance(found, Model)
    return found


def test_the_outlook_is_the_plan_and_how_far_such_plans_were_off() -> None:
    made = view(task("live", "internal", owner=None, due=11, milestone="go_live"), day=0)
    forecast = forecast_of(made.project, made.tenant, made.calendars, on(0))
    assert forecast is not None
    known = msgspec.structs.replace(model(), bands=(Band(from_days=0, p50_days=1, p80_days=5, projects=9),))
    found = outlook_of(forecast, known, CALENDAR, on(0))
    assert found.forecast_on == forecast.go_live_on == on(11)
    assert (found.p50_on, found.p80_on, found.projects) == (on(14), on(18), 9)
    assert found.no_range == ""


def test_a_range_that_cannot_be_told_says_why() -> None:
    made = view(task("live", "internal", owner=None, due=11, milestone="go_live"), day=0)
    forecast = forecast_of(made.project, made.tenant, made.calendars, on(0))
    none_known = outlook_of(forecast, NO_MODEL, CALENDAR, on(0))
    assert (none_known.p50_on, none_known.p80_on, none_known.no_range) == (None, None, "too_few_projects")
    assert outlook_of(None, NO_MODEL, CALENDAR, on(0)) == Outlook(no_range="no_forecast")


def test_a_thought_without_people_has_waits_and_no_margins() -> None:
    made = view(task("t", asked=0, due=1), day=4)
    thought = think_of(made.project, made.tenant, made.now, ("", NO_MODEL))
    assert thought.money is None
    assert [one.age_days for one in thought.waiting] == [4]


def test_what_an_older_version_stored_can_still_be_read() -> None:
    made = view(task("t", asked=0, due=1), day=4)
    thought = think_of(made.project, made.tenant, made.now, ("", NO_MODEL), {})
    stored = msgspec.json.decode(msgspec.json.encode(thought))
    for name in ("money", "waiting"):
        del stored[name]
    for name in ("p50_on", "p80_on", "projects", "no_range"):
        del stored["outlook"][name]
    assert msgspec.convert(stored, Thought).score == thought.score
