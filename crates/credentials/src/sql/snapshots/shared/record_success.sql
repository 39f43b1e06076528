with changed as (
update "vault".tenant_stripe_config as t set
  last_error = null,
  last_verified_at = pg_catalog.now(),
  stripe_account_id = $1::text,
  account_name = case when (t.stripe_account_id is null or t.stripe_account_id = $1::text) then t.account_name else null end,
  account_country = case when (t.stripe_account_id is null or t.stripe_account_id = $1::text) then t.account_country else null end,
  updated_at = pg_catalog.now()
where t.tenant_id = $2::text and t.is_active
returning t.*
)
select '{}' as answer
from changed as t
