(select pg_catalog.json_build_object(
  'id', t.id,
  'tenant_id', t.tenant_id,
  'is_active', t.is_active,
  'last_error', t.last_error,
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'created_at', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'updated_at', case when t.updated_at operator(pg_catalog.>) '-infinity'::timestamptz and t.updated_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)::bigint end,
  'secret_key_encrypted', t.secret_key_encrypted,
  'publishable_key', t.publishable_key,
  'webhook_secret_encrypted', t.webhook_secret_encrypted,
  'livemode', t.livemode,
  'stripe_account_id', t.stripe_account_id,
  'account_name', t.account_name,
  'account_country', t.account_country,
  'connect_enabled', t.connect_enabled,
  'connect_client_id', t.connect_client_id
)::text as answer
from "vault".tenant_stripe_config as t
where t.tenant_id = $1::text and t.is_active)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
