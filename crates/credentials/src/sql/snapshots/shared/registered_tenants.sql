select t.tenant_id as answer
from "vault".tenants as t
order by t.tenant_id collate pg_catalog."C"
