select c.relname::text as answer
from pg_catalog.pg_class as c
where c.oid in (pg_catalog.to_regclass('pg_catalog.pg_dist_schema'), pg_catalog.to_regclass('pg_catalog.pg_dist_partition'))
union all
select c.relname::text from pg_catalog.pg_class as c
  join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname operator(pg_catalog.=) 'tenant_id'
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('"vault"')
    and c.relname operator(pg_catalog.=) 'tenants'
    and pg_catalog.has_schema_privilege(c.relnamespace, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')
