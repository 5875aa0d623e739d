"""Small portfolios made by hand, and what their logs fold to."""

# ruff: noqa: E501 - a row is as long as it is

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from intake.commands import import_portfolio
from intake.report import ImportReport
from store.events import Fact
from store.ids import TenantId, tenant_id_of
from store.log import Event
from store.log_memory import MemoryLog
from store.projections.alerts.fold import fold as fold_alert
from store.projections.people.fold import fold as fold_person
from store.projections.projects.fold import fold as fold_project
from store.projections.snapshot import dump_state
from store.projections.tenants.fold import fold as fold_tenant
from store.streams import subjects_of

SLUG = "example"
TENANT_ID = tenant_id_of(SLUG)
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
FactT = TypeVar("FactT", bound=Fact)
FOLDS: dict[str, Any] = {"tenants": fold_tenant, "projects": fold_project, "people": fold_person, "alerts": fold_alert}

RICH: dict[str, str] = {
    "tenant.json": """{"name": "Example Delivery", "timezone": "Europe/Berlin", "currency": "EUR", "weekdays": [1, 2, 3, 4, 5],
"hours_per_day": 7.50, "holidays": ["2025-05-01"], "fiscal_year": "calendar"}""",
    "calendars.csv": "calendar_id,name,timezone,weekday_hours,holidays\nCAL-1,Short week,Asia/Dubai,8;8;8;8;0;0;0,2025-04-01;2025-04-02\n",
    "people.csv": """person_id,name,email,role,skills,hours_per_day,cost_rate,bill_rate,currency,starts_on,ends_on,calendar_id,employment,logs_time
U-1,Ada Example,ada@example.test,engineer,engineer;tester,8,60.50,120,EUR,2024-01-01,,,staff,daily
U-2,Ben Example,ben@example.test,manager,,,,,,2025-06-01,,CAL-1,subcontractor,weekly
U-3,Sync,,,,,,,,,,,integration,never
""",
    "rates.csv": """person_id,role,project_id,kind,amount_per_hour,currency,valid_from,valid_to
U-1,,,cost,60.50,EUR,2024-01-01,2024-12-31
,engineer,P-1,bill,130,EUR,2025-01-01,
""",
    "exchange_rates.csv": "from_currency,to_currency,rate,valid_on\nUSD,EUR,0.92,2025-02-01\n",
    "time_off.csv": """person_id,starts_on,ends_on,hours_per_day,recorded_at
U-1,2025-03-03,2025-03-05,,2025-02-01T08:00:00+01:00
U-1,2025-03-03,2025-03-05,,2025-02-01T08:00:00+01:00
U-2,2025-12-22,2026-12-31,4,
""",
    "customers.csv": "customer_id,name,segment,timezone,calendar_id\nC-1,Acme Example,mid,America/New_York,\nC-2,Other Example,,,CAL-1\n",
    "engagements.csv": """engagement_id,customer_id,name,deal_ref,arr,currency,contract_starts_on,billing_starts_on
G-1,C-1,Roll-out,D-77,120000,EUR,2025-01-10,
""",
    "contacts.csv": "contact_id,customer_id,name,email,role\nK-1,C-1,Cleo Example,cleo@acme.test,sponsor\n",
    "projects.csv": """project_id,customer_id,name,playbook,manager_id,contract_signed_on,fee_type,fee,currency,budget_hours,sold_margin,margin_floor,baseline_go_live_on,success_milestone,created_at,engagement_id,calendar_id,region
P-1,C-1,"Acme, onboarding",standard,U-2,2025-01-05,fixed,42300.00,EUR,308,0.5,0.42,2025-05-05,First value,2025-01-10T08:00:00+01:00,G-1,CAL-1,north
P-2,,Poor one,,,,,,,,,,,,,,,
""",
    "stages.csv": "project_id,stage,position,owner_id,entry,exit\nP-1,kickoff,1,U-2,signed,T-1\nP-1,build,2,K-1,,\n",
    "baselines.csv": """project_id,name,approved_at,approved_by,task_id,start_on,due_on,effort_hours,cost
P-1,first,2025-01-20T10:00:00+01:00,K-1,,,2025-05-05,,
P-1,first,2025-01-20T10:00:00+01:00,K-1,T-1,2025-01-13,2025-01-17,8.5,500
""",
    "scope_items.csv": 'scope_item_id,project_id,text,hours\nS-1,P-1,"Sync of ""accounts"", hourly",12\n',
    "tasks.csv": """task_id,project_id,stage,name,track,owner_id,role,effort_hours,planned_start_on,due_on,scope_item_id,playbook_task,milestone,billable,created_at
T-1,P-1,kickoff,Kick-off,internal,U-1,engineer,8,2025-01-13,2025-01-17,S-1,kick,,1,2025-01-10T08:00:00+01:00
T-2,P-1,build,Send data,customer,K-1,,,,2025-02-01,,,,0,2025-01-10T08:00:00+01:00
T-3,P-1,build,Go live,approval,,,,,,,,go_live,,
T-4,P-2,,,,,,,,,,,,,
""",
    "dependencies.csv": "task_id,depends_on_id,type,lag_days,created_at\nT-2,T-1,FS,0,2025-01-10T08:00:00+01:00\nT-3,T-2,SS,-1,\n",
    "history.csv": """at,project_id,entity,entity_id,field,value,actor_id
2025-01-13T09:00:00+01:00,P-1,task,T-1,status,in_progress,U-1
2025-01-13T09:00:00+01:00,P-1,task,T-1,status,in_progress,U-1
2025-01-17T17:00:00+01:00,P-1,task,T-1,status,done,U-1
2025-01-20T09:00:00+01:00,P-1,task,T-2,due_on,2025-02-15,K-1
2025-01-21T09:00:00+01:00,P-1,task,T-2,due_on,,U-2
2025-01-22T09:00:00+01:00,P-1,task,T-2,planned_start_on,2025-02-01,U-2
2025-01-23T09:00:00+01:00,P-1,task,T-2,owner_id,U-1,U-2
2025-01-24T09:00:00+01:00,P-1,task,T-2,owner_id,,U-2
2025-01-25T09:00:00+01:00,P-1,task,T-1,effort_hours,9.5,robot
2025-01-26T09:00:00+01:00,P-1,task,T-1,name,"Kick-off, again",U-2
2025-01-27T09:00:00+01:00,P-1,project,P-1,status,on_hold,U-2
2025-01-28T09:00:00+01:00,P-1,project,P-1,go_live_on,2025-05-20,U-2
2025-01-29T09:00:00+01:00,P-1,project,P-1,committed_go_live_on,2025-05-30,U-2
2025-01-30T09:00:00+01:00,P-1,project,P-1,health,amber,U-2
2025-01-31T09:00:00+01:00,P-1,project,P-1,stage,build,U-2
2025-02-01T09:00:00+01:00,P-1,project,P-1,manager_id,U-1,U-2
2025-02-02T09:00:00+01:00,P-1,project,P-1,region,south,U-2
2025-03-01T09:00:00+01:00,P-2,task,T-4,status,waiting,
""",
    "messages.csv": """message_id,project_id,at,from_id,to_ids,channel,in_reply_to,needs_answer,text
M-1,P-1,2025-01-14T10:00:00+01:00,U-2,K-1;U-1,email,,1,"Dear Cleo,

when?"
M-2,P-1,2025-01-15T10:00:00+01:00,K-1,U-2,chat,M-1,0, soon
M-3,P-1,2025-01-15T10:00:00+01:00,,,,,,
""",
    "allocations.csv": """allocation_id,person_id,role,project_id,starts_on,ends_on,hours_per_day,kind,recorded_at
A-1,U-1,engineer,P-1,2025-01-13,2025-02-28,4,hard,2025-01-10T09:15:00+01:00
A-2,U-2,,P-1,2025-01-13,2025-01-13,2.5,soft,2025-01-09T09:15:00+01:00
A-3,,tester,P-1,2027-01-01,2027-02-01,8,,
""",
    "time_entries.csv": """entry_id,person_id,project_id,task_id,worked_on,hours,billable,submitted_at,approved_at
E-1,U-1,P-1,T-1,2025-01-13,7.5,1,2025-01-13T17:45:00+01:00,2025-01-15T10:00:00+01:00
E-2,U-1,P-1,,2025-01-17,38,,2025-01-17T17:45:00+01:00,
E-3,U-1,P-1,T-2,2025-01-20,2,0,,
E-4,U-2,P-1,T-1,2025-01-10,1,1,2025-01-17T17:45:00+01:00,2025-01-15T10:00:00+01:00
""",
    "expenses.csv": """expense_id,project_id,incurred_on,amount,currency,billable,planned,supplier
X-1,P-1,2025-02-02,99.90,EUR,1,0,Rail
X-2,P-1,2027-02-02,1000,USD,,1,
""",
    "change_requests.csv": """change_request_id,project_id,at,text,hours,amount,currency,decision,decided_at
CR-1,P-1,2025-02-03T10:00:00+01:00,More fields,10,1500,EUR,accepted,2025-02-10T10:00:00+01:00
CR-2,P-1,2025-02-04T10:00:00+01:00,A robot,,,,pending,
CR-3,P-1,2025-02-05T10:00:00+01:00,Training,2,,,absorbed,
""",
    "invoices.csv": """invoice_id,project_id,issued_on,amount,currency,milestone_task_id,paid_on
I-1,P-1,2025-02-01,8029.50,EUR,T-1,2025-03-20
I-2,P-1,2025-03-01,-100,EUR,,
""",
    "forecasts.csv": "project_id,made_on,period,revenue,currency\nP-1,2025-02-01,2025-03,1000,EUR\nP-1,2025-02-01,2025-04,2000,EUR\n",
    "escalations.csv": "escalation_id,project_id,at,by_id,text\nZ-1,P-1,2025-02-20T09:00:00+01:00,K-1,No answer.\n",
    "transcripts/P-1/kickoff 2025-01-14.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ada>Hello\r\n",
    "transcripts/P-1/untitled.txt": "Ada: hello",
}

