"""Cards read from the store: which alerts stand in a view, whose cards they make, and what those say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from agents.cards import Card, Subject, card, cards, subject_of
from api import shapes
from api.reading import offset_of
from api.texts import plain
from plan.calendar import zone_of
from store.access import MAY_SEE_MONEY, Role
from store.ground import Ground
from store.ids import TenantId
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import AlertState
from store.projections.projects import rows as project_rows
from store.projections.tenants.fold import TenantState

View = Literal["open", "snoozed", "done", "rejected", "closed"]
VIEWS: dict[View, tuple[str, ...]] = {
    "open": ("open", "snoozed"),
    "snoozed": ("snoozed",),
    "done": ("approved", "done"),
    "rejected": ("rejected",),
    "closed": ("cleared", "expired", "superseded"),
}
"""The states of an alert's life that may stand in a view; a snoozed one whose day has come is open."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A page of cards with the states of their alerts, and the cursor of the next one."""

    cards: Sequence[Card]
    alerts: Mapping[str, AlertState]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cards: those of a view, looked at on a day by a role, perhaps only those that name a project."""

    view: View
    on: dt.date
    role: Role
    project_id: str | None = None


def day_of(tenant: TenantState, now: dt.datetime) -> dt.date:
    """The tenant's day at an instant."""
    return now.astimezone(zone_of(tenant.timezone)).date()


def deck(ground: Ground, tenant_id: TenantId, wanted: Wanted, *, limit: int, cursor: str | None) -> Deck:
    """A page of cards. Open and snoozed ones by what is at stake, settled ones the newest first."""
    start = offset_of(cursor)
    with ground.database.tx(tenant_id) as connection:
        lines = alert_rows.outline(connection, tenant_id, VIEWS[wanted.view], wanted.project_id)
    if wanted.view in {"open", "snoozed"}:
        made, states = _pending(ground, tenant_id, wanted, [str(line["alert_id"]) for line in lines])
        found, more = made[start : start + limit], len(made) > start + limit
    else:
        subjects = _subjects(lines)
        page = list(subjects.items())[start : start + limit]
        found, states = _settled(ground, tenant_id, wanted, page)
        more = len(subjects) > start + limit
    return Deck(found, states, str(start + limit) if more else None)


def card_with(ground: Ground, tenant_id: TenantId, wanted: Wanted, alert: AlertState) -> tuple[Card, list[AlertState]]:
    """The card on which an alert stands in that view, with its alerts in the order of its causes."""
    subject = subject_of(alert.kind, (alert.project_id, *alert.other_project_ids), alert.subject_ids)
    with ground.database.tx(tenant_id) as connection:
        lines = alert_rows.outline(connection, tenant_id, VIEWS[wanted.view], alert.project_id or None)
    ids = _subjects(lines).get(subject, [alert.alert_id])
    states = ground.alerts(tenant_id, ids)
    standing = [states[i] for i in ids if _stands(states[i], wanted)]
    made = card(subject, standing or [alert], wanted.on, may_see_money=wanted.role in MAY_SEE_MONEY)
    return made, [states.get(cause.alert_id, alert) for cause in made.causes]


def counts(ground: Ground, tenant_id: TenantId, on: dt.date, views: Iterable[View] = VIEWS) -> dict[View, int]:
    """How many cards there are in each view."""
    wanted = list(views)
    lifecycles = sorted({state for view in wanted for state in VIEWS[view]})
    with ground.database.tx(tenant_id) as connection:
        lines = alert_rows.outline(connection, tenant_id, lifecycles)
    awake = _awake(ground, tenant_id, on, [str(line["alert_id"]) for line in lines if line["lifecycle"] == "snoozed"])
    seen: dict[View, set[Subject]] = {view: set() for view in wanted}
    for line in lines:
        view = _view_of(str(line["lifecycle"]), is_awake=line["alert_id"] in awake)
        if view in seen:
            seen[view].add(_subject(line))
    return {view: len(subjects) for view, subjects in seen.items()}


def _view_of(lifecycle: str, *, is_awake: bool) -> View:
    if lifecycle == "snoozed":
        return "open" if is_awake else "snoozed"
    return next(view for view, states in VIEWS.items() if lifecycle in states)


