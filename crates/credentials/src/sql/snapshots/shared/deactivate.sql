with changed as (
update "vault".tenant_api_credentials as t set is_active = false, updated_at = pg_catalog.now()
where t.tenant_id = $1::text and t.service_name = $2::text
returning t.*
)
select '{}' as answer
from changed as t
