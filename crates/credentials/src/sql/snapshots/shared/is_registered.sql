select '{}' as answer
from "vault".tenants as t
where t.tenant_id = $1::text
