select t.tenant_id as answer
from "vault".tenants as t
where t.tenant_id operator(pg_catalog.=) any (pg_catalog.string_to_array($1::text, ','))
