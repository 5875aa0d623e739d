"""The finance agent says a forecast anew where there is a month for the money, and asks for a decision where not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agents.finance.graph import work_up
from agents.finance.redating import month_for
from agents.world import World
from risk.detectors import eac_over_budget, forecast_not_credible
from risk.detectors.view import ProjectView
from risk.findings import Finding
from store.ids import tenant_id_of
from tests.risk.detectors.staging import at, on, task, view
from tests.risk.detectors.test_eac_over_budget import worked
from tests.risk.detectors.test_forecast_not_credible import forecast, work


def world_of(seen: ProjectView) -> World:
    return World(tenant_id_of("t"), seen.tenant, {}, {"project-1": seen.project}, seen.now, seen.as_of)


def short(**more: Any) -> tuple[World, Finding]:
    """8,000 forecast for March, 4,000 possible."""
    frame = {"fee": Decimal(10_000), "budget_hours": Decimal(100), "fee_type": "fixed", "currency": "EUR", **more}
    seen = view(work(40), day=0, forecasts=[forecast("2024-03", 8000)], **frame)
    (finding,) = forecast_not_credible.detect(seen)
    return world_of(seen), finding


def test_what_march_cannot_bring_is_forecast_for_april() -> None:
    alert = work_up(*short())
    (offer,) = alert["proposals"]
    assert offer["action"] == "re_forecast"
    revenue = dict(pair.split("=") for pair in offer["args"]["revenue"].split())
    assert {month: Decimal(amount) for month, amount in revenue.items()} == {"2024-03": 4000, "2024-04": 4000}
    assert "cannot come true" in alert["claim"]
    assert "4000" in alert["claim"]


def test_where_the_fee_is_used_up_the_money_goes_nowhere() -> None:
    """98 of 100 h were worked in February: 200 are left, whatever is still to do."""
    spent = worked(98, "build")
    spent.worked_on = on(-5)
    alert = work_up(*short(time=[spent]))
    assert "used up" in alert["claim"]
    (offer,) = alert["proposals"]
    assert "2024-04" not in offer["args"]["revenue"]


def test_the_money_goes_to_the_month_of_the_go_live() -> None:
    _, finding = short()
    later = Finding(**{**_fields(finding), "inputs": {**finding.inputs, "go_live_on": "2024-06-03"}})
    assert month_for(later) == "2024-06"


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in finding.__struct_fields__}


def over_budget() -> tuple[World, Finding]:
    done, build = task("done", "internal", owner=None, asked=-9, done=-1), task("build", "internal", owner=None)
    done.effort_hours, build.effort_hours = Decimal(80), Decimal(40)
    seen = view(done, build, day=0, budget_hours=Decimal(100), time=[worked(80)])
    (finding,) = eac_over_budget.detect(seen)
    return world_of(seen), finding


def test_a_budget_that_will_not_do_is_put_before_whoever_decides() -> None:
    alert = work_up(*over_budget())
    assert [offer["action"] for offer in alert["proposals"]] == ["escalate"]
    assert "will come to more than its budget" in alert["claim"]


def test_a_finding_without_evidence_goes_no_further() -> None:
    world, finding = over_budget()
    with pytest.raises(ValueError, match="no evidence"):
        work_up(world, Finding(**{**_fields(finding), "evidence": ()}))


def test_the_alert_carries_the_findings_own_figures() -> None:
    world, finding = short()
    alert = work_up(world, finding)
    assert [Decimal(n["value"]) for n in alert["numbers"]] == [n.value for n in finding.numbers]
    assert alert["as_of"] == at(0).date().isoformat()
