with changed as (
update "vault".tenant_stripe_config as t set
  last_error = $1::text,
  updated_at = pg_catalog.now()
where t.tenant_id = $2::text and t.last_error is distinct from $1::text and t.is_active
returning t.*
)
select '{}' as answer
from changed as t
