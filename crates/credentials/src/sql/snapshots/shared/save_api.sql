with changed as (
insert into "vault".tenant_api_credentials as t (
  tenant_id,
  service_name,
  service_display_name,
  api_key_encrypted,
  metadata,
  last_verified_at,
  last_error,
  updated_at
) values (
  $1::text,
  $2::text,
  $3::text,
  $4::text,
  (($5::text::jsonb)::jsonb operator(pg_catalog.-) 'webhookSecretEncrypted'::text) operator(pg_catalog.||) pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_object(array['webhookSecretEncrypted', $6::text])),
  null,
  null,
  pg_catalog.now()
)
on conflict (tenant_id, service_name) do update set
  service_display_name = excluded.service_display_name,
  api_key_encrypted = excluded.api_key_encrypted,
  metadata = (($5::text::jsonb)::jsonb operator(pg_catalog.-) 'webhookSecretEncrypted'::text) operator(pg_catalog.||) pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_object(array['webhookSecretEncrypted', $6::text])),
  api_secret_encrypted = case when t.is_active then t.api_secret_encrypted else null end,
  account_id = case when t.is_active and false then t.account_id else null end,
  is_active = true,
  last_verified_at = excluded.last_verified_at,
  last_error = excluded.last_error,
  updated_at = excluded.updated_at
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
  'api_key_encrypted', t.api_key_encrypted,
  'api_secret_encrypted', t.api_secret_encrypted,
  'metadata', (case when pg_catalog.jsonb_typeof(t.metadata) = 'object' then t.metadata operator(pg_catalog.-) 'webhookSecretEncrypted'::text else t.metadata end)::text,
  'account_id', t.account_id,
  'service_name', t.service_name,
  'service_display_name', t.service_display_name
)::text as answer
from changed as t
