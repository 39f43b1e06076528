with changed as (
update "vault".tenant_stripe_config as t set
  secret_key_encrypted = case when t.is_active then t.secret_key_encrypted else null end,
  publishable_key = case when t.is_active then t.publishable_key else null end,
  webhook_secret_encrypted = case when t.is_active then t.webhook_secret_encrypted else null end,
  livemode = case when t.is_active then t.livemode else false end,
  stripe_account_id = case when t.is_active and t.secret_key_encrypted = $2::text then t.stripe_account_id else null end,
  account_name = case when t.is_active and t.secret_key_encrypted = $2::text then t.account_name else null end,
  account_country = case when t.is_active and t.secret_key_encrypted = $2::text then t.account_country else null end,
  connect_enabled = case when t.is_active then t.connect_enabled else false end,
  connect_client_id = case when t.is_active then t.connect_client_id else null end,
  is_active = true,
  last_verified_at = null,
  last_error = $3::text,
  failing_since = pg_catalog.now(),
  updated_at = pg_catalog.now()
where t.tenant_id = $1::text and t.is_active and t.secret_key_encrypted = $2::text
returning t.*
)
select pg_catalog.json_build_object(
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
from changed as t
