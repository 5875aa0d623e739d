"""What capacity and the onboarding metrics ask of the store.

Every project is read, which is slow, for little: so that little (a digest) is kept in memory for as
long as the project, the directory and the tenant's day stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from api import reading
from api.deps import Moment
from api.windows import CapacityAsked
from plan.calendar import NO_HOURS, zone_of
from plan.capacity import DAY, day_loads
from plan.effort import Accrued, Work, remaining_of
from plan.onboarding.journey import Journey, Period, journey_of
from plan.onboarding.sheet import Sheet, Wanted, sheet
from plan.staffing import bookings_of, contract_of
from plan.weeks import Cell, Gap, PersonDay, Window, cells, placeholder_hours
from store.database import Database
from store.ground import Ground
from store.ids import TenantId
from store.log import Cut, Event
from store.projections.people.fold import PersonState
from store.projections.people.fold import fold as fold_person
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import PLACEHOLDER, capacity_stream, project_streams

Value = TypeVar("Value")

BEFORE_DAYS = 28
FOLDED_AT_ONCE = 25
KEPT_PASTS = 4
KEPT_SHEETS = 32
NOT_ACCRUED = Accrued({}, {})
"""Hours that nobody submitted are for money; here the sheets that came in count."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What capacity and metrics need of a project; `works` is the effort left on it."""

    journey: Journey
    logged: Mapping[PersonDay, Decimal]
    works: tuple[Work, ...]


Stamp = tuple[int, int, dt.date]
Past = tuple[TenantId, Cut, dt.date]


@dataclass(frozen=True, slots=True)
class Known:
    """Every project in short, the directory of then, and what is the same as long as both are."""

    tenant: TenantState
    digests: Sequence[Digest]
    version: Hashable


@dataclass
class _Shelf:
    """The digests of one database: of now by project and stamp, of a few past moments whole."""

    present: dict[tuple[TenantId, str], tuple[Stamp, Digest]] = field(default_factory=dict)
    pasts: OrderedDict[Hashable, Known] = field(default_factory=OrderedDict)
    sheets: OrderedDict[Hashable, Sheet] = field(default_factory=OrderedDict)
    capacities: OrderedDict[Hashable, Capacities] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    folding: Lock = field(default_factory=Lock)


_SHELVES: WeakKeyDictionary[Database, _Shelf] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Roster:
    """One person of the window: who, their slots, and what they are booked for on each project."""

    person: PersonState
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Hours of a role that nobody fills: placeholders by slot, and effort due by the window's end that nobody owns."""

    role: str
    placeholder_hours: tuple[Decimal, ...]
    unowned_hours: Decimal


@dataclass(frozen=True, slots=True)
class Capacities:
    """Everybody's window. `project_names`: of the projects that the gaps speak of."""

    tenant: TenantState
    window: Window
    rosters: tuple[Roster, ...]
    vacancies: tuple[Vacancy, ...]
    project_names: Mapping[str, str]


def known_at(ground: Ground, tenant_id: TenantId, moment: Moment) -> Known:
    """Every project in short as known at the moment, with the directory of then."""
    shelf = _SHELVES.setdefault(ground.database, _Shelf())
    if moment.is_now:
        return _present(ground, tenant_id, moment, shelf)
    key: Past = (tenant_id, moment.cut, _today(ground.tenant_state(tenant_id), moment))
    with shelf.folding:
        found = shelf.pasts.get(key) or _past(ground, tenant_id, moment, key)
        _keep(shelf.pasts, key, found, KEPT_PASTS)
    return found


def sheet_of(ground: Ground, tenant_id: TenantId, moment: Moment, period: Period, wanted: Wanted) -> Sheet:
    """The onboarding metrics as known at the moment; computed once while nothing changes."""
    known = known_at(ground, tenant_id, moment)
    shelf, key = _SHELVES[ground.database], (tenant_id, period, wanted, known.version)
    found = shelf.sheets.get(key) or sheet([digest.journey for digest in known.digests], period, wanted)
    with shelf.lock:
        _keep(shelf.sheets, key, found, KEPT_SHEETS)
    return found


