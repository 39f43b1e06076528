with changed as (
update "vault".tenant_api_credentials as t set metadata = t.metadata operator(pg_catalog.||) pg_catalog.jsonb_object(array['webhookSecretEncrypted', $4::text]), updated_at = pg_catalog.now()
where t.tenant_id = $1::text and t.service_name = $2::text and t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text = $3::text
returning t.*
)
select '{}' as answer
from changed as t
