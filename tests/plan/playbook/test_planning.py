"""When a playbook's tasks happen, and what the project costs and brings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import weekly
from plan.playbook.order import Around
from plan.playbook.planning import Plan, plan_of
from plan.playbook.reading import PlaybookDraft
from store.errors import Invalid, LeewayError, NotFound
from store.events import RateSet
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import CalendarEntry, CustomerEntry, PartyEntry, TenantState
from tests.plan.playbook.templates import SHIPPED, SIGNED, drafted, drafts, order, shipped, version_of

WEEK = weekly("UTC", (1, 2, 3, 4, 5), Decimal(8))


def party(party_id: str, customer_id: str | None = None, employment: str = "staff") -> PartyEntry:
    return PartyEntry(
        party_id=party_id,
        external_id="",
        name=party_id,
        email="",
        role="",
        customer_id=customer_id,
        employment=employment,
    )


def tenant(**changes: Any) -> TenantState:
    customers = {
        name: CustomerEntry(
            customer_id=name,
            external_id="",
            name=name,
            segment="",
            timezone="",
            calendar_id="short" if name == "c1" else None,
        )
        for name in ("c1", "c2")
    }
    parties = [party("ann"), party("robot", employment="integration"), party("kim", "c1"), party("lee", "c2")]
    state = TenantState(customers=customers, parties={entry.party_id: entry for entry in parties}, **changes)
    eight, none = Decimal(8), Decimal(0)
    state.calendars["short"] = CalendarEntry(
        calendar_id="short",
        name="Tuesday to Thursday",
        timezone="UTC",
        weekday_hours=(none, eight, eight, eight, none, none, none),
        holidays=(),
    )
    return state


def rated(role: str, kind: Any, amount: int) -> RateSet:
    return RateSet(
        role=role, kind=kind, amount_per_hour=Decimal(amount), currency="EUR", valid_from=dt.date(2020, 1, 1)
    )


RATES = [
    rated("lead", "cost", 60),
    rated("builder", "cost", 50),
    rated("lead", "bill", 150),
    rated("builder", "bill", 140),
]


def planned(**changes: Any) -> Plan:
    return plan_of(version_of(drafted()), order(**changes), Around(tenant()))


def days(plan: Plan) -> dict[str, tuple[dt.date, dt.date]]:
    return {task.task.key: (task.starts_on, task.due_on) for task in plan.tasks}


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def test_tasks_lie_where_their_anchors_and_links_put_them() -> None:
    plan = planned()
    assert (plan.dates.contract_signed_on, plan.dates.kickoff_on) == (march(2), march(9))
    assert days(plan) == {
        "file": (march(2), march(2)),
        "meet": (march(9), march(9)),
        "build": (march(10), march(12)),
        "send": (march(10), march(13)),
        "agree": (march(13), march(13)),
        "live": (march(16), march(16)),
        "value": (march(19), march(19)),
    }
    assert plan.critical_path == ("meet", "build", "agree", "live")
    assert (plan.go_live_on, plan.target_on, plan.leeway_days) == (march(16), dt.date(2026, 4, 6), 15)
    assert plan.success_on == plan.ends_on == march(19)


def test_an_answer_adds_its_block() -> None:
    plan = planned(answers={"sso": "yes"})
    assert days(plan)["connect"] == (march(10), march(17))
    assert days(plan)["agree"] == (march(18), march(18))
    assert plan.price.fee == Decimal(11500)
    assert (plan.dates.go_live_on - planned().dates.go_live_on).days == 2


def test_a_named_day_stands_and_leeway_is_held_against_it() -> None:
    plan = planned(kickoff_on=march(10), go_live_on=march(13))
    assert days(plan)["meet"] == (march(10), march(10))
    assert (plan.go_live_on, plan.target_on, plan.leeway_days) == (march(17), march(13), -2)


def test_an_anchor_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert planned(contract_signed_on=dt.date(2026, 2, 28)).tasks == planned().tasks


def test_a_contact_works_on_their_own_days() -> None:
    plan = planned(customer_id="c1", owners={"client": "kim"})
    assert days(plan)["send"] == (march(11), march(18))
    assert days(plan)["agree"] == (march(17), march(17))


def test_margin_is_revenue_less_cost_at_the_rates_in_force() -> None:
    plan = plan_of(version_of(drafted()), order(), Around(tenant(rates=RATES)))
    # Lead 3 h x 60, builder 24 h x 50.
    assert (plan.price.cost, plan.price.revenue) == (Decimal("1380.00"), Decimal(10000))
    assert plan.price.margin == Decimal("0.8620")
    assert not plan.price.is_below_floor
    assert plan_of(version_of(drafted()), order(fee=Decimal(2000)), Around(tenant(rates=RATES))).price.is_below_floor


def test_time_and_material_is_worth_what_is_billed_up_to_its_cap() -> None:
    draft = drafted()
    fee = type(draft.fee)(fee_type="time_and_material", currency="EUR", margin_floor=None)
    version = version_of(draft)
    version.fee = fee
    around = Around(tenant(rates=RATES))
    assert plan_of(version, order(), around).price.revenue == Decimal("3810.00")
    assert plan_of(version, order(fee=Decimal(3000)), around).price.revenue == Decimal(3000)


def test_an_owner_costs_their_own_rate_and_a_role_the_mean_of_its_people() -> None:
    people = {
        name: PersonState(person_id=name, role=role, cost_rate=Decimal(rate), currency="EUR")
        for name, role, rate in (("ann", "builder", 40), ("bob", "builder", 80), ("cid", "lead", 50))
    }
    plan = plan_of(version_of(drafted()), order(), Around(tenant(), people))
    assert plan.price.cost == Decimal(3 * 50 + 24 * 60)
    own = plan_of(version_of(drafted()), order(owners={"builder": "ann"}), Around(tenant(), people))
    assert own.price.cost == Decimal(3 * 50 + 24 * 40)


def test_a_role_without_a_rate_leaves_the_margin_open() -> None:
    price = plan_of(version_of(drafted()), order(), Around(tenant(rates=RATES[:1]))).price
    assert (price.cost, price.margin, price.unrated) == (None, None, ("builder",))


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"name": " "}, "bad_name", "name"),
        ({"external_id": ""}, "bad_name", "external_ref.id"),
        ({"kickoff_on": dt.date(2026, 2, 1)}, "dates_out_of_order", "kickoff_on"),
        ({"kickoff_on": march(20), "go_live_on": march(19)}, "dates_out_of_order", "go_live_on"),
        ({"contract_signed_on": dt.date(1900, 1, 1)}, "date_out_of_range", "contract_signed_on"),
        ({"contract_signed_on": dt.date(2999, 12, 30)}, "date_out_of_range", ""),
        ({"answers": {"colour": "red"}}, "playbook.unknown_question", "answers.colour"),
        ({"answers": {"sso": "perhaps"}}, "playbook.bad_answer", "answers.sso"),
        ({"owners": {"cook": "ann"}}, "playbook.unknown_role", "owners.cook"),
        ({"owners": {"lead": "kim"}}, "wrong_side", "owners.lead"),
        ({"owners": {"lead": "robot"}}, "wrong_side", "owners.lead"),
        ({"owners": {"client": "ann"}}, "wrong_side", "owners.client"),
        ({"owners": {"client": "lee"}, "customer_id": "c1"}, "wrong_side", "owners.client"),
        ({"owners": {"lead": "nobody"}}, "unknown_person", "owners.lead"),
        ({"manager_id": "nobody"}, "unknown_person", "manager_id"),
        ({"customer_id": "nobody"}, "unknown_customer", "customer_id"),
        ({"fee": Decimal(-1)}, "bad_number", "fee"),
        ({"fee": Decimal("NaN")}, "bad_number", "fee"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_field(changes: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(LeewayError) as caught:
        planned(**changes)
    assert isinstance(caught.value, Invalid | NotFound)
    assert (caught.value.code, caught.value.where) == (code, where)


@given(drafts(), st.integers(1, 60), st.booleans())
def test_the_whole_plan_moves_with_its_contract_by_whole_working_days(
    draft: PlaybookDraft, shift: int, with_modules: bool
) -> None:
    answers = {question.key: "yes" if with_modules else "no" for question in draft.template.questions}
    later = WEEK.add_working_days(SIGNED, shift)
    one, other = (
        plan_of(version_of(draft), order(contract_signed_on=day, answers=answers), Around(TenantState()))
        for day in (SIGNED, later)
    )
    moved = [
        (WEEK.working_days_between(a.starts_on, b.starts_on), WEEK.working_days_between(a.due_on, b.due_on))
        for a, b in zip(one.tasks, other.tasks, strict=True)
    ]
    assert set(moved) == {(shift, shift)}
    assert one.critical_path == other.critical_path
    assert one.leeway_days == other.leeway_days


@given(drafts())
def test_every_link_and_anchor_holds(draft: PlaybookDraft) -> None:
    answers = {question.key: "yes" for question in draft.template.questions}
    plan = plan_of(version_of(draft), order(answers=answers), Around(TenantState()))
    places = {task.task.key: task for task in plan.tasks}
    for planned_task in plan.tasks:
        task = planned_task.task
        anchor = plan.dates.of(task.anchor)
        if anchor:
            assert planned_task.starts_on >= WEEK.add_working_days(anchor, task.offset_days)
        assert planned_task.starts_on >= plan.dates.contract_signed_on
        for link in task.after:
            before = places[link.on]
            first = before.due_on if link.type[0] == "F" else before.starts_on
            held = planned_task.starts_on if link.type[1] == "S" else planned_task.due_on
            least = link.lag_days + 1 if link.type == "FS" else link.lag_days
            assert WEEK.working_days_between(first, held) >= least


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("is_all", [False, True])
def test_a_shipped_playbook_keeps_its_usual_date_with_days_to_spare(path: Path, is_all: bool) -> None:
    draft = shipped(path)
    answers = {module.question: module.answer for module in draft.template.modules} if is_all else {}
    plan = plan_of(version_of(draft), order(playbook_id=draft.playbook_id, answers=answers), Around(TenantState()))
    assert 3 <= plan.leeway_days <= 15
    assert len(plan.critical_path) >= 8
    assert plan.critical_path[-1] == next(t.task.key for t in plan.tasks if t.task.milestone == "go_live")
    assert {task.task.track for task in plan.tasks} == {"internal", "customer", "approval"}
    (kickoff,) = (task for task in plan.tasks if task.task.anchor == "kickoff" and task.task.offset_days == 0)
    assert kickoff.starts_on == plan.dates.kickoff_on
    assert plan.success_on > plan.go_live_on


def test_three_playbooks_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == ["data-integration", "regulated-enterprise", "saas-onboarding"]
    for path in SHIPPED:
        template = shipped(path).template
        assert 25 <= len(template.tasks) <= 60
        assert {task.stage for task in template.tasks} == {stage.stage for stage in template.stages}
        assert len(template.modules) == 3
