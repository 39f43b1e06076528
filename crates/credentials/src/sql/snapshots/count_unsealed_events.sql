select pg_catalog.count(*)::text as answer
from "tenant_acme".tenant_credential_events as t
where t.tenant_id = $1::text and t.position is null
