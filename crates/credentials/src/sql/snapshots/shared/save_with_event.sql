with changed as (
insert into "vault".tenant_stripe_config as t (
  tenant_id,
  secret_key_encrypted,
  last_verified_at,
  last_error,
  updated_at
) values (
  $1::text,
  $2::text,
  null,
  null,
  pg_catalog.now()
)
on conflict (tenant_id) do update set
  secret_key_encrypted = excluded.secret_key_encrypted,
  publishable_key = case when t.is_active then t.publishable_key else null end,
  webhook_secret_encrypted = case when t.is_active then t.webhook_secret_encrypted else null end,
  livemode = case when t.is_active then t.livemode else false end,
  stripe_account_id = case when t.is_active and false then t.stripe_account_id else null end,
  account_name = case when t.is_active and false then t.account_name else null end,
  account_country = case when t.is_active and false then t.account_country else null end,
  connect_enabled = case when t.is_active then t.connect_enabled else false end,
  connect_client_id = case when t.is_active then t.connect_client_id else null end,
  is_active = true,
  last_verified_at = excluded.last_verified_at,
  last_error = excluded.last_error,
  updated_at = excluded.updated_at
returning t.*
),
event as (
insert into "vault".tenant_credential_events (tenant_id, event, service, outcome, actor_type, fields)
select t.tenant_id, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb from changed as t
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
