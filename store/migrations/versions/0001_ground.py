"""The ground: the log, its chain, keys, tenants and the tables that are derived from the log; roles and policies.

The text is frozen: later changes are migrations of their own.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EVENT_PARTITIONS = 16

ROLES = """
do $$
begin
  if not exists (select from pg_roles where rolname = 'leeway_app') then
    create role leeway_app login nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'leeway_sealer') then
    create role leeway_sealer login nosuperuser nobypassrls;
  end if;
end $$;
do $$
begin
  -- With one URL for everything the owner acts as these roles.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    grant leeway_app, leeway_sealer to current_user;
  end if;
exception when insufficient_privilege then
  raise notice 'leeway_app and leeway_sealer must be granted to % by an administrator', current_user;
end $$;
"""

EVENTS = """
create sequence append_seq;

create table events (
  tenant_id uuid not null,
  stream_id text not null,
  stream_version integer not null check (stream_version > 0),
  event_id uuid not null,
  type text not null,
  schema_version smallint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  appended_at timestamptz not null,
  actor_id text,
  source text not null,
  causation_id text,
  correlation_id text,
  subject_keys jsonb not null default '{}',
  body bytea not null,
  payload jsonb not null,
  append_seq bigint default nextval('append_seq'),
  position bigint,
  hash bytea,
  constraint events_pk primary key (tenant_id, stream_id, stream_version),
  constraint events_event_id unique (tenant_id, event_id),
  constraint events_sealed check ((position is null) = (hash is null) and (position is null) <> (append_seq is null))
) partition by hash (tenant_id);

create index events_position on events (tenant_id, position) where position is not null;
create index events_recorded on events (tenant_id, recorded_at, position) where position is not null;
create index events_unsealed on events (tenant_id, append_seq) where position is null;

