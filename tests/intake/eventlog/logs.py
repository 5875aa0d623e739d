"""Small event logs made here, and a mapping for them: a customer sends a form, we check it, we deliver."""

import gzip
from io import BytesIO
from xml.sax.saxutils import quoteattr

from intake.eventlog.cases import Tally
from intake.eventlog.facts import drafts_of
from intake.eventlog.mapping import EventLogMapping, parse_mapping
from store.events import Fact
from store.ids import tenant_id_of
from store.log import Draft

TENANT_ID = tenant_id_of("forms")

MAPPING = """
source = "forms"
playbook = "form"

[tenant]
name = "Forms"
timezone = "Europe/Madrid"
holidays = [2024-05-02]

[activities]
customer = ["Form sent", "Start", "End"]
approval = ["Form * by clerk"]
internal = ["Delivered", "Reminder"]

[[steps]]
id = "form"
name = "Send the form"
track = "customer"
completes = ["Form sent"]
reopens = ["Form refused *"]

[[steps]]
id = "check"
name = "Check the form"
track = "approval"
starts = ["Form sent"]
completes = ["Form accepted by clerk"]
reopens = ["Form refused by clerk"]

[[steps]]
id = "delivery"
name = "Deliver"
milestone = "go_live"
completes = ["Delivered"]

[[steps]]
id = "chase"
name = "Chase"
completes = ["Reminder"]
is_optional = true

[milestone]
activity = "End"
committed_after_days = 2
days = "working"

[done]
activities = ["Delivered"]

[cancelled]
activities = ["Form refused for good by clerk"]

[attributes]
leaks = ["total_*"]

[attributes.at_creation]
budget = "budget"

[attributes.per_event]
note = "note"
"""

CSV_LOG = """
[log]
format = "csv"
case = "case"
activity = "what"
timestamp = "when"
timestamp_format = "%d/%m/%Y %H:%M"
role = "role"
order = "nr"
delimiter = ";"
"""

Line = tuple[str, str] | tuple[str, str, dict[str, str]]


def mapping(text: str = MAPPING, *, extra: str = "") -> EventLogMapping:
    return parse_mapping((text + extra).encode())


def xes(cases: dict[str, list[Line]], *, encoding: str = "UTF-8") -> bytes:
    """An XES file of these cases: (activity, timestamp) or (activity, timestamp, attributes)."""
    traces = "\n".join(
        f"<trace>\n{_text('concept:name', name)}\n{_events(lines)}</trace>" for name, lines in cases.items()
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n<log xmlns="http://www.xes-standard.org">\n'
    return f"{head}{traces}\n</log>\n".encode(encoding)


def _events(lines: list[Line]) -> str:
    return "".join(f"<event>{_event(*line)}</event>\n" for line in lines)


def _event(activity: str, at: str, attributes: dict[str, str] | None = None) -> str:
    date = f'<date key="time:timestamp" value={quoteattr(at)}/>' if at else ""
    name = _text("concept:name", activity) if activity else ""
    return name + date + "".join(_text(key, value) for key, value in (attributes or {}).items())


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


ONE_CASE: dict[str, list[Line]] = {
    "A1": [
        ("Form sent", "2024-04-25T09:00:00.000+02:00", {"budget": "100", "org:role": "CLIENT", "note": "first"}),
        ("Form refused by clerk", "2024-04-26T10:00:00.000+02:00"),
        ("Form sent", "2024-04-29T09:00:00.000+02:00", {"budget": "999"}),
        ("Form accepted by clerk", "2024-04-29T09:00:00.000+02:00"),
        ("Start", "2024-04-30T00:00:00.000+02:00"),
        ("End", "2024-05-01T00:00:00.000+02:00"),
        ("Delivered", "2024-05-07T12:00:00.000+02:00"),
        ("Reminder", "2024-05-08T12:00:00.000+02:00"),
        ("Delivered", "2024-05-09T12:00:00.000+02:00"),
    ]
}


def drafts(content: bytes, known: EventLogMapping | None = None, tally: Tally | None = None) -> list[Draft]:
    """All facts of a log."""
    rows = drafts_of(BytesIO(content), known or mapping(), TENANT_ID, tally=tally)
    return [draft for _stream_id, draft in rows]


def facts(content: bytes, known: EventLogMapping | None = None) -> list[Fact]:
    return [draft.fact for draft in drafts(content, known)]


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
