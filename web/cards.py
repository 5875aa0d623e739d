"""What a card needs, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from agents.check import check
from api.money import shown_alert, shown_report
from plan.staffing import bookings_of, contract_of
from risk.commands import scorer
from store.errors import NotFound
from store.ground import Ground
from store.ids import EventId, is_uuid
from store.log import Event
from store.projections.alerts.fold import AlertState, fold
from store.projections.projects import rows
from store.streams import alert_stream
from web.drawing.loads import Loads, loads
from web.views.alerts import Brief, brief
from web.views.card import Card, card
from web.views.checks import Checked, changes, checked
from web.views.names import Names
from web.visitors import Visitor


def alert_of(ground: Ground, visitor: Visitor, alert_id: str) -> AlertState:
    """The alert; raises `NotFound` for what is no id, too."""
    if not is_uuid(alert_id):
        raise NotFound("unknown_alert", "There is no such alert.", remedy="Look for it in the inbox.")
    return ground.alert(visitor.tenant_id, alert_id)


def briefs(ground: Ground, visitor: Visitor, alerts: Sequence[AlertState]) -> list[Brief]:
    """The alerts of a list in a line each."""
    names = names_of(ground, visitor, (i for a in alerts for i in (a.project_id, *a.other_project_ids)))
    return [brief(shown_alert(alert, visitor.principal.role), names) for alert in alerts]


def names_of(ground: Ground, visitor: Visitor, project_ids: Iterable[str]) -> Names:
    """The directory, and the names of these projects."""
    with ground.database.tx(visitor.tenant_id) as connection:
        titles = rows.titles(connection, visitor.tenant_id, sorted({i for i in project_ids if i}))
    return Names(visitor.state, titles, visitor.today)


def card_of(ground: Ground, visitor: Visitor, alert: AlertState) -> Card:
    """An alert with its evidence and the person's hours as they are now."""
    events = ground.log.find(visitor.tenant_id, [EventId(event_id) for event_id in alert.evidence])
    drawn = _loads(ground, visitor, alert)
    drawn_ids = [project_id for project_id, _ in drawn.shades] if drawn else []
    names = names_of(ground, visitor, [alert.project_id, *alert.other_project_ids, *drawn_ids, *_named(events)])
    return card(shown_alert(alert, visitor.principal.role), names, events, drawn, visitor.principal.role)


def projects_of(ground: Ground, visitor: Visitor, found: Card) -> dict[str, str]:
    """Project id -> name for the links and the legend of a card."""
    drawn = [project_id for project_id, _ in found.loads.shades] if found.loads else []
    names = names_of(ground, visitor, [*found.project_ids, *drawn])
    return {project_id: names.project(project_id) for project_id in dict.fromkeys([*found.project_ids, *drawn])}


def check_of(ground: Ground, visitor: Visitor, alert: AlertState) -> Checked:
    """Every figure computed again."""
    score_of = scorer(ground, visitor.tenant_id)
    report = check(ground.log, visitor.tenant_id, alert.alert_id, now=visitor.now, score_of=score_of)
    return checked(shown_report(report, visitor.principal.role))


def changes_since(ground: Ground, visitor: Visitor, alert: AlertState, version: int) -> list[str]:
    """What happened to the alert after the version that somebody saw."""
    events = ground.log.read(visitor.tenant_id, alert_stream(alert.alert_id))
    then = fold(event for event in events if event.stream_version <= version)
    return changes(then, alert, names_of(ground, visitor, [alert.project_id]))


def _named(events: Iterable[Event]) -> Iterable[str]:
    return (str(getattr(event.fact, "project_id", "") or "") for event in events)


def _loads(ground: Ground, visitor: Visitor, alert: AlertState) -> Loads | None:
    person_id = alert.inputs.get("person_id", "")
    first, last = alert.inputs.get("first_on"), alert.inputs.get("last_on")
    person = ground.people(visitor.tenant_id, [person_id]).get(person_id) if person_id else None
    if person is None or not first or not last:
        return None
    contract = contract_of(person, visitor.state)
    return loads(
        contract, bookings_of(person), dt.date.fromisoformat(first), dt.date.fromisoformat(last), visitor.today
    )
