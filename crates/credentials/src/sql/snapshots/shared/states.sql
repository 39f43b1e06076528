((select pg_catalog.json_build_object(
  'name', t.name,
  'version', t.version,
  'state', t.state
)::text as answer
from "vault".tenant_credential_states as t
where t.tenant_id = $1::text)
union all
(select distinct on (t.service) pg_catalog.json_build_object(
  'service', t.service,
  'seq', t.seq,
  'savedAt', case when t.occurred_at operator(pg_catalog.>) '-infinity'::timestamptz and t.occurred_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.occurred_at) operator(pg_catalog.*) 1000)::bigint end,
  'details', t.details
)::text as answer
from "vault".tenant_credential_events as t
where t.tenant_id = $1::text and t.event = 'credential.saved' and t.details is not null
order by t.service, t.seq desc))
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
