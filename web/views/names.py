"""Who and what an id is, for texts: the log's own sentences name people only by the source's ids. Pure."""

from __future__ import annotations

import datetime as dt
import re
from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from store.projections.tenants.fold import TenantState
from store.streams import PLACEHOLDER
from web.words import HARD, day, days

_SPAN = re.compile(r"from (\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_MONTH = re.compile(r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])(?![\w-])")
_MONEY = re.compile(r"(?<![\d.,-])(\d+(?:\.\d+)?) ([A-Z]{3})\b")


@dataclass(frozen=True, slots=True)
class Names:
    """The tenant's directory, and the projects and tasks a page speaks of (id -> the source's id, name)."""

    tenant: TenantState
    projects: Mapping[str, tuple[str, str]]
    today: dt.date
    tasks: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def party(self, party_id: str | None) -> str:
        """A person's or contact's name; what is left of it where the name is erased."""
        if not party_id or party_id == PLACEHOLDER:
            return "nobody yet"
        party = self.tenant.parties.get(party_id)
        return (party.name or party.external_id) if party else f"{party_id[:8]}…"

    def project(self, project_id: str) -> str:
        """A project's name."""
        external_id, name = self.projects.get(project_id, ("", ""))
        return name or external_id or f"{project_id[:8]}…"

    def actor(self, actor_id: str | None) -> str:
        """Whoever caused something: a person, a key, a program."""
        kind, _, rest = (actor_id or "").partition(":")
        if kind == "console":
            return rest or "the console"
        if kind == "key":
            return f"key {rest}"
        return self.party(actor_id) if actor_id else "Leeway"

    def spoken(self, text: str, party_ids: tuple[str, ...], project_ids: tuple[str, ...]) -> str:
        """The text as people say it: names for the ids of these parties, projects and of tasks, dates, money."""
        text = self._without_task_ids(text)
        known = {self.projects[i][0]: self.project(i) for i in project_ids if i in self.projects}
        known |= {self.tenant.parties[i].external_id: self.party(i) for i in party_ids if i in self.tenant.parties}
        known.pop("", None)
        if known:
            ids = "|".join(re.escape(i) for i in sorted(known, key=len, reverse=True))
            text = re.sub(rf"(?<![\w-])(?:{ids})(?![\w-])", lambda found: known[found[0]], text)
        text = _SPAN.sub(lambda found: _span(found[1], found[2]) or found[0], text)
        text = _DATE.sub(lambda found: self._said(found[0]), text)
        text = _MONTH.sub(lambda found: f"{month_name[int(found[2])]} {found[1]}", text)
        return _MONEY.sub(lambda found: f"{round(Decimal(found[1])):,}{HARD}{found[2]}", text)

    def task(self, task_id: str) -> str:
        """A task's name; empty where it is not known."""
        external_id, name = self.tasks.get(task_id, ("", ""))
        return name or external_id

    def _without_task_ids(self, text: str) -> str:
        """`Set up notices (tsk-7)` and a bare `tsk-7` become `Set up notices`."""
        known = {external_id: name for external_id, name in self.tasks.values() if external_id and name}
        if not known:
            return text
        ids = "|".join(re.escape(i) for i in sorted(known, key=len, reverse=True))
        text = re.sub(rf" \((?:{ids})\)", "", text)
        return re.sub(rf"(?<![\w-])(?:{ids})(?![\w-])", lambda found: known[found[0]], text)

    def _said(self, text: str) -> str:
        on = _date(text)
        return day(on, today=self.today) if on else text


def _span(first: str, last: str) -> str:
    start, end = _date(first), _date(last)
    return days(start, end) if start and end else ""


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
