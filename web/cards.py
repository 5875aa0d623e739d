"""What cards and alerts need on a page, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agents.cards import Card
from agents.check import check
from api.cards import Deck, View, Wanted, card_with, deck, is_awake
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
from web.views.card import Row, row
from web.views.case import Case, case
from web.views.checks import Checked, changes, checked
from web.views.names import Names
from web.visitors import Visitor

LIMIT = 40


def alert_of(ground: Ground, visitor: Visitor, alert_id: str) -> AlertState:
    """The alert; raises `NotFound` for what is no id, too."""
    if not is_uuid(alert_id):
        raise NotFound("unknown_alert", "There is no such alert.", remedy="Look for it in the inbox.")
    return ground.alert(visitor.tenant_id, alert_id)


def wanted_of(visitor: Visitor, view: View, project_id: str = "") -> Wanted:
    """The cards of a view as this visitor may see them."""
    return Wanted(view, visitor.today, visitor.principal.role, project_id if is_uuid(project_id) else None)


def deck_of(ground: Ground, visitor: Visitor, wanted: Wanted, cursor: str | None) -> Deck:
    """A page of cards."""
    return deck(ground, visitor.tenant_id, wanted, limit=LIMIT, cursor=cursor)


def card_of_alert(
    ground: Ground, visitor: Visitor, wanted: Wanted, alert: AlertState
) -> tuple[Card, Mapping[str, AlertState]]:
    """The card that an alert stands on in a view, with the states of its alerts."""
    found, states = card_with(ground, visitor.tenant_id, wanted, alert)
    return found, {state.alert_id: state for state in states}


def rows_of(ground: Ground, visitor: Visitor, found: Deck) -> list[Row]:
    """The cards of a list in a few lines each."""
    names = names_of(ground, visitor, (i for card in found.cards for i in card.project_ids))
    return [row(card, found.alerts, names) for card in found.cards]


def open_lines(ground: Ground, visitor: Visitor, project_id: str) -> list[Brief]:
    """What is open or asleep on a project, as the lines of its cards; the gravest first."""
    wanted = [wanted_of(visitor, "open", project_id), wanted_of(visitor, "snoozed", project_id)]
    decks = [deck(ground, visitor.tenant_id, each, limit=LIMIT, cursor=None) for each in wanted]
    alerts = [found.alerts[cause.alert_id] for found in decks for card in found.cards for cause in card.causes]
    return briefs(ground, visitor, [a for a in alerts if project_id in (a.project_id, *a.other_project_ids)])


def briefs(ground: Ground, visitor: Visitor, alerts: Sequence[AlertState]) -> list[Brief]:
    """The alerts of a list in a line each."""
    names = names_of(ground, visitor, (i for a in alerts for i in (a.project_id, *a.other_project_ids)))
    return [brief(alert, names, visitor.principal.role) for alert in alerts]


def names_of(ground: Ground, visitor: Visitor, project_ids: Iterable[str]) -> Names:
    """The directory, and the names of these projects."""
    with ground.database.tx(visitor.tenant_id) as connection:
        titles = rows.titles(connection, visitor.tenant_id, sorted({i for i in project_ids if i}))
    return Names(visitor.state, titles, visitor.today)


def case_of(ground: Ground, visitor: Visitor, alert: AlertState) -> Case:
    """An alert with its evidence and the person's hours as they are now."""
    events = ground.log.find(visitor.tenant_id, [EventId(event_id) for event_id in alert.evidence])
    drawn = _loads(ground, visitor, alert)
    drawn_ids = [project_id for project_id, _ in drawn.shades] if drawn else []
    names = names_of(ground, visitor, [alert.project_id, *alert.other_project_ids, *drawn_ids, *_named(events)])
    names = replace(names, tasks=_tasks(ground, visitor, alert))
    role = visitor.principal.role
    return case(shown_alert(alert, role), names, events, drawn, role)


def _tasks(ground: Ground, visitor: Visitor, alert: AlertState) -> dict[str, tuple[str, str]]:
    """The tasks of the alert's project by id: the source's id and the name."""
    if not alert.project_id:
        return {}
    project = ground.project(visitor.tenant_id, alert.project_id)
    return {task.task_id: (task.external_id, task.name) for task in project.tasks.values()}


def projects_of(ground: Ground, visitor: Visitor, found: Case) -> dict[str, str]:
    """Project id -> name for the links and the legend of an alert."""
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


def view_of(alert: AlertState, today: dt.date) -> View:
    """The view of the inbox in which the alert stands."""
    if alert.lifecycle in {"open", "snoozed"}:
        return "open" if is_awake(alert, today) else "snoozed"
    settled: dict[str, View] = {"approved": "done", "done": "done", "rejected": "rejected"}
    return settled.get(alert.lifecycle, "closed")


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
