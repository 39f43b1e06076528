(select pg_catalog.json_build_object(
  'seq', t.seq,
  'occurredAt', case when t.occurred_at operator(pg_catalog.>) '-infinity'::timestamptz and t.occurred_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.occurred_at) operator(pg_catalog.*) 1000)::bigint end,
  'event', t.event,
  'service', t.service,
  'fields', t.fields,
  'outcome', t.outcome,
  'keyId', t.key_id,
  'actorType', t.actor_type,
  'actorId', t.actor_id,
  'requestId', t.request_id,
  'address', t.address,
  'details', t.details,
  'position', t.position,
  'mac', t.mac
)::text as answer
from "vault".tenant_credential_events as t
where t.tenant_id = $1::text and t.seq operator(pg_catalog.<) $2::text::bigint and t.service = $3::text
order by t.seq desc
limit $4::text::bigint)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
