"""The same decisions on PostgreSQL, with reviewers who really are at it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from agents.check import check
from agents.commands import decide
from store.errors import Conflict
from store.ids import TenantId
from store.log_sql import SqlLog
from store.streams import PLACEHOLDER
from tests.agents.staging import CONFLICT, Stage
from tests.agents.test_commands import booked, say


def test_of_eight_reviewers_at_once_one_wins_and_the_bookings_change_once(sql_log: SqlLog, tenant_id: TenantId) -> None:
    stage = Stage(CONFLICT, log=sql_log, tenant_id=tenant_id)
    stage.review()
    alert, ids = stage.alert(), [stage.clock.new_id() for _ in range(8)]

    def approve(new_id: str) -> str:
        try:
            done = decide(
                sql_log,
                tenant_id,
                alert.alert_id,
                "approve",
                proposal_id=alert.proposals[0].proposal_id,
                actor_id="reviewer",
                now=stage.now,
                new_id=lambda: new_id,
            )
        except Conflict as refusal:
            return refusal.code
        return done.lifecycle

    with ThreadPoolExecutor(8) as reviewers:
        outcomes = list(reviewers.map(approve, ids))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "stale_version", "alert_decided", "stale_proposal"}
    assert len(stage.alert().applied) == 1


def test_a_decision_its_check_and_its_undo_hold_on_the_real_log(sql_log: SqlLog, tenant_id: TenantId) -> None:
    stage = Stage(CONFLICT, log=sql_log, tenant_id=tenant_id)
    stage.review()
    before = stage.world()
    alert = say(stage, "approve", proposal_id=stage.alert().proposals[0].proposal_id)
    assert check(sql_log, tenant_id, alert.alert_id, now=stage.now).is_confirmed
    assert not check(sql_log, tenant_id, alert.alert_id, now=stage.now).still_holds
    say(stage, "undo")
    assert booked(stage.world()) == booked(before)
    assert check(sql_log, tenant_id, alert.alert_id, now=stage.now).still_holds
    assert PLACEHOLDER not in stage.world().people