def _awake(ground: Ground, tenant_id: TenantId, on: dt.date, ids: list[str]) -> set[str]:
    """Snoozed alerts whose day has come. No fact wakes an alert: the day does."""
    states = ground.alerts(tenant_id, ids) if ids else {}
    return {i for i, state in states.items() if is_awake(state, on)}


def is_awake(alert: AlertState, on: dt.date) -> bool:
    """Whether the alert sleeps no more: it never did, or its day has come."""
    return alert.lifecycle != "snoozed" or (alert.snoozed_until_on or on) <= on


def _stands(alert: AlertState, wanted: Wanted) -> bool:
    if wanted.view == "open":
        return is_awake(alert, wanted.on)
    return wanted.view != "snoozed" or not is_awake(alert, wanted.on)


def _pending(
    ground: Ground, tenant_id: TenantId, wanted: Wanted, ids: list[str]
) -> tuple[list[Card], dict[str, AlertState]]:
    states = ground.alerts(tenant_id, ids)
    standing = [state for state in states.values() if _stands(state, wanted)]
    return cards(standing, wanted.on, may_see_money=wanted.role in MAY_SEE_MONEY), states


def _settled(
    ground: Ground, tenant_id: TenantId, wanted: Wanted, page: Sequence[tuple[Subject, list[str]]]
) -> tuple[list[Card], dict[str, AlertState]]:
    states = ground.alerts(tenant_id, [i for _, ids in page for i in ids])
    may_see = wanted.role in MAY_SEE_MONEY
    return [card(subject, [states[i] for i in ids], wanted.on, may_see_money=may_see) for subject, ids in page], states


def _subjects(lines: Iterable[Mapping[str, Any]]) -> dict[Subject, list[str]]:
    found: dict[Subject, list[str]] = {}
    for line in lines:
        found.setdefault(_subject(line), []).append(str(line["alert_id"]))
    return found


def _subject(line: Mapping[str, Any]) -> Subject:
    return subject_of(line["kind"], line["project_ids"], line["subject_ids"])


def card_page(
    ground: Ground, tenant_id: TenantId, wanted: Wanted, *, limit: int, cursor: str | None
) -> shapes.CardPage:
    """A page of cards as the API says them."""
    found = deck(ground, tenant_id, wanted, limit=limit, cursor=cursor)
    project_ids = sorted({each.subject.key for each in found.cards if each.subject.kind == "project"})
    with ground.database.tx(tenant_id) as connection:
        titles = project_rows.titles(connection, tenant_id, project_ids)
    tenant = ground.tenant_state(tenant_id)
    data = [_shape(each, wanted.view, _name(each.subject, tenant, titles)) for each in found.cards]
    return shapes.CardPage(data=data, next_cursor=found.next_cursor)


def _name(subject: Subject, tenant: TenantState, titles: Mapping[str, tuple[str, str]]) -> str:
    if subject.kind == "project":
        external_id, name = titles.get(subject.key, ("", ""))
        return name or external_id or subject.key
    party = tenant.parties.get(subject.key)
    return (party.name or party.external_id) if party else subject.key.replace("_", " ")


def _shape(found: Card, view: View, name: str) -> shapes.Card:
    return shapes.Card(
        card_id=found.card_id,
        subject_kind=found.subject.kind,
        subject=shapes.Named(id=found.subject.key, name=name),
        state=view,
        on=found.on,
        headline=found.headline,
        severity=found.severity,
        days_at_stake=found.days_at_stake,
        money_at_stake=_money(found.money_at_stake, found.currency),
        ways_out=found.ways_out,
        project_ids=list(found.project_ids),
        causes=[
            shapes.CauseOut(
                alert_id=cause.alert_id,
                kind=cause.kind,
                severity=cause.severity,
                line=cause.line,
                days_at_stake=cause.days,
                money_at_stake=_money(cause.money, cause.currency),
            )
            for cause in found.causes
        ],
    )


def _money(amount: Decimal | None, currency: str) -> shapes.Money | None:
    return None if amount is None else shapes.Money(amount=plain(amount), currency=currency)
