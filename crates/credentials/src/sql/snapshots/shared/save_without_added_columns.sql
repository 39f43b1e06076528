with changed as (
insert into "vault".tenant_resend_config as t (
  tenant_id,
  last_verified_at,
  last_error,
  updated_at
) values (
  $1::text,
  null,
  null,
  pg_catalog.now()
)
on conflict (tenant_id) do update set
  api_key_encrypted = case when t.is_active then t.api_key_encrypted else null end,
  default_from_email = case when t.is_active then t.default_from_email else null end,
  default_from_name = case when t.is_active then t.default_from_name else null end,
  default_reply_to = case when t.is_active then t.default_reply_to else null end,
  resend_team_id = case when t.is_active and false then t.resend_team_id else null end,
  account_name = case when t.is_active and false then t.account_name else null end,
  verified_domains = case when t.is_active and false then t.verified_domains else '[]' end,
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
  'default_from_email', t.default_from_email,
  'default_from_name', t.default_from_name,
  'default_reply_to', t.default_reply_to,
  'webhook_secret_encrypted', pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'webhook_secret_encrypted'::text,
  'resend_team_id', t.resend_team_id,
  'account_name', t.account_name,
  'verified_domains', t.verified_domains::text
)::text as answer
from changed as t