def capacities_of(ground: Ground, tenant_id: TenantId, moment: Moment, asked: CapacityAsked) -> Capacities:
    """Who has how many hours, and what is booked, to do and worked against them."""
    known = known_at(ground, tenant_id, moment)
    people_version = tuple(sorted(ground.positions(tenant_id, "people").items())) if moment.is_now else ()
    shelf, key = _SHELVES[ground.database], (tenant_id, asked, known.version, people_version)
    found = shelf.capacities.get(key) or _capacities(known, _people(ground, tenant_id, known.tenant, moment), asked)
    with shelf.lock:
        _keep(shelf.capacities, key, found, KEPT_SHEETS)
    return found


def _capacities(known: Known, people: Mapping[str, PersonState], asked: CapacityAsked) -> Capacities:
    tenant, window = known.tenant, asked.window
    logged, shares = _shares(known.digests, window)
    rosters = []
    for person in people.values():
        if _is_asked(person, asked):
            row = cells(contract_of(person, tenant), list(bookings_of(person)), logged, window)
            if any(cell.contracted or cell.hard or cell.soft or cell.logged for cell in row):
                rosters.append(Roster(person, row, _gaps(person, tenant, shares[person.person_id], window)))
    rosters.sort(key=lambda roster: (roster.person.role, _name(tenant, roster.person.person_id)))
    names = {digest.journey.project_id: digest.journey.name for digest in known.digests}
    vacancies = () if asked.person_id else _vacancies(people.get(PLACEHOLDER), known, asked)
    return Capacities(tenant, window, tuple(rosters), vacancies, names)


def _present(ground: Ground, tenant_id: TenantId, moment: Moment, shelf: _Shelf) -> Known:
    directory = ground.positions(tenant_id, "tenants").get("", 0)
    positions = ground.positions(tenant_id, "projects")
    tenant = ground.tenant_state(tenant_id)
    today = _today(tenant, moment)
    stamps = {project_id: (position, directory, today) for project_id, position in positions.items()}
    stale = [i for i, stamp in stamps.items() if shelf.present.get((tenant_id, i), (None,))[0] != stamp]
    for project_id, state in ground.projects(tenant_id, stale).items():
        shelf.present[tenant_id, project_id] = (stamps[project_id], _digest(state, tenant, today))
    kept = (shelf.present[tenant_id, i][1] for i in sorted(stamps) if (tenant_id, i) in shelf.present)
    return Known(tenant, [digest for digest in kept if digest.journey.project_id], tuple(sorted(stamps.items())))


def _past(ground: Ground, tenant_id: TenantId, moment: Moment, version: Past) -> Known:
    """Every project folded afresh, for what is asked rarely."""
    tenant = reading.tenant_at(ground, tenant_id, moment)
    today, found = _today(tenant, moment), []
    ids = sorted(ground.positions(tenant_id, "projects"))
    for start in range(0, len(ids), FOLDED_AT_ONCE):
        streams = [stream for i in ids[start : start + FOLDED_AT_ONCE] for stream in project_streams(i)]
        by_project: dict[str, list[Event]] = defaultdict(list)
        for event in ground.log.read_many(tenant_id, streams, cut=moment.cut):
            by_project[event.stream_id.partition("/")[2]].append(event)
        states = (fold_project(events) for _, events in sorted(by_project.items()))
        found += [_digest(state, tenant, today) for state in states if state.created_at is not None]
    return Known(tenant, found, version)


def _digest(state: ProjectState, tenant: TenantState, today: dt.date) -> Digest:
    logged: dict[PersonDay, Decimal] = defaultdict(Decimal)
    for entry in state.time:
        logged[entry.person_id, entry.worked_on] += entry.hours
    ours = {party.party_id: PersonState() for party in tenant.parties.values() if party.customer_id is None}
    return Digest(journey_of(state, tenant, today), dict(logged), remaining_of(state, ours, NOT_ACCRUED).works)


def _today(tenant: TenantState, moment: Moment) -> dt.date:
    return moment.at.astimezone(zone_of(tenant.timezone)).date()


