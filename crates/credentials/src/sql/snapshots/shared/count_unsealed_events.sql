(select pg_catalog.count(*)::text as answer
from "vault".tenant_credential_events as t
where t.tenant_id = $1::text and t.position is null)
union all
select 'no tenant'
where not exists (
  select from "vault".tenants as t
  where t.tenant_id = $1::text
)