POOR: dict[str, str] = {
    "projects.csv": "project_id,name\nP-1,Only a name\nP-2,\n",
    "tasks.csv": "task_id,project_id,owner_id,due_on\nT-1,P-1,somebody,\nT-2,P-1,,2025-03-01\nT-3,P-2,,\n",
    "history.csv": "at,project_id,entity,entity_id,field,value\n2025-02-01,P-1,task,T-1,status,done\n",
    "time_entries.csv": "entry_id,person_id,project_id,worked_on,hours\nE-1,somebody,P-1,2025-02-07,40\n",
}


def folder(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files in it."""
    for name, body in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


def load(log: MemoryLog, path: Path, *, now: datetime = NOW, is_strict: bool = False) -> ImportReport:
    """Imports and seals."""
    report = import_portfolio(log, SLUG, path, now=now, is_strict=is_strict)
    log.seal(TENANT_ID)
    return report


def loaded(path: Path, files: Mapping[str, str | bytes]) -> tuple[MemoryLog, ImportReport]:
    """A fresh log with these files in it."""
    log = MemoryLog()
    return log, load(log, folder(path, files))


def codes(report: ImportReport) -> list[tuple[str, int, str]]:
    """File, line and code of every problem."""
    return [(problem.file, problem.line, problem.code) for problem in report.problems]


def new(report: ImportReport) -> int:
    return sum(file.new for file in report.files)


class Stored(NamedTuple, Generic[FactT]):
    """A sealed fact of a known type with its circumstances."""

    fact: FactT
    event_id: str
    stream_id: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str | None


def facts(log: MemoryLog, fact_type: type[FactT]) -> list[Stored[FactT]]:
    """The sealed facts of a type, in the log's order."""
    return [
        Stored(fact, event.event_id, event.stream_id, event.occurred_at, event.recorded_at, event.actor_id)
        for event in log.read_all(TENANT_ID)
        if isinstance(fact := event.fact, fact_type)
    ]


def projections(log: MemoryLog, tenant_id: TenantId = TENANT_ID) -> dict[tuple[str, str], bytes]:
    """Every read model's bytes, by projection and subject."""
    events: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in log.read_all(tenant_id):
        for subject in subjects_of(event.stream_id, event.fact.TYPE):
            events[subject].append(event)
    return {subject: dump_state(FOLDS[subject[0]](found)) for subject, found in events.items()}


def envelopes(log: MemoryLog, tenant_id: TenantId = TENANT_ID) -> list[tuple[object, ...]]:
    """All that an import elsewhere must repeat, in the log's order."""
    return [
        (
            event.event_id,
            event.stream_id,
            event.stream_version,
            event.fact,
            event.occurred_at,
            event.recorded_at,
            event.actor_id,
            event.source,
            event.causation_id,
            event.correlation_id,
        )
        for event in log.read_all(tenant_id)
    ]
