((select pg_catalog.json_build_object(
  'seq', t.seq,
  'position', t.position,
  'mac', t.mac,
  'sealedUnder', t.sealed_under,
  'text', pg_catalog.json_build_array(t.seq, pg_catalog.floor(extract(epoch from t.occurred_at) operator(pg_catalog.*) 1000000)::bigint, t.event, t.service, t.fields, t.outcome, t.key_id, t.actor_type, t.actor_id, t.request_id, t.address, t.details)::text
)::text as answer
from "vault".tenant_credential_events as t
where t.tenant_id = $1::text and t.position is not null
order by t.position desc
limit 1)
union all
(select pg_catalog.json_build_object(
  'seq', t.seq,
  'position', t.position,
  'mac', t.mac,
  'sealedUnder', t.sealed_under,
  'text', pg_catalog.json_build_array(t.seq, pg_catalog.floor(extract(epoch from t.occurred_at) operator(pg_catalog.*) 1000000)::bigint, t.event, t.service, t.fields, t.outcome, t.key_id, t.actor_type, t.actor_id, t.request_id, t.address, t.details)::text
)::text as answer
from "vault".tenant_credential_events as t
where t.tenant_id = $1::text and t.position is null
order by t.seq
limit 500))
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
