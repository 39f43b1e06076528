(select pg_catalog.json_build_object(
  'inputs', pg_catalog.json_build_object(
  'api_key_encrypted', (t.api_key_encrypted)::text,
  'api_secret_encrypted', (t.api_secret_encrypted)::text,
  'metadata', (t.metadata)::text,
  'webhook_secret', (t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text)::text
),
  'account', pg_catalog.json_build_object(
  'accountId', t.account_id
),
  'revision', pg_catalog.md5(pg_catalog.json_build_object(
  'api_key_encrypted', (t.api_key_encrypted)::text,
  'api_secret_encrypted', (t.api_secret_encrypted)::text,
  'metadata', (t.metadata)::text,
  'webhook_secret', (t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text)::text
)::text operator(pg_catalog.||) pg_catalog.json_build_object(
  'accountId', t.account_id
)::text)
)::text as answer
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text and t.service_name = $2::text and t.is_active)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
