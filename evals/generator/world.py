"""Who lives in the sample world: the tenant, its people and its customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from evals.generator.calendars import DAY, WorkCalendar, american_holidays, days, home_holidays, island_holidays
from evals.generator.draw import is_hit, stream
from evals.generator.mechanisms import Mechanism
from evals.generator.names import FAMILY, FIRM_KINDS, FIRMS, GIVEN
from evals.generator.playbooks import CONFIG, INTEGRATOR, ROLES

TO_EUR = {"EUR": 1.0, "USD": 0.92, "GBP": 1.17}
ZONE = "Europe/Amsterdam"
SEGMENTS = ("small", "mid_market", "enterprise", "public")
CONTACT_ROLES = ("customer_lead", "customer_it", "customer_data", "customer_sponsor")
RATES = {"delivery_lead": (69.0, 148.0), "integration_developer": (66.0, 142.0), "data_specialist": (62.0, 134.0)}


@dataclass
class Person:
    """One member of staff; `off` maps a day to the hours taken off."""

    person_id: str
    name: str
    role: str
    skills: tuple[str, ...]
    calendar: WorkCalendar
    has_own_calendar: bool
    cost_rate: float
    bill_rate: float
    currency: str
    starts_on: date
    ends_on: date | None
    employment: str
    logs_time: str
    off: dict[date, float] = field(default_factory=dict)

    @property
    def hours_per_day(self) -> float:
        return max(self.calendar.weekday_hours)

    def contracted(self, day: date) -> float:
        if day < self.starts_on or (self.ends_on and day > self.ends_on):
            return 0.0
        return self.calendar.hours(day)

    def capacity(self, day: date) -> float:
        return max(0.0, self.contracted(day) - self.off.get(day, 0.0))


@dataclass
class Contact:
    contact_id: str
    name: str
    email: str
    role: str
    leave: list[tuple[date, date, str]] = field(default_factory=list)


@dataclass
class Customer:
    """`speed` is latent: never written."""

    customer_id: str
    name: str
    segment: str
    calendar: WorkCalendar
    has_own_calendar: bool
    currency: str
    language: str
    speed: float
    contacts: dict[str, Contact]

    def works(self, contact: Contact, day: date) -> bool:
        return self.calendar.is_working(day) and not any(a <= day <= b for a, b, _ in contact.leave)


@dataclass
class TimeOff:
    person_id: str
    starts_on: date
    ends_on: date
    hours_per_day: float | None
    recorded_on: date


@dataclass
class World:
    seed: int
    starts_on: date
    horizon_on: date
    mechanism: Mechanism
    calendar: WorkCalendar
    calendars: list[WorkCalendar]
    people: list[Person]
    bot: Person
    customers: list[Customer]
    time_off: list[TimeOff]

    def person(self, person_id: str) -> Person:
        return next(p for p in self.people if p.person_id == person_id)

    def staff(self, role: str, day: date) -> list[Person]:
        return [
            p
            for p in self.people
            if p.role == role and p.starts_on <= day and not (p.ends_on and p.ends_on <= day + 10 * DAY)
        ]


def build_world(
    seed: int, starts_on: date, horizon_on: date, mechanism: Mechanism, staff_per_role: dict[str, int], customers: int
) -> World:
    years = (starts_on.year, horizon_on.year + 2)
    home = WorkCalendar("cal-home", "Home office", ZONE, (8, 8, 8, 8, 8, 0, 0), home_holidays(*years))
    others = [
        WorkCalendar("cal-four", "Four days", ZONE, (8, 8, 8, 8, 0, 0, 0), home.holidays),
        WorkCalendar("cal-short", "Short Friday", ZONE, (7.5, 7.5, 7.5, 7.5, 4, 0, 0), home.holidays),
        WorkCalendar("cal-us", "Central office", "America/Chicago", (8, 8, 8, 8, 8, 0, 0), american_holidays(*years)),
        WorkCalendar(
            "cal-isles", "Island office", "Europe/London", (7.5, 7.5, 7.5, 7.5, 7.5, 0, 0), island_holidays(*years)
        ),
    ]
    names = _names(stream(seed, "names"))
    people, bot = _people(seed, starts_on, horizon_on, home, others, staff_per_role, names)
    world = World(seed, starts_on, horizon_on, mechanism, home, [home, *others], people, bot, [], [])
    _take_time_off(world)
    world.customers = _customers(world, customers, names)
    return world


def _names(rng: Random) -> list[str]:
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    rng.shuffle(names)
    return names


def _people(
    seed: int,
    starts_on: date,
    horizon_on: date,
    home: WorkCalendar,
    others: list[WorkCalendar],
    staff: dict[str, int],
    names: list[str],
) -> tuple[list[Person], Person]:
    rng = stream(seed, "people")
    people: list[Person] = []
    seats = [(role, n) for role in ROLES for n in range(staff[role])]
    rng.shuffle(seats)
    for number, (role, seat) in enumerate(seats, 1):
        cost, bill = RATES.get(role, (58.0, 124.0))
        calendar = {1: others[0], 2: others[1]}.get(rng.randint(0, 5), home)
        outside = role == INTEGRATOR and seat == 1
        ends = horizon_on - timedelta(days=rng.randint(70, 150)) if role == CONFIG and seat == 2 else None
        people.append(
            Person(
                f"ppl-{number * 7 + 103}",
                names.pop(),
                role,
                (role, rng.choice(ROLES[1:])),
                calendar,
                calendar is not home,
                cost + rng.randint(-6, 8),
                bill,
                "GBP" if outside else "EUR",
                starts_on - timedelta(days=rng.randint(60, 900)),
                ends,
                "subcontractor" if outside else "staff",
                "weekly" if seat == 2 else "daily",
            )
        )
    since = starts_on - timedelta(days=400)
    bot = Person(
        "ppl-sync",
        "Plan Sync (integration)",
        "integration",
        (),
        home,
        has_own_calendar=False,
        cost_rate=0.0,
        bill_rate=0.0,
        currency="EUR",
        starts_on=since,
        ends_on=None,
        employment="integration",
        logs_time="never",
    )
    return people, bot


def _take_time_off(world: World) -> None:
    """Leave is entered weeks ahead; bookings made later respect it."""
    for person in world.people:
        rng = stream(world.seed, "leave", person.person_id)
        day = world.starts_on + timedelta(days=rng.randint(5, 70))
        while day < world.horizon_on + timedelta(days=120):
            first = world.calendar.add(day, 0)
            if is_hit(rng, 0.35):
                hours, last = 4.0, first
            else:
                hours, last = 0.0, first + timedelta(days=rng.choice((0, 1, 4, 9, 11)))
            recorded = first - timedelta(days=rng.randint(25, 80))
            if recorded <= world.horizon_on:
                add_time_off(world, TimeOff(person.person_id, first, last, hours or None, recorded))
            day = last + timedelta(days=rng.randint(25, 110))


def add_time_off(world: World, row: TimeOff) -> None:
    person = world.person(row.person_id)
    for day in days(row.starts_on, row.ends_on):
        off = person.contracted(day) if row.hours_per_day is None else row.hours_per_day
        person.off[day] = min(person.contracted(day), person.off.get(day, 0.0) + off)
    world.time_off.append(row)


def _customers(world: World, count: int, names: list[str]) -> list[Customer]:
    rng = stream(world.seed, "customers")
    firms = list(FIRMS)
    rng.shuffle(firms)
    out = []
    for n in range(count):
        name = (
            firms[n]
            if n < len(firms)
            else f"{firms[n % len(firms)].rsplit(' ', 1)[0]} {FIRM_KINDS[n // len(firms) % 5]} {n}"
        )
        domain = "".join(c for c in name.lower() if c.isalnum()) + ".example"
        calendar = {0: world.calendars[3], 1: world.calendars[4]}.get(rng.randint(0, 4), world.calendar)
        contacts = {}
        for seat, role in enumerate(CONTACT_ROLES):
            who = names.pop()
            contacts[role] = Contact(
                f"con-{(n + 11) * 4 + seat}", who, f"{who.lower().replace(' ', '.')}@{domain}", role
            )
        speed = world.mechanism.customer_speed(rng)
        currency = "USD" if calendar.calendar_id == "cal-us" else "EUR"
        out.append(
            Customer(
                f"cus-{n + 21}",
                name,
                rng.choice(SEGMENTS),
                calendar,
                calendar is not world.calendar,
                currency,
                "de" if calendar is world.calendar and n % 3 == 0 else "en",
                speed,
                contacts,
            )
        )
    return out
