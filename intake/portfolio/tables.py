"""Which files a portfolio has, their columns, and which field of which fact each column fills. Pure.

The order of `TABLES` is the order in which files are read (a row refers to rows of files before its
own) and the order of facts recorded at the same instant.
"""

from __future__ import annotations

from decimal import Decimal

from intake.portfolio.cells import (
    AMOUNT,
    DATE,
    DATES,
    FLAG,
    HOURS_A_DAY,
    ID,
    IDS,
    INSTANT,
    NUMBER,
    PERIOD,
    TEXT,
    TEXTS,
    WEEK,
    WEEKDAYS,
    WHOLE,
    ZONE,
    choice,
)
from intake.portfolio.columns import Column, Table, an, own, ref, text
from store.events import (
    AllocationBooked,
    BaselineApproved,
    CalendarDefined,
    ChangeRequested,
    ContactRegistered,
    CustomerRegistered,
    EngagementOpened,
    EscalationRaised,
    ExchangeRateSet,
    ExpenseRecorded,
    InvoiceIssued,
    MessageSent,
    PersonRegistered,
    ProjectCreated,
    RateSet,
    RevenueForecastMade,
    ScopeItemAdded,
    StageDefined,
    TaskCreated,
    TaskLinked,
    TenantConfigured,
    TimeLogged,
    TimeOffBooked,
)

