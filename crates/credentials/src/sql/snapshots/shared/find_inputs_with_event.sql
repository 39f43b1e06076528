with found as (
select pg_catalog.json_build_array(t.api_key_encrypted)::text as answer, t.tenant_id
from "vault".tenant_api_credentials as t
where t.tenant_id = $1::text and t.service_name = $2::text and t.is_active
),
event as (
insert into "vault".tenant_credential_events (tenant_id, event, service, outcome, actor_type, fields)
select t.tenant_id, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb from found as t
)
select t.answer from found as t
