"""The step of the worker that finds other words for alerts already raised. Assessing never waits for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib import import_module

import structlog

from outside.model import Model
from store import snapshots
from store.clock import Clock
from store.errors import Conflict
from store.events import AlertReworded, AlertRewordingMissed
from store.ground import Ground
from store.ids import AlertId, TenantId, fact_id
from store.log import Draft, Log
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import OPEN_STATES, AlertState
from store.projector import READER
from store.streams import alert_stream
from store.tenants import Tenant

SOURCE = "agent/rewording"
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))
"""How long after the n-th try without an answer the next one comes; after the last there is none."""

log = structlog.get_logger()


def due_at(alert: AlertState) -> dt.datetime | None:
    """From when on words for the alert may be asked for; None where they are not wanted (any more)."""
    is_wanted = alert.lifecycle in OPEN_STATES and alert.values and not alert.wording
    if not is_wanted or alert.is_left_unworded or alert.unanswered > len(WAITS):
        return None
    if alert.asked_at is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return alert.asked_at + WAITS[alert.unanswered - 1]


def reword(facts: Log, tenant: Tenant, alert: AlertState, model: Model, clock: Clock) -> None:
    """Asks, and appends what came of it. If the alert changed meanwhile, what came is dropped."""
    fact = _asked(alert, model)
    tenant_id, now = tenant.tenant_id, tenant.now(clock)
    event_id = fact_id(tenant_id, SOURCE, alert.alert_id, fact.TYPE, str(alert.version))
    draft = Draft(event_id, fact, now, now, SOURCE, correlation_id=alert.alert_id)
    try:
        facts.append(tenant_id, [(alert_stream(alert.alert_id), [draft], alert.version)], now=clock.now())
    except Conflict as error:
        log.info("words_dropped", alert=alert.alert_id, why=error.code)


def _asked(alert: AlertState, model: Model) -> AlertReworded | AlertRewordingMissed:
    # LangGraph takes a second to import, and most installations have no model.
    came = import_module("agents.rewording.graph").attempt(alert.claim, alert.values, model)
    alert_id = AlertId(alert.alert_id)
    if came["outcome"] == "reworded":
        return AlertReworded(alert_id=alert_id, claim=alert.claim, wording=came["wording"])
    return AlertRewordingMissed(alert_id=alert_id, claim=alert.claim, reason=came["outcome"])


class Rewording:
    """Words for the alerts of every tenant, the gravest first, one question at a time.

    `may_ask` says whether the model would be asked at all now: a rest or a spent budget is no try.
    """

    def __init__(self, ground: Ground, model: Model, may_ask: Callable[[], bool] = lambda: True) -> None:
        self._ground = ground
        self._model = model
        self._may_ask = may_ask
        self._quiet: dict[TenantId, tuple[int, dt.datetime]] = {}

    def step(self) -> int:
        """Asks about one alert of each tenant that has one due; returns about how many."""
        return sum(self._ask_for(tenant) for tenant in self._ground.tenants.all() if self._may_ask())

    def _ask_for(self, tenant: Tenant) -> int:
        ground, tenant_id = self._ground, tenant.tenant_id
        # Another process that words this tenant's alerts holds the lock as long as it waits for its model.
        with ground.database.tx(tenant_id) as connection:
            if self._is_quiet(tenant_id) or not snapshots.is_only_worker(connection, tenant_id, "words"):
                return 0
            alert = self._next(tenant_id)
            if alert is None:
                return 0
            reword(ground.log, tenant, alert, self._model, ground.clock)
            ground.settle(tenant_id)
        return 1

    def _is_quiet(self, tenant_id: TenantId) -> bool:
        """Whether nothing has happened since nothing was due, and nothing has come due."""
        position, until = self._quiet.get(tenant_id, (-1, dt.datetime.max.replace(tzinfo=dt.UTC)))
        return position == self._position(tenant_id) and self._ground.clock.now() < until

    def _next(self, tenant_id: TenantId) -> AlertState | None:
        position, now = self._position(tenant_id), self._ground.clock.now()
        until = dt.datetime.max.replace(tzinfo=dt.UTC)
        for alert in self._open_alerts(tenant_id):
            at = due_at(alert)
            if at is not None and at <= now:
                return alert
            until = min(until, at or until)
        self._quiet[tenant_id] = (position, until)
        return None

    def _open_alerts(self, tenant_id: TenantId) -> Iterator[AlertState]:
        wanted, cursor = alert_rows.AlertFilter(lifecycles=sorted(OPEN_STATES)), None
        while True:
            with self._ground.database.tx(tenant_id) as connection:
                page = alert_rows.page(connection, tenant_id, wanted, limit=200, cursor=cursor)
            ids = [str(row["alert_id"]) for row in page.rows]
            states = self._ground.alerts(tenant_id, ids)
            yield from (states[alert_id] for alert_id in ids if alert_id in states)
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def _position(self, tenant_id: TenantId) -> int:
        with self._ground.database.tx(tenant_id) as connection:
            return snapshots.position_of(connection, tenant_id, READER)
