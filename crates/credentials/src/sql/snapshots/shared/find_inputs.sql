(select pg_catalog.json_build_array(t.api_key_encrypted, pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'webhook_secret_encrypted'::text)::text as answer
from "vault".tenant_resend_config as t
where t.tenant_id = $1::text and t.is_active)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
