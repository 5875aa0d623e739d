"""Cards: one per subject, the same whatever the order, short lines, nothing of money for those who may not see it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cards import LONGEST_HEADLINE, card, cards, materiality, severity_of, subject_of, subject_of_alert
from agents.causes import LONGEST_LINE, amount, cause_of, figure
from store.events import Number, ProposedAction
from store.events.alerts import Effect
from store.projections.alerts.fold import AlertState

ON = dt.date(2026, 9, 11)
UNITS = {
    "impossible_timeline": {"days_short": "working days"},
    "overdue_critical": {"overdue_days": "working days", "overdue_tasks": "tasks", "leeway_days": "working days"},
    "blocker": {"age_days": "working days", "float_days": "working days", "blocked_tasks": "tasks"},
    "approval_ageing": {"age_days": "working days", "waiting_approvals": "approvals", "float_days": "working days"},
    "customer_silent": {"silent_days": "working days", "waiting_items": "items"},
    "late_risk": {"late_probability": "%"},
    "go_live_slipped": {"slips": "times", "slipped_days": "working days"},
    "margin_drift": {"drift_points": "points", "margin_forecast": "%", "margin_sold": "%", "variance": "EUR"},
    "eac_over_budget": {"eac_cost": "EUR", "budget_cost": "EUR", "eac_cost_percent": "%", "eac_hours_percent": "%"},
    "scope_drift": {"unapproved_hours": "h"},
    "forecast_not_credible": {"shortfall": "EUR", "shortfall_percent": "%"},
    "over_allocation": {"hours_over": "h", "booked_hours": "h", "capacity_hours": "h", "windows_over": "days"},
    "a_kind_of_tomorrow": {},
}


def alert(kind: str, name: str = "a1", project: str = "p1", others: tuple[str, ...] = (), **figures: str) -> AlertState:
    numbers = tuple(
        Number(name=figure_name, value=Decimal(figures.get(figure_name, "0")), unit=unit)
        for figure_name, unit in UNITS[kind].items()
    )
    return AlertState(
        alert_id=name,
        kind=kind,
        severity=figures.get("severity", "high"),
        project_id=project,
        other_project_ids=others,
        subject_ids=("u1",),
        numbers=numbers,
    )


def offered(state: AlertState, action: str, **args: str) -> AlertState:
    made = ProposedAction(
        proposal_id=f"{state.alert_id}-{action}", action=action, args=args, sentence="", effect=Effect()
    )
    state.proposals = (*state.proposals, made)
    return state


values = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2).map(str)


@st.composite
def alerts(draw: st.DrawFn) -> list[AlertState]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(sorted(UNITS)))
        figures = {name: draw(values) for name in UNITS[kind]}
        project, others = draw(st.sampled_from(["p1", "p2", ""])), draw(st.sampled_from([(), ("p3",)]))
        severity = draw(st.sampled_from(["low", "medium", "high", "critical"]))
        state = alert(kind, f"a{number}", project, others, severity=severity, **figures)
        if kind == "scope_drift":
            offered(state, "raise_change_order", amount=draw(values), currency="EUR")
        found.append(state)
    return found


@given(alerts(), st.randoms(use_true_random=False))
def test_every_alert_is_a_cause_on_one_card_and_their_order_changes_nothing(
    found: list[AlertState], chance: object
) -> None:
    made = cards(found, ON)
    assert sorted(cause.alert_id for each in made for cause in each.causes) == sorted(a.alert_id for a in found)
    assert len({each.card_id for each in made}) == len(made)
    assert {each.subject for each in made} == {subject_of_alert(a) for a in found}
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cards(shuffled, ON) == made


@given(alerts())
def test_headlines_and_lines_are_short_and_name_no_ids(found: list[AlertState]) -> None:
    for each in cards(found, ON):
        assert 0 < len(each.headline) <= LONGEST_HEADLINE
        assert all(0 < len(cause.line) <= LONGEST_LINE for cause in each.causes)


@given(alerts())
def test_who_may_not_see_money_sees_the_same_cards_without_it(found: list[AlertState]) -> None:
    full, plain = cards(found, ON), cards(found, ON, may_see_money=False)
    assert [(c.card_id, c.severity, c.ways_out) for c in full] == [(c.card_id, c.severity, c.ways_out) for c in plain]
    for each in plain:
        said = " ".join([each.headline, *(cause.line + cause.short for cause in each.causes)])
        assert "EUR" not in said
        assert each.money_at_stake is None
        assert [cause.money for cause in each.causes] == [None] * len(each.causes)
        assert "points" not in said


@given(alerts())
def test_another_cause_never_lowers_what_is_at_stake(found: list[AlertState]) -> None:
    subject = subject_of_alert(found[0])
    own = [a for a in found if subject_of_alert(a) == subject]
    fewer, more = card(subject, own[:1], ON), card(subject, own, ON)
    assert (more.days_at_stake or 0) >= (fewer.days_at_stake or 0)
    assert (more.money_at_stake or 0) >= (fewer.money_at_stake or 0)


stakes = st.none() | st.decimals(min_value=0, max_value=10**7, places=2)


@given(stakes, stakes, stakes)
def test_more_days_or_more_money_never_weigh_less(money: Decimal | None, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one or Decimal(0), other or Decimal(0)))
    assert materiality(less, money) <= materiality(more, money)
    assert materiality(money, less) <= materiality(money, more)


def test_a_person_across_projects_has_a_card_and_on_one_project_is_its_cause() -> None:
    across = alert("over_allocation", others=("p2",))
    assert subject_of_alert(across).card_id == "person:u1"
    assert subject_of_alert(alert("over_allocation")).card_id == "project:p1"
    assert subject_of_alert(alert("blocker", others=("p2",))).card_id == "project:p1"
    assert subject_of("hidden_dependency", [""], []).card_id == "portfolio:hidden_dependency"


def test_a_card_says_date_and_money_of_its_gravest_causes() -> None:
    found = [
        alert("overdue_critical", "a1", overdue_days="7", overdue_tasks="3", leeway_days="-4"),
        alert(
            "margin_drift", "a2", drift_points="-19.40", margin_forecast="28.6", margin_sold="48.0", variance="-2794.25"
        ),
        alert("go_live_slipped", "a3", slips="3", slipped_days="52"),
    ]
    (made,) = cards(found, ON)
    assert made.headline == "Goes live 4 days late; margin 19 points down"
    assert [cause.line for cause in made.causes] == [
        "Overdue on the critical path: 3 tasks, by 7 days; go-live 4 days late",
        "Margin 28.6 % of 48 % sold",
        "Go-live moved 3 times already, 52 days in all",
    ]
    assert (made.days_at_stake, made.money_at_stake, made.currency) == (Decimal(4), Decimal("2794.25"), "EUR")


@pytest.mark.parametrize(
    ("severity", "days", "money", "said"),
    [
        ("high", "-3", "0", "high"),
        ("high", "-2", "0", "medium"),
        ("high", "0", "-2500", "high"),
        ("high", "0", "-2499.99", "medium"),
        ("critical", "0", "0", "critical"),
        ("medium", "-30", "-90000", "medium"),
        ("low", "0", "0", "low"),
    ],
)
def test_high_needs_three_days_or_money_at_stake(severity: str, days: str, money: str, said: str) -> None:
    causes = [
        cause_of(alert("overdue_critical", leeway_days=days, severity=severity)),
        cause_of(alert("margin_drift", variance=money, severity="low")),
    ]
    assert severity_of(causes) == said


def test_the_same_escalation_on_every_cause_is_one_way_out() -> None:
    one, two = (offered(alert("late_risk", name), "escalate", to_id="") for name in ("a1", "a2"))
    assert cards([one, two], ON)[0].ways_out == 1
    offered(two, "nudge", to_id="c1")
    assert cards([one, two], ON)[0].ways_out == 2


def test_figures_read_as_people_say_them() -> None:
    assert amount(Decimal("10282.25"), "EUR") == "10,282 EUR"
    assert [figure(Decimal(n)) for n in ("48.0", "28.64", "1234567.5", "-3")] == ["48", "28.6", "1,234,567.5", "-3"]


def test_an_alert_without_its_figures_says_its_kind() -> None:
    bare = AlertState(alert_id="a1", kind="margin_drift", severity="high", project_id="p1")
    assert cause_of(bare).line == "Margin drift"
