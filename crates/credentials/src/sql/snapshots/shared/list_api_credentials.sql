(select pg_catalog.json_build_object(
  'id', t.id,
  'tenant_id', t.tenant_id,
  'is_active', t.is_active,
  'last_error', t.last_error,
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'created_at', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'updated_at', case when t.updated_at operator(pg_catalog.>) '-infinity'::timestamptz and t.updated_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)::bigint end,
  'api_key_encrypted', t.api_key_encrypted,
  'api_secret_encrypted', t.api_secret_encrypted,
  'metadata', (case when pg_catalog.jsonb_typeof(t.metadata) = 'object' then t.metadata operator(pg_catalog.-) 'webhookSecretEncrypted'::text else t.metadata end)::text,
  'account_id', t.account_id,
  'service_name', t.service_name,
  'service_display_name', t.service_display_name
)::text as answer
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text and t.is_active
order by t.service_name)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
