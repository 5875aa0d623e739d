"""What lists and pages ask for: columns of projects and alerts, and each project's present assessment."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
create table project_rows (
  tenant_id uuid not null,
  project_id text not null,
  external_id text not null,
  name text not null,
  customer_id text,
  manager_id text,
  playbook text not null,
  status text not null,
  stage text not null,
  baseline_go_live_on date,
  committed_on date,
  live_on date,
  open_tasks integer not null,
  done_tasks integer not null,
  position bigint not null,
  primary key (tenant_id, project_id)
);
create index project_rows_running on project_rows (tenant_id, status, committed_on);
create index project_rows_external on project_rows (tenant_id, external_id);

create table alert_rows (
  tenant_id uuid not null,
  alert_id text not null,
  agent text not null,
  kind text not null,
  severity text not null,
  severity_rank smallint not null,
  lifecycle text not null,
  project_id text not null,
  project_ids text[] not null,
  subject_ids text[] not null,
  raised_at timestamptz not null,
  expires_on date,
  position bigint not null,
  primary key (tenant_id, alert_id)
);
create index alert_rows_inbox on alert_rows (tenant_id, lifecycle, severity_rank, raised_at desc);
create index alert_rows_subjects on alert_rows using gin (subject_ids);

create table assessments (
  tenant_id uuid not null,
  project_id text not null,
  as_of timestamptz not null,
  position bigint not null,
  model_hash text not null,
  probability double precision check (probability between 0 and 1),
  level text not null,
  level_rank smallint not null,
  leeway_days integer,
  forecast_on date,
  body bytea not null,
  primary key (tenant_id, project_id)
);
create index assessments_riskiest on assessments (tenant_id, level_rank, probability desc);
"""

THIS_TENANT = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("project_rows", "alert_rows", "assessments"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy of_tenant on {table} using ({THIS_TENANT}) with check ({THIS_TENANT})")
        op.execute(f"grant select, insert, update, delete on {table} to leeway_app")


def downgrade() -> None:
    raise NotImplementedError("The tables are derived from the log; dropping them is a migration of its own.")
