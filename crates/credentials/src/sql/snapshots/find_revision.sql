select pg_catalog.to_json(pg_catalog.md5(pg_catalog.json_build_object(
  'secret_key_encrypted', (t.secret_key_encrypted)::text,
  'publishable_key', (t.publishable_key)::text,
  'webhook_secret_encrypted', (t.webhook_secret_encrypted)::text,
  'livemode', (t.livemode)::text
)::text operator(pg_catalog.||) pg_catalog.json_build_object(
  'accountId', t.stripe_account_id,
  'accountName', t.account_name,
  'accountCountry', t.account_country
)::text))::text as answer
from "tenant_acme".tenant_stripe_config as t
where t.tenant_id = $1::text and t.is_active
