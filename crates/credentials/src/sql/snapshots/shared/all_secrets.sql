((select pg_catalog.json_build_object(
  'service', 'stripe',
  'connected', t.is_active,
  'tokens', pg_catalog.json_build_array(t.secret_key_encrypted, t.webhook_secret_encrypted)
)::text as answer
from "vault".tenant_stripe_config as t
where t.tenant_id = $1::text)
union all
(select pg_catalog.json_build_object(
  'service', 'resend',
  'connected', t.is_active,
  'tokens', pg_catalog.json_build_array(t.api_key_encrypted, pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'webhook_secret_encrypted'::text)
)::text as answer
from "vault".tenant_resend_config as t
where t.tenant_id = $1::text)
union all
(select pg_catalog.json_build_object(
  'service', 'wise',
  'connected', t.is_active,
  'tokens', pg_catalog.json_build_array(t.api_key_encrypted, t.webhook_secret_encrypted)
)::text as answer
from "vault".tenant_wise_config as t
where t.tenant_id = $1::text)
union all
(select pg_catalog.json_build_object(
  'service', t.service_name,
  'connected', t.is_active,
  'tokens', pg_catalog.json_build_array(t.api_key_encrypted, t.api_secret_encrypted, t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text)
)::text as answer
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text))
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
