"""An archive beside the log, read as one with it; how full pages are kept and when they are cleaned; moved tenants.

Nothing is rewritten and nothing waits long: tables are added, functions replaced, settings changed.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

THIS_TENANT = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"

ARCHIVE = """
-- As `events`, without what only the young need: the searchable copy of the payload and the place in the queue.
create table archived_events (
  tenant_id uuid not null,
  stream_id text not null,
  stream_version integer not null,
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
  subject_keys jsonb not null,
  body bytea not null,
  position bigint not null,
  hash bytea not null,
  constraint archived_events_pk primary key (tenant_id, position),
  constraint archived_events_event_id unique (tenant_id, event_id),
  constraint archived_events_stream unique (tenant_id, stream_id, stream_version)
) with (fillfactor = 100);
create index archived_events_recorded on archived_events (tenant_id, recorded_at, position);

create view log_events with (security_invoker = true) as
  select tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at, appended_at,
    actor_id, source, causation_id, correlation_id, subject_keys, body, position, hash, append_seq from events
  union all
  select tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at, appended_at,
    actor_id, source, causation_id, correlation_id, subject_keys, body, position, hash, null from archived_events;

-- What is deleted from the log must lie in the archive, byte for byte, and never is a stream's newest event:
-- an append finds the version there. Nothing leaves the archive.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name <> 'archived_events' then
    perform from archived_events a
      where a.tenant_id = old.tenant_id and a.position = old.position and a.hash = old.hash and a.body = old.body
        and a.event_id = old.event_id and a.stream_id = old.stream_id and a.stream_version = old.stream_version
        and exists (
          select from events e where e.tenant_id = old.tenant_id and e.stream_id = old.stream_id
            and e.stream_version > old.stream_version
        );
    if found then
      return old;
    end if;
  end if;
  raise exception 'sealed events are never changed or removed' using errcode = 'LW003';
end $$;
create trigger archived_for_ever before update or delete on archived_events
  for each row execute function refuse_change();
create trigger never_truncated before truncate on archived_events for each statement execute function refuse_change();
"""

# An assignment of a plain expression spares the executor that `perform` starts; it pays for the look into the archive.
APPEND = """
create or replace function append_facts(of_tenant uuid, at_instant timestamptz, streams json, facts json)
returns integer[] language plpgsql as $$
declare
  stream record;
  setting text;
  is_ours boolean;
  current integer;
  starts integer[] := '{}';
begin
  setting := set_config('app.tenant', of_tenant::text, true);
  -- The caller names the streams in order of their ids, so that two writers never wait for each other.
  for stream in select * from json_to_recordset(streams) as s(id text, expected integer) loop
    is_ours := pg_advisory_xact_lock(hashtextextended(of_tenant::text || stream.id, 0)) is not null;
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
  perform from json_to_recordset(facts) as f(event_id uuid)
    join archived_events a on a.tenant_id = of_tenant and a.event_id = f.event_id;
  if found then
    raise exception 'archived' using errcode = 'unique_violation';
  end if;
  return starts;
end $$;

create or replace function append_fact(of_tenant uuid, at_instant timestamptz, of_stream text, expected integer,
  of_event uuid, of_type text, of_version smallint, at_occurred timestamptz, at_recorded timestamptz, of_actor text,
  of_source text, of_cause text, of_case text, keys jsonb, bytes text) returns integer
language plpgsql as $$
declare
  setting text;
  is_ours boolean;
  current integer;
begin
  setting := set_config('app.tenant', of_tenant::text, true);
  is_ours := pg_advisory_xact_lock(hashtextextended(of_tenant::text || of_stream, 0)) is not null;
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
  -- After the insert, not before: what is moved meanwhile is seen either by the index or here.
  perform from archived_events where tenant_id = of_tenant and event_id = of_event;
  if found then
    raise exception 'archived' using errcode = 'unique_violation';
  end if;
  return current;
end $$;
"""

RIGHTS = f"""
alter table archived_events enable row level security;
alter table archived_events force row level security;
create policy of_tenant on archived_events using ({THIS_TENANT}) with check ({THIS_TENANT});
grant select on archived_events, log_events to leeway_app;

-- An owner who is no superuser archives, backs up and restores: the tenant that it names, and no other.
create policy kept_by_owner on events to current_user using ({THIS_TENANT}) with check ({THIS_TENANT});
"""

# Every event is written twice, at its append and when it is sealed, and the columns that sealing fills are
# indexed: pages kept half empty would not make that update cheaper. What counts is that the first copies go
# soon, as the index of what waits is walked at every sealing.
EVENT_SETTINGS = """
  autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_threshold = 5000, autovacuum_analyze_scale_factor = 0.05
"""
# Rows that are overwritten in place, again and again: with room on its page an update touches no index.
OVERWRITTEN = {
    "chain_heads": "fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500",
    "checkpoints": "fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500",
    "dirty": "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000",
    "snapshots": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05",
    "project_rows": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05",
    "alert_rows": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05",
    "assessments": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05",
    "idempotency_keys": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05",
}
EVENT_PARTITIONS = 16

MOVED = "alter table tenants add column moved_at timestamptz"


def upgrade() -> None:
    for statements in (ARCHIVE, APPEND, RIGHTS, MOVED):
        op.execute(statements)
    for number in range(EVENT_PARTITIONS):
        op.execute(f"alter table events_{number:02} set ({EVENT_SETTINGS})")
    for table, settings in OVERWRITTEN.items():
        op.execute(f"alter table {table} set ({settings})")


def downgrade() -> None:
    raise NotImplementedError("The archive holds facts and is never taken away; restore a backup instead.")
