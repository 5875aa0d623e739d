"""Secrets that are read once: ciphertext beside the log, under keys that lie with those of persons."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

THIS_TENANT = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"

TABLE = f"""
create table secrets (
  tenant_id uuid not null,
  secret_id text not null,
  project_id text not null,
  name text not null,
  ciphertext bytea,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revealed_at timestamptz,
  primary key (tenant_id, secret_id)
);
create index secrets_expiring on secrets (tenant_id, expires_at) where ciphertext is not null;
alter table secrets enable row level security;
alter table secrets force row level security;
create policy of_tenant on secrets using ({THIS_TENANT}) with check ({THIS_TENANT});
grant select, insert, update, delete on secrets to leeway_app;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("drop table secrets")
