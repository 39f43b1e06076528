with changed as (
insert into "vault".tenant_credential_states as t (tenant_id, name, version, state, updated_at)
values ($1::text, $2::text, $3::text::bigint operator(pg_catalog.+) 1, $4::text::jsonb, pg_catalog.now())
on conflict (tenant_id, name) do update set
  version = excluded.version,
  state = excluded.state,
  updated_at = excluded.updated_at
where t.version = $3::text::bigint
returning t.*
),
event as (
insert into "vault".tenant_credential_events (tenant_id, event, service, outcome, actor_type, fields)
select t.tenant_id, $5::text, $6::text, $7::text, $8::text, $9::text::jsonb from changed as t
)
select '{}' as answer
from changed as t
