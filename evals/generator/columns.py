"""Columns of the portfolio files, and the order of their rows."""

from __future__ import annotations

COLUMNS = {
    "calendars": "calendar_id, name, timezone, weekday_hours, holidays",
    "people": (
        "person_id, name, email, role, skills, hours_per_day, cost_rate, bill_rate, currency, "
        "starts_on, ends_on, calendar_id, employment, logs_time"
    ),
    "rates": "person_id, role, project_id, kind, amount_per_hour, currency, valid_from, valid_to",
    "exchange_rates": "from_currency, to_currency, rate, valid_on",
    "time_off": "person_id, starts_on, ends_on, hours_per_day, recorded_at",
    "customers": "customer_id, name, segment, timezone, calendar_id",
    "engagements": ("engagement_id, customer_id, name, deal_ref, arr, currency, contract_starts_on, billing_starts_on"),
    "contacts": "contact_id, customer_id, name, email, role",
    "projects": (
        "project_id, customer_id, name, playbook, manager_id, contract_signed_on, fee_type, fee, "
        "currency, budget_hours, sold_margin, margin_floor, baseline_go_live_on, success_milestone, "
        "created_at, engagement_id, calendar_id"
    ),
    "stages": "project_id, stage, position, owner_id, entry, exit",
    "baselines": "project_id, name, approved_at, approved_by, task_id, start_on, due_on, effort_hours, cost",
    "scope_items": "scope_item_id, project_id, text, hours",
    "tasks": (
        "task_id, project_id, stage, name, track, owner_id, role, effort_hours, planned_start_on, "
        "due_on, scope_item_id, playbook_task, milestone, billable, created_at"
    ),
    "dependencies": "task_id, depends_on_id, type, lag_days, created_at",
    "history": "at, project_id, entity, entity_id, field, value, actor_id",
    "messages": "message_id, project_id, at, from_id, to_ids, channel, in_reply_to, needs_answer, text",
    "allocations": ("allocation_id, person_id, role, project_id, starts_on, ends_on, hours_per_day, kind, recorded_at"),
    "time_entries": ("entry_id, person_id, project_id, task_id, worked_on, hours, billable, submitted_at, approved_at"),
    "expenses": "expense_id, project_id, incurred_on, amount, currency, billable, planned, supplier",
    "change_requests": "change_request_id, project_id, at, text, hours, amount, currency, decision, decided_at",
    "invoices": "invoice_id, project_id, issued_on, amount, currency, milestone_task_id, paid_on",
    "forecasts": "project_id, made_on, period, revenue, currency",
    "escalations": "escalation_id, project_id, at, by_id, text",
}
SORTED_BY = {
    "messages": ("at", "message_id"),
    "history": ("at",),
    "allocations": ("recorded_at", "allocation_id"),
    "time_off": ("recorded_at", "person_id"),
    "time_entries": ("worked_on", "entry_id"),
    "expenses": ("incurred_on", "expense_id"),
    "change_requests": ("at",),
    "invoices": ("issued_on", "invoice_id"),
    "forecasts": ("made_on", "project_id", "period"),
    "escalations": ("at",),
    "dependencies": ("created_at", "task_id", "depends_on_id"),
    "exchange_rates": ("valid_on", "from_currency"),
}