TENANT = Table(
    "tenant",
    (
        text("name"),
        an("timezone", ZONE, blank="UTC"),
        Column("currency", TEXT, "currency", blank="EUR"),
        an("weekdays", WEEKDAYS, blank=(1, 2, 3, 4, 5)),
        an("hours_per_day", HOURS_A_DAY, blank=Decimal(8)),
        an("holidays", DATES, blank=()),
    ),
    key=(),
    fact=TenantConfigured,
)
CALENDARS = Table(
    "calendars",
    (
        own("calendar_id"),
        text("name"),
        an("timezone", ZONE, blank=""),
        an("weekday_hours", WEEK, is_required=True),
        an("holidays", DATES, blank=()),
    ),
    key=("calendar_id",),
    fact=CalendarDefined,
    record="calendar",
    id_field="calendar_id",
)
CUSTOMERS = Table(
    "customers",
    (own("customer_id"), text("name"), text("segment"), an("timezone", ZONE, blank=""), ref("calendar_id", "calendar")),
    key=("customer_id",),
    fact=CustomerRegistered,
    record="customer",
    id_field="customer_id",
)
CONTACTS = Table(
    "contacts",
    (own("contact_id"), ref("customer_id", "customer", is_required=True), text("name"), text("email"), text("role")),
    key=("contact_id",),
    fact=ContactRegistered,
    record="contact",
    id_field="contact_id",
)
PEOPLE = Table(
    "people",
    (
        own("person_id"),
        text("name"),
        text("email"),
        text("role"),
        an("skills", TEXTS, blank=()),
        an("hours_per_day", HOURS_A_DAY),
        an("cost_rate", AMOUNT),
        an("bill_rate", AMOUNT),
        text("currency"),
        an("starts_on", DATE),
        an("ends_on", DATE),
        ref("calendar_id", "calendar"),
        an("employment", choice("staff", "subcontractor", "integration"), blank="staff"),
        an("logs_time", choice("daily", "weekly", "never"), blank="daily"),
    ),
    key=("person_id",),
    fact=PersonRegistered,
    record="person",
    id_field="person_id",
    at="starts_on",
    is_planned=True,
)
ENGAGEMENTS = Table(
    "engagements",
    (
        own("engagement_id"),
        ref("customer_id", "customer", is_required=True),
        text("name"),
        text("deal_ref"),
        an("arr", NUMBER),
        text("currency"),
        an("contract_starts_on", DATE),
        an("billing_starts_on", DATE),
    ),
    key=("engagement_id",),
    fact=EngagementOpened,
    record="engagement",
    id_field="engagement_id",
)
PROJECTS = Table(
    "projects",
    (
        own("project_id"),
        ref("customer_id", "customer"),
        text("name"),
        text("playbook"),
        ref("manager_id", "person"),
        an("contract_signed_on", DATE),
        an("fee_type", choice("fixed", "time_and_material", "subscription", "non_billable")),
        an("fee", NUMBER),
        text("currency"),
        an("budget_hours", AMOUNT),
        an("sold_margin", NUMBER),
        an("margin_floor", NUMBER),
        an("baseline_go_live_on", DATE),
        text("success_milestone"),
        Column("created_at", INSTANT),
        ref("engagement_id", "engagement"),
        ref("calendar_id", "calendar"),
    ),
    key=("project_id",),
    fact=ProjectCreated,
    record="project",
    id_field="project_id",
    at="created_at",
)
STAGES = Table(
    "stages",
    (
        ref("project_id", "project", is_required=True),
        an("stage", ID, is_required=True),
        an("position", WHOLE),
        ref("owner_id", "party"),
        text("entry"),
        text("exit"),
    ),
    key=("project_id", "stage"),
    fact=StageDefined,
    is_plan_stream=True,
)
SCOPE_ITEMS = Table(
    "scope_items",
    (own("scope_item_id"), ref("project_id", "project", is_required=True), text("text"), an("hours", AMOUNT)),
    key=("scope_item_id",),
    fact=ScopeItemAdded,
    record="scope_item",
    id_field="scope_item_id",
    is_plan_stream=True,
)
TASKS = Table(
    "tasks",
    (
        own("task_id"),
        ref("project_id", "project", is_required=True),
        text("stage"),
        text("name"),
        an("track", choice("internal", "customer", "approval"), blank="internal"),
        ref("owner_id", "party"),
        text("role"),
        an("effort_hours", AMOUNT),
        an("planned_start_on", DATE),
        an("due_on", DATE),
        ref("scope_item_id", "scope_item"),
        text("playbook_task"),
        an("milestone", choice("go_live", "success", "billing"), blank=""),
        an("billable", FLAG, "is_billable"),
        Column("created_at", INSTANT),
    ),
    key=("task_id",),
    fact=TaskCreated,
    record="task",
    id_field="task_id",
    at="created_at",
    is_plan_stream=True,
)
DEPENDENCIES = Table(
    "dependencies",
    (
        ref("task_id", "task", is_required=True),
        ref("depends_on_id", "task", is_required=True),
        an("type", choice("FS", "SS", "FF", "SF"), "link", blank="FS"),
        an("lag_days", NUMBER, blank=Decimal(0)),
        Column("created_at", INSTANT),
    ),
    key=("task_id", "depends_on_id"),
    fact=TaskLinked,
    at="created_at",
    is_plan_stream=True,
)
BASELINES = Table(
    "baselines",
    (
        ref("project_id", "project", is_required=True),
        text("name"),
        Column("approved_at", INSTANT),
        ref("approved_by", "party"),
        ref("task_id", "task"),
        an("start_on", DATE),
        an("due_on", DATE),
        an("effort_hours", AMOUNT),
        an("cost", NUMBER),
    ),
    key=("project_id", "name", "task_id"),
    fact=BaselineApproved,
    at="approved_at",
    is_plan_stream=True,
)
RATES = Table(
    "rates",
    (
        ref("person_id", "person"),
        text("role"),
        ref("project_id", "project"),
        an("kind", choice("cost", "bill"), is_required=True),
        an("amount_per_hour", AMOUNT, is_required=True),
        text("currency"),
        an("valid_from", DATE, is_required=True),
        an("valid_to", DATE),
    ),
    key=("person_id", "role", "project_id", "kind", "valid_from"),
    fact=RateSet,
    at="valid_from",
    is_planned=True,
)
EXCHANGE_RATES = Table(
    "exchange_rates",
    (
        an("from_currency", ID, is_required=True),
        an("to_currency", ID, is_required=True),
        an("rate", AMOUNT, is_required=True),
        an("valid_on", DATE, is_required=True),
    ),
    key=("from_currency", "to_currency", "valid_on"),
    fact=ExchangeRateSet,
    at="valid_on",
    is_planned=True,
)
TIME_OFF = Table(
    "time_off",
    (
        ref("person_id", "person", is_required=True),
        an("starts_on", DATE, is_required=True),
        an("ends_on", DATE, is_required=True),
        an("hours_per_day", HOURS_A_DAY),
    ),
    key=("person_id", "starts_on", "ends_on", "hours_per_day"),
    fact=TimeOffBooked,
    may_repeat=True,
    at="starts_on",
    is_planned=True,
)
ALLOCATIONS = Table(
    "allocations",
    (
        own("allocation_id"),
        ref("person_id", "person"),
        text("role"),
        ref("project_id", "project", is_required=True),
        an("starts_on", DATE, is_required=True),
        an("ends_on", DATE, is_required=True),
        an("hours_per_day", AMOUNT, is_required=True),
        an("kind", choice("hard", "soft"), "firmness", blank="hard"),
    ),
    key=("allocation_id",),
    fact=AllocationBooked,
    record="allocation",
    id_field="allocation_id",
    at="starts_on",
    is_planned=True,
)
MESSAGES = Table(
    "messages",
    (
        own("message_id"),
        ref("project_id", "project", is_required=True),
        Column("at", INSTANT, is_required=True),
        ref("from_id", "party"),
        Column("to_ids", IDS, "to_ids", "party", blank=()),
        an("channel", choice("email", "portal", "call", "chat"), blank="email"),
        ref("in_reply_to", "message"),
        an("needs_answer", FLAG, blank=False),
        text("text"),
    ),
    key=("message_id",),
    fact=MessageSent,
    record="message",
    id_field="message_id",
    at="at",
)
ESCALATIONS = Table(
    "escalations",
    (
        own("escalation_id"),
        ref("project_id", "project", is_required=True),
        Column("at", INSTANT, is_required=True),
        ref("by_id", "party"),
        text("text"),
    ),
    key=("escalation_id",),
    fact=EscalationRaised,
    record="escalation",
    id_field="escalation_id",
    at="at",
)
TIME_ENTRIES = Table(
    "time_entries",
    (
        own("entry_id"),
        ref("person_id", "person", is_required=True),
        ref("project_id", "project", is_required=True),
        ref("task_id", "task"),
        an("worked_on", DATE, is_required=True),
        an("hours", NUMBER, is_required=True),
        an("billable", FLAG, "is_billable"),
        Column("submitted_at", INSTANT),
        Column("approved_at", INSTANT),
    ),
    key=("entry_id",),
    fact=TimeLogged,
    record="time_entry",
    id_field="entry_id",
    at="worked_on",
)
EXPENSES = Table(
    "expenses",
    (
        own("expense_id"),
        ref("project_id", "project", is_required=True),
        an("incurred_on", DATE, is_required=True),
        an("amount", NUMBER, is_required=True),
        text("currency"),
        an("billable", FLAG, "is_billable"),
        an("planned", FLAG, "is_planned"),
        text("supplier"),
    ),
    key=("expense_id",),
    fact=ExpenseRecorded,
    record="expense",
    id_field="expense_id",
    at="incurred_on",
    is_planned=True,
)
CHANGE_REQUESTS = Table(
    "change_requests",
    (
        own("change_request_id"),
        ref("project_id", "project", is_required=True),
        Column("at", INSTANT, is_required=True),
        text("text"),
        an("hours", NUMBER),
        an("amount", NUMBER),
        text("currency"),
        Column("decision", choice("pending", "accepted", "rejected", "absorbed", "withdrawn")),
        Column("decided_at", INSTANT),
    ),
    key=("change_request_id",),
    fact=ChangeRequested,
    record="change_request",
    id_field="change_request_id",
    at="at",
)
INVOICES = Table(
    "invoices",
    (
        own("invoice_id"),
        ref("project_id", "project", is_required=True),
        an("issued_on", DATE, is_required=True),
        an("amount", NUMBER, is_required=True),
        text("currency"),
        ref("milestone_task_id", "task"),
        Column("paid_on", DATE),
    ),
    key=("invoice_id",),
    fact=InvoiceIssued,
    record="invoice",
    id_field="invoice_id",
    at="issued_on",
)
FORECASTS = Table(
    "forecasts",
    (
        ref("project_id", "project", is_required=True),
        an("made_on", DATE, is_required=True),
        an("period", PERIOD, is_required=True),
        an("revenue", NUMBER, is_required=True),
        text("currency"),
    ),
    key=("project_id", "made_on", "period", "currency"),
    fact=RevenueForecastMade,
    at="made_on",
)
HISTORY = Table(
    "history",
    (
        Column("at", INSTANT, is_required=True),
        ref("project_id", "project", is_required=True),
        Column("entity", choice("project", "task"), is_required=True),
        Column("entity_id", ID, is_required=True),
        Column("field", ID, is_required=True),
        Column("value", TEXT, blank=""),
        Column("actor_id", ID),
    ),
    key=("at", "entity", "entity_id", "field", "value"),
    may_repeat=True,
    at="at",
    is_plan_stream=True,
)

TABLES: tuple[Table, ...] = (
    TENANT, CALENDARS, CUSTOMERS, CONTACTS, PEOPLE, ENGAGEMENTS, PROJECTS, STAGES, SCOPE_ITEMS, TASKS, DEPENDENCIES,
    BASELINES, RATES, EXCHANGE_RATES, TIME_OFF, ALLOCATIONS, MESSAGES, ESCALATIONS, TIME_ENTRIES, EXPENSES,
    CHANGE_REQUESTS, INVOICES, FORECASTS, HISTORY,
)  # fmt: skip

MANDATORY = ("projects", "tasks")
RANKS = {table.name: rank for rank, table in enumerate(TABLES)}
BY_NAME = {table.name: table for table in TABLES}
BY_RECORD = {table.record: table for table in TABLES if table.record}
BY_FACT = {table.fact: table for table in TABLES if table.fact}
TRANSCRIPTS_RANK = len(TABLES)
EVENTS_RANK = len(TABLES) + 1