create table chain_heads (
  tenant_id uuid primary key,
  position bigint not null,
  hash bytea not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'sealed events are never changed or removed' using errcode = 'LW003';
end $$;
create trigger events_sealed_for_ever before update on events
  for each row when (old.position is not null) execute function refuse_change();
create trigger events_never_deleted before delete on events for each row execute function refuse_change();
create trigger events_never_truncated before truncate on events for each statement execute function refuse_change();
"""

# The whole of an append in one round trip: the tenant for this transaction, one writer per stream, the
# versions, the rows. LW001 says that a stream is not where the writer believed it to be.
APPEND = """
create function append_facts(of_tenant uuid, at_instant timestamptz, streams json, facts json) returns integer[]
language plpgsql as $$
declare
  stream record;
  current integer;
  starts integer[] := '{}';
begin
  perform set_config('app.tenant', of_tenant::text, true);
  -- The caller names the streams in order of their ids, so that two writers never wait for each other.
  for stream in select * from json_to_recordset(streams) as s(id text, expected integer) loop
    perform pg_advisory_xact_lock(hashtextextended(of_tenant::text || stream.id, 0));
    select coalesce(max(stream_version), 0) into current
      from events where tenant_id = of_tenant and stream_id = stream.id;
    if current <> stream.expected then
      raise exception 'stale' using errcode = 'LW001',
        detail = json_build_object('stream_id', stream.id, 'expected', stream.expected, 'current', current)::text;
    end if;
    starts := starts || current;
  end loop;
  insert into events (tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,
      appended_at, actor_id, source, causation_id, correlation_id, subject_keys, body, payload)
    select of_tenant, f.stream_id, starts[f.stream] + f.nth, f.event_id, f.type, f.schema_version, f.occurred_at,
      f.recorded_at, at_instant, f.actor_id, f.source, f.causation_id, f.correlation_id, f.subject_keys,
      convert_to(f.body, 'UTF8'), f.body::jsonb
    from json_to_recordset(facts) as f(stream integer, stream_id text, nth integer, event_id uuid, type text,
      schema_version smallint, occurred_at timestamptz, recorded_at timestamptz, actor_id text, source text,
      causation_id text, correlation_id text, subject_keys jsonb, body text);
  return starts;
end $$;

-- The same for one fact, which is nearly every append, without taking lists apart.
create function append_fact(of_tenant uuid, at_instant timestamptz, of_stream text, expected integer, of_event uuid,
  of_type text, of_version smallint, at_occurred timestamptz, at_recorded timestamptz, of_actor text, of_source text,
  of_cause text, of_case text, keys jsonb, bytes text) returns integer
language plpgsql as $$
declare
  current integer;
begin
  perform set_config('app.tenant', of_tenant::text, true);
  perform pg_advisory_xact_lock(hashtextextended(of_tenant::text || of_stream, 0));
  select coalesce(max(stream_version), 0) into current
    from events where tenant_id = of_tenant and stream_id = of_stream;
  if current <> expected then
    raise exception 'stale' using errcode = 'LW001',
      detail = json_build_object('stream_id', of_stream, 'expected', expected, 'current', current)::text;
  end if;
  insert into events (tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,
      appended_at, actor_id, source, causation_id, correlation_id, subject_keys, body, payload)
    values (of_tenant, of_stream, current + 1, of_event, of_type, of_version, at_occurred, at_recorded, at_instant,
      of_actor, of_source, of_cause, of_case, keys, convert_to(bytes, 'UTF8'), bytes::jsonb);
  return current;
end $$;
"""

OF_ONE_TENANT = """
create table person_keys (
  tenant_id uuid not null,
  subject_id text not null,
  key bytea,
  created_at timestamptz not null default now(),
  destroyed_at timestamptz,
  primary key (tenant_id, subject_id),
  check ((key is null) = (destroyed_at is not null))
);

create table snapshots (
  tenant_id uuid not null,
  projection text not null,
  subject_id text not null,
  position bigint not null,
  state bytea not null,
  primary key (tenant_id, projection, subject_id)
);

create table models (
  tenant_id uuid not null,
  model_hash text not null,
  kind text not null,
  created_at timestamptz not null default now(),
  about jsonb not null default '{}',
  blob bytea not null,
  primary key (tenant_id, model_hash)
);

create table scores (
  tenant_id uuid not null,
  project_id text not null,
  position bigint not null,
  model_hash text not null,
  as_of timestamptz not null,
  probability double precision check (probability between 0 and 1),
  body bytea not null,
  primary key (tenant_id, project_id, position, model_hash)
);
create index scores_latest on scores (tenant_id, project_id, as_of desc);

create table idempotency_keys (
  tenant_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  headers jsonb not null default '{}',
  body bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
"""

# Exemptions from row-level security, as listed in store.tables.EXEMPT: ids, names and hashes only.
OF_ALL_TENANTS = """
create table tenants (
  tenant_id uuid primary key,
  slug text not null unique,
  name text not null,
  frozen_at timestamptz,
  created_at timestamptz not null default now()
);

create table api_keys (
  key_hash bytea primary key,
  tenant_id uuid not null references tenants,
  key_id text not null unique,
  name text not null,
  role text not null,
  project_id text,
  actor_id text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

create table checkpoints (
  tenant_id uuid not null,
  projection text not null,
  position bigint not null,
  primary key (tenant_id, projection)
);

create table dirty (
  tenant_id uuid not null,
  projection text not null,
  subject_id text not null,
  position bigint not null,
  marked_at timestamptz not null default now(),
  primary key (tenant_id, projection, subject_id)
);
create index dirty_oldest on dirty (marked_at);
"""

GRANTS = """
grant usage on schema public to leeway_app, leeway_sealer;
grant select, insert on events to leeway_app;
grant usage on sequence append_seq to leeway_app;
grant execute on function append_facts, append_fact to leeway_app;
grant select on events to leeway_sealer;
grant update (position, hash, append_seq) on events to leeway_sealer;
grant select on chain_heads to leeway_app;
grant select, insert, update on chain_heads to leeway_sealer;
grant select, insert, update on person_keys to leeway_app;
grant select, insert on scores, models to leeway_app;
grant select, insert, update, delete on snapshots, idempotency_keys, checkpoints, dirty to leeway_app;
grant select, insert, update on tenants, api_keys to leeway_app;
"""

THIS_TENANT = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    for statements in (ROLES, EVENTS, APPEND, OF_ONE_TENANT, OF_ALL_TENANTS, GRANTS):
        op.execute(statements)
    partitions = [f"events_{number:02}" for number in range(EVENT_PARTITIONS)]
    for number, partition in enumerate(partitions):
        op.execute(
            f"create table {partition} partition of events"
            f" for values with (modulus {EVENT_PARTITIONS}, remainder {number})"
        )
    for table in ("person_keys", "snapshots", "models", "scores", "idempotency_keys"):
        isolate(table)
        op.execute(f"create policy of_tenant on {table} using ({THIS_TENANT}) with check ({THIS_TENANT})")
    for partition in partitions:
        isolate(partition)
        op.execute(f"create policy of_tenant on {partition} to leeway_app using ({THIS_TENANT})")
        op.execute(
            f"create trigger never_truncated before truncate on {partition}"
            " for each statement execute function refuse_change()"
        )
    isolate_log()


def isolate(table: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")


def isolate_log() -> None:
    """Who may do what with the log. The sealer sees whose events wait, and the events of the tenant it names."""
    for table in ("events", "chain_heads"):
        isolate(table)
    op.execute(f"create policy read_own on events for select to leeway_app using ({THIS_TENANT})")
    op.execute(
        f"create policy append_own on events for insert to leeway_app "
        f" with check ({THIS_TENANT} and position is null and hash is null)"
    )
    op.execute(
        f"create policy find_unsealed on events for select to leeway_sealer using (position is null or {THIS_TENANT})"
    )
    op.execute(
        f"create policy seal_once on events for update to leeway_sealer "
        f" using ({THIS_TENANT} and position is null) with check ({THIS_TENANT})"
    )
    op.execute(f"create policy own_head on chain_heads using ({THIS_TENANT}) with check ({THIS_TENANT})")


def downgrade() -> None:
    raise NotImplementedError("The log is never taken away; restore a backup instead.")
