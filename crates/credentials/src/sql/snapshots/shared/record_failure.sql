with changed as (
update "vault".tenant_stripe_config as t set
  last_error = $1::text,
  failing_since = least(pg_catalog.now(), case when t.last_error is not null then coalesce(t.failing_since, t.updated_at) end),
  updated_at = pg_catalog.now()
where t.tenant_id = $2::text and t.secret_key_encrypted = $3::text and t.last_error is distinct from $1::text and t.is_active
returning t.*
)
select '{}' as answer
from changed as t
