select c.relname::text as answer
from pg_catalog.pg_class as c
where c.oid operator(pg_catalog.=) pg_catalog.to_regclass('pg_catalog.pg_dist_schema')
