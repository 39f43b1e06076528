((select pg_catalog.json_build_object(
  'service', 'stripe',
  'verifiedAt', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'createdAt', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'isFailing', t.last_error is not null,
  'revision', pg_catalog.md5(t.secret_key_encrypted)
)::text as answer
from "vault".tenant_stripe_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', 'resend',
  'verifiedAt', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'createdAt', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'isFailing', t.last_error is not null,
  'revision', pg_catalog.md5(t.api_key_encrypted)
)::text as answer
from "vault".tenant_resend_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', 'wise',
  'verifiedAt', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'createdAt', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'isFailing', t.last_error is not null,
  'revision', pg_catalog.md5(t.api_key_encrypted)
)::text as answer
from "vault".tenant_wise_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', t.service_name,
  'verifiedAt', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'createdAt', case when t.created_at operator(pg_catalog.>) '-infinity'::timestamptz and t.created_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.created_at) operator(pg_catalog.*) 1000)::bigint end,
  'isFailing', t.last_error is not null,
  'revision', pg_catalog.md5(t.api_key_encrypted)
)::text as answer
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text and t.is_active))
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
