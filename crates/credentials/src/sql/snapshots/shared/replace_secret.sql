with changed as (
update "vault".tenant_stripe_config as t set secret_key_encrypted = $3::text, updated_at = pg_catalog.now()
where t.tenant_id = $1::text and t.secret_key_encrypted = $2::text
returning t.*
)
select '{}' as answer
from changed as t
