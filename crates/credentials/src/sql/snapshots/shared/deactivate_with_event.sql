with changed as (
update "vault".tenant_api_credentials as t set is_active = false, updated_at = pg_catalog.now()
where t.tenant_id = $1::text and t.service_name = $2::text
returning t.*
),
event as (
insert into "vault".tenant_credential_events (tenant_id, event, service, outcome, actor_type, fields)
select t.tenant_id, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb from changed as t
)
select '{}' as answer
from changed as t
