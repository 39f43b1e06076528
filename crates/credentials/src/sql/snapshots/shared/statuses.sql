((select pg_catalog.json_build_object(
  'service', 'stripe',
  'row', pg_catalog.json_build_object(
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'last_error', t.last_error,
  'failing_since', case when t.last_error is not null then pg_catalog.concat(pg_catalog.floor(extract(epoch from (pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'failing_since'::text)::timestamptz) operator(pg_catalog.*) 1000), ',', pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)) end,
  'secrets', pg_catalog.json_build_array(t.secret_key_encrypted, t.webhook_secret_encrypted),
  'values', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'publishableKey', t.publishable_key,
  'livemode', t.livemode
))::text,
  'account_info', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'livemode', t.livemode,
  'accountId', t.stripe_account_id,
  'accountName', t.account_name,
  'accountCountry', t.account_country
))::text
)
)::text as answer
from "vault".tenant_stripe_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', 'resend',
  'row', pg_catalog.json_build_object(
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'last_error', t.last_error,
  'failing_since', case when t.last_error is not null then pg_catalog.concat(pg_catalog.floor(extract(epoch from (pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'failing_since'::text)::timestamptz) operator(pg_catalog.*) 1000), ',', pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)) end,
  'secrets', pg_catalog.json_build_array(t.api_key_encrypted, pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'webhook_secret_encrypted'::text),
  'values', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'defaultFromEmail', t.default_from_email,
  'defaultFromName', t.default_from_name,
  'defaultReplyTo', t.default_reply_to
))::text,
  'account_info', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'teamId', t.resend_team_id,
  'accountName', t.account_name,
  'verifiedDomains', t.verified_domains
))::text
)
)::text as answer
from "vault".tenant_resend_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', 'wise',
  'row', pg_catalog.json_build_object(
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'last_error', t.last_error,
  'failing_since', case when t.last_error is not null then pg_catalog.concat(pg_catalog.floor(extract(epoch from (pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'failing_since'::text)::timestamptz) operator(pg_catalog.*) 1000), ',', pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)) end,
  'secrets', pg_catalog.json_build_array(t.api_key_encrypted, t.webhook_secret_encrypted),
  'values', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'sandboxMode', t.sandbox_mode,
  'sourceCurrency', t.source_currency
))::text,
  'account_info', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'sandboxMode', t.sandbox_mode,
  'profileId', t.profile_id,
  'profileType', t.profile_type,
  'accountHolderName', t.account_holder_name,
  'sourceBalanceId', t.source_balance_id
))::text
)
)::text as answer
from "vault".tenant_wise_config as t
where t.tenant_id = $1::text and t.is_active)
union all
(select pg_catalog.json_build_object(
  'service', t.service_name,
  'row', pg_catalog.json_build_object(
  'last_verified_at', case when t.last_verified_at operator(pg_catalog.>) '-infinity'::timestamptz and t.last_verified_at operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch from t.last_verified_at) operator(pg_catalog.*) 1000)::bigint end,
  'last_error', t.last_error,
  'failing_since', case when t.last_error is not null then pg_catalog.concat(pg_catalog.floor(extract(epoch from (pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'failing_since'::text)::timestamptz) operator(pg_catalog.*) 1000), ',', pg_catalog.floor(extract(epoch from t.updated_at) operator(pg_catalog.*) 1000)) end,
  'secrets', pg_catalog.json_build_array(t.api_key_encrypted, t.api_secret_encrypted, t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text),
  'values', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'metadata.region', t.metadata operator(pg_catalog.->>) 'region'::text,
  'metadata.accountId', t.metadata operator(pg_catalog.->>) 'accountId'::text,
  'metadata.bucket', t.metadata operator(pg_catalog.->>) 'bucket'::text,
  'metadata.jurisdiction', t.metadata operator(pg_catalog.->>) 'jurisdiction'::text,
  'metadata.organization', t.metadata operator(pg_catalog.->>) 'organization'::text,
  'metadata.project', t.metadata operator(pg_catalog.->>) 'project'::text,
  'metadata.accountSid', t.metadata operator(pg_catalog.->>) 'accountSid'::text
))::text,
  'account_info', pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
  'accountId', t.account_id
))::text
)
)::text as answer
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text and t.is_active
order by t.service_name))
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