def _keep(kept: OrderedDict[Hashable, Value], key: Hashable, value: Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def _people(ground: Ground, tenant_id: TenantId, tenant: TenantState, moment: Moment) -> dict[str, PersonState]:
    if moment.is_now:
        return ground.people(tenant_id)
    ids = [*(party.party_id for party in tenant.parties.values() if party.customer_id is None), PLACEHOLDER]
    read = ground.log.read_many
    return {i: fold_person(read(tenant_id, [capacity_stream(i)], cut=moment.cut)) for i in ids}


def _name(tenant: TenantState, party_id: str) -> str:
    party = tenant.parties.get(party_id)
    return party.name if party else party_id


def _is_asked(person: PersonState, asked: CapacityAsked) -> bool:
    is_somebody = bool(person.person_id) and person.employment != "integration"
    return is_somebody and asked.person_id in {None, person.person_id} and asked.role in {None, person.role}


@dataclass
class _Share:
    """What one person logged and still has to do on one project."""

    effort: Decimal = NO_HOURS
    logged: Decimal = NO_HOURS
    logged_before: Decimal = NO_HOURS


Shares = dict[str, dict[str, _Share]]


def _shares(found: Sequence[Digest], window: Window) -> tuple[Mapping[PersonDay, Decimal], Shares]:
    """Logged hours by person and day, and by person and project with the effort left."""
    by_day: dict[PersonDay, Decimal] = defaultdict(Decimal)
    shares: Shares = defaultdict(lambda: defaultdict(_Share))
    before = window.today - BEFORE_DAYS * DAY
    for digest in found:
        project_id = digest.journey.project_id
        for (person_id, day), hours in digest.logged.items():
            if window.first <= day <= window.last:
                by_day[person_id, day] += hours
                shares[person_id][project_id].logged += hours
            if before <= day < window.today:
                shares[person_id][project_id].logged_before += hours
        for work in digest.works:
            if work.person_id and work.hours and _is_due(work, window):
                shares[work.person_id][project_id].effort += work.hours
    return by_day, shares


def _gaps(person: PersonState, tenant: TenantState, own: Mapping[str, _Share], window: Window) -> tuple[Gap, ...]:
    """The person's projects with anything booked, to do or worked, the widest gap first."""
    before = window.today - BEFORE_DAYS * DAY
    loads = day_loads(contract_of(person, tenant), bookings_of(person), min(window.first, before), window.last)
    booked, earlier = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for load in loads:
        for booking in (b for b in load.bookings if not b.is_soft):
            if window.first <= load.day:
                booked[booking.project_id] += booking.hours_per_day
            if before <= load.day < window.today:
                earlier[booking.project_id] += booking.hours_per_day
    gaps = []
    for project_id in {*booked, *earlier, *own}:
        share = own.get(project_id) or _Share()
        gaps.append(
            Gap(
                person.person_id,
                project_id,
                booked[project_id],
                share.effort,
                share.logged,
                earlier[project_id],
                share.logged_before,
            )
        )
    return tuple(sorted(gaps, key=lambda gap: (-abs(gap.unbooked), gap.project_id)))


def _is_due(work: Work, window: Window) -> bool:
    return work.day is None or work.day <= window.last


def _vacancies(nobody: PersonState | None, known: Known, asked: CapacityAsked) -> tuple[Vacancy, ...]:
    wanted = list((nobody.allocations if nobody else {}).values())
    loose = [w for digest in known.digests for w in digest.works if w.person_id is None and _is_due(w, asked.window)]
    contract = contract_of(PersonState(), known.tenant)
    roles = sorted({a.role for a in wanted} | {w.role for w in loose if w.hours})
    vacancies = []
    for role in (role for role in roles if asked.role in {None, role}):
        ids = {a.allocation_id for a in wanted if a.role == role}
        bookings = [b for b in bookings_of(nobody) if b.allocation_id in ids] if nobody else []
        hours = placeholder_hours(bookings, contract, asked.window)
        unowned = sum((w.hours for w in loose if w.role == role), NO_HOURS)
        if any(hours) or unowned:
            vacancies.append(Vacancy(role, hours, unowned))
    return tuple(vacancies)
