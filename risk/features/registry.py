"""The features by name: what each means, what it needs, who can act on it. Pure.

The order is the schema: a model knows by its hash whether it was fitted on these very features.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from risk.features import budget, chains, commitment, responsiveness, velocity
from risk.features.reading import Reading
from risk.features.view import View

Actor = Literal["delivery team", "project manager", "customer", "approvers"]
STEP = "step"


@dataclass(frozen=True, slots=True)
class Feature:
    """One named input of the score.

    `needs` says which data it is computed from. `worse` is the direction that usually means later.
    `is_skewed`: the model takes the signed logarithm, sign(x) ln(1 + |x|).
    """

    name: str
    unit: str
    definition: str
    needs: str
    who_can_act: Actor
    next_step: str
    worse: Literal["higher", "lower", "either"]
    read: Callable[[View], Reading]
    is_skewed: bool = False


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="earned_share",
        unit="share",
        definition="Work done / work due by today by the first dates agreed (effort, else tasks); at most 2.",
        needs="tasks with due dates",
        who_can_act="delivery team",
        next_step="Finish or re-plan the tasks that were due first.",
        worse="lower",
        read=velocity.earned_share,
    ),
    Feature(
        name="overdue_share",
        unit="share",
        definition="Open tasks past their due date / tasks due before today.",
        needs="tasks with due dates",
        who_can_act="project manager",
        next_step="Go through the overdue tasks with their owners: new date, new owner, or drop.",
        worse="higher",
        read=velocity.overdue_share,
    ),
    Feature(
        name="overdue_days",
        unit="working days",
        definition="Working days that open tasks are past due, per task due before today.",
        needs="tasks with due dates",
        who_can_act="project manager",
        next_step="Settle the oldest overdue tasks first.",
        worse="higher",
        read=velocity.overdue_days,
        is_skewed=True,
    ),
    Feature(
        name="done_share",
        unit="share",
        definition="Tasks done / tasks not cancelled, those after go-live left out.",
        needs="tasks",
        who_can_act="delivery team",
        next_step="Compare what is left with the days left and cut or add hands.",
        worse="lower",
        read=velocity.done_share,
    ),
    Feature(
        name="pace_ratio",
        unit="ratio",
        definition="Work done a day over the last 10 working days / what the rest asks a day until the commitment.",
        needs="tasks, a committed date, 10 working days of history",
        who_can_act="delivery team",
        next_step="Raise the pace or lower what must be done before go-live.",
        worse="lower",
        read=velocity.pace_ratio,
        is_skewed=True,
    ),
    Feature(
        name="task_slip_days",
        unit="working days",
        definition="Working days from first agreed to actual end, mean over tasks done or overdue.",
        needs="tasks with due dates",
        who_can_act="project manager",
        next_step="Re-estimate the open tasks by how the done ones slipped.",
        worse="higher",
        read=velocity.task_slip_days,
        is_skewed=True,
    ),
    Feature(
        name="due_slip_share",
        unit="moves per task",
        definition="Times a due date moved to a later day / tasks with a due date.",
        needs="history of due dates",
        who_can_act="project manager",
        next_step="Agree dates with those who do the work, then hold them.",
        worse="higher",
        read=velocity.due_slip_share,
    ),
    Feature(
        name="returned_count",
        unit="times",
        definition="Times that work was sent back or taken up again.",
        needs="history of task status",
        who_can_act="delivery team",
        next_step="Find what was missing when it came back, and ask for that before work starts.",
        worse="higher",
        read=velocity.returned_count,
        is_skewed=True,
    ),
    Feature(
        name="idle_days",
        unit="working days",
        definition="Working days since a task moved, a message was sent or an activity recorded.",
        needs="history",
        who_can_act="project manager",
        next_step="Ask every side what it waits for.",
        worse="higher",
        read=velocity.idle_days,
        is_skewed=True,
    ),
    Feature(
        name="customer_overdue_share",
        unit="share",
        definition="Open customer tasks past their due date / customer tasks due before today.",
        needs="customer tasks with due dates",
        who_can_act="customer",
        next_step="Call the customer about the overdue items and agree dates.",
        worse="higher",
        read=responsiveness.customer_overdue_share,
    ),
    Feature(
        name="customer_wait_days",
        unit="customer's working days",
        definition="Age of the longest open wait on the customer; 0 where nothing waits.",
        needs="customer tasks with a history of status",
        who_can_act="customer",
        next_step="Chase the oldest item, with what exactly is needed and by when.",
        worse="higher",
        read=responsiveness.customer_wait_days,
        is_skewed=True,
    ),
    Feature(
        name="customer_response_days",
        unit="customer's working days",
        definition="Kaplan-Meier median of the customer's response times, open waits counted as at least their age.",
        needs="customer tasks with a history of status",
        who_can_act="customer",
        next_step="Plan the remaining customer work with the response times seen so far.",
        worse="higher",
        read=responsiveness.customer_response_days,
        is_skewed=True,
    ),
    Feature(
        name="customer_quiet_days",
        unit="customer's working days",
        definition="Time since the customer last delivered, wrote or acted.",
        needs="customer tasks, messages or activities",
        who_can_act="customer",
        next_step="Call instead of writing; ask for a second contact.",
        worse="higher",
        read=responsiveness.customer_quiet_days,
        is_skewed=True,
    ),
    Feature(
        name="customer_silence_days",
        unit="customer's working days",
        definition="The same while something waits on the customer (at most the age of that wait), else 0.",
        needs="customer tasks with a history of status",
        who_can_act="customer",
        next_step="Escalate to the sponsor on the customer's side.",
        worse="higher",
        read=responsiveness.customer_silence_days,
        is_skewed=True,
    ),
    Feature(
        name="approval_wait_days",
        unit="working days",
        definition="Age of the longest open wait on an approval; 0 where nothing waits.",
        needs="approval tasks with a history of status",
        who_can_act="approvers",
        next_step="Put the waiting approval before its approver today.",
        worse="higher",
        read=responsiveness.approval_wait_days,
        is_skewed=True,
    ),
    Feature(
        name="approval_response_days",
        unit="working days",
        definition="Kaplan-Meier median of the time that approvals took, open waits counted as at least their age.",
        needs="approval tasks with a history of status",
        who_can_act="approvers",
        next_step="Ask for the coming approvals earlier, or name a deputy.",
        worse="higher",
        read=responsiveness.approval_response_days,
        is_skewed=True,
    ),
    Feature(
        name="waiting_share",
        unit="share",
        definition="Tasks under way that wait on the customer or an approval / tasks under way.",
        needs="history of task status",
        who_can_act="project manager",
        next_step="Work on what does not wait, and chase the rest as one list.",
        worse="higher",
        read=responsiveness.waiting_share,
    ),
    Feature(
        name="days_to_commitment",
        unit="working days",
        definition="Working days left until the committed date; negative when it has passed.",
        needs="a committed date",
        who_can_act="project manager",
        next_step="Compare the date with what is left to do; re-commit early rather than late.",
        worse="either",
        read=commitment.days_to_commitment,
        is_skewed=True,
    ),
    Feature(
        name="elapsed_share",
        unit="share",
        definition="Working days gone / working days from the start to the committed date; at most 3.",
        needs="a start and a committed date",
        who_can_act="project manager",
        next_step="Compare with the share of work done.",
        worse="either",
        read=commitment.elapsed_share,
    ),
    Feature(
        name="planned_end_late_days",
        unit="working days",
        definition="From the committed date to the latest due date (at least today) of open work before go-live.",
        needs="tasks with due dates, a committed date",
        who_can_act="project manager",
        next_step="Pull in the tasks that are due after the committed date, or move the date.",
        worse="higher",
        read=commitment.planned_end_late_days,
        is_skewed=True,
    ),
    Feature(
        name="expected_late_days",
        unit="working days",
        definition="From the committed date to the go-live that the team itself expects.",
        needs="the team's expected go-live",
        who_can_act="project manager",
        next_step="Tell the customer what the team already expects, and agree a date.",
        worse="higher",
        read=commitment.expected_late_days,
        is_skewed=True,
    ),
    Feature(
        name="go_live_slip_count",
        unit="times",
        definition="Times that the expected or the promised go-live moved to a later day.",
        needs="history of the go-live date",
        who_can_act="project manager",
        next_step="Ask what moved the date each time and remove that cause.",
        worse="higher",
        read=commitment.go_live_slip_count,
        is_skewed=True,
    ),
    Feature(
        name="commitment_moved_days",
        unit="working days",
        definition="From the date of the first plan to the committed date.",
        needs="a baseline and a committed date",
        who_can_act="project manager",
        next_step="Check whether the new date was planned through or only moved.",
        worse="either",
        read=commitment.commitment_moved_days,
        is_skewed=True,
    ),
    Feature(
        name="leeway_burn_days",
        unit="working days",
        definition="Leeway against the present commitment that the last 10 working days used up; below 0 it grew.",
        needs="tasks with due dates or links, a committed date, 10 working days of history",
        who_can_act="project manager",
        next_step="Find what moved in the last two weeks and stop it moving, or re-commit now.",
        worse="higher",
        read=chains.leeway_burn_days,
        is_skewed=True,
    ),
    Feature(
        name="chain_late_days",
        unit="working days",
        definition="From the committed date to the end of the longest chain of open linked tasks, begun now.",
        needs="linked tasks, a committed date",
        who_can_act="project manager",
        next_step="Shorten the chain: work in parallel, cut a link, or move the date.",
        worse="higher",
        read=chains.chain_late_days,
        is_skewed=True,
    ),
    Feature(
        name="blocked_share",
        unit="share",
        definition="Open tasks that should have begun but wait for another one / open tasks before go-live.",
        needs="linked tasks with dates",
        who_can_act="project manager",
        next_step="Clear what the most tasks wait for.",
        worse="higher",
        read=chains.blocked_share,
    ),
    Feature(
        name="scope_growth_share",
        unit="share",
        definition="Hours asked for or planned beyond the first plan, approved or not / hours sold.",
        needs="hours of the scope items or of the budget",
        who_can_act="project manager",
        next_step="Put the extra hours before the customer as a change order with its days.",
        worse="higher",
        read=budget.scope_growth_share,
    ),
    Feature(
        name="hours_ahead_share",
        unit="share",
        definition="Hours logged / hours budgeted, less effort done / effort planned.",
        needs="timesheets, effort on tasks",
        who_can_act="project manager",
        next_step="Re-estimate what is left and compare it with the hours left.",
        worse="higher",
        read=budget.hours_ahead_share,
    ),
    Feature(
        name="size",
        unit="log10 of money",
        definition="Logarithm of 1 + the fee, or of the budget that the source names instead.",
        needs="a fee or a requested budget",
        who_can_act="delivery team",
        next_step="Give a large project its own plan review.",
        worse="either",
        read=commitment.size,
    ),
)

STEP_FEATURE = Feature(
    name=STEP,
    unit="name",
    definition="The last activity that moved a step of the playbook, else the stage the project is in.",
    needs="stages or activities",
    who_can_act="project manager",
    next_step="Look at what ends this step and who holds it.",
    worse="either",
    read=lambda _view: Reading(None),
)

NAMES = tuple(feature.name for feature in FEATURES)
SCHEMA_HASH = hashlib.sha256("\n".join(f"{f.name}|{f.unit}|{f.definition}" for f in FEATURES).encode()).hexdigest()


@lru_cache(maxsize=256)
def feature_named(name: str) -> Feature:
    """The feature, or the step."""
    return STEP_FEATURE if name == STEP else FEATURES[NAMES.index(name)]
