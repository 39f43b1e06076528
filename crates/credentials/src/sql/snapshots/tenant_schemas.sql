select n.nspname::text as answer
from pg_catalog.pg_namespace as n
where n.nspname operator(pg_catalog.~~) 'tenant\_%' and (
  pg_catalog.substr(n.nspname::text, 8) operator(pg_catalog.<>) all (pg_catalog.string_to_array($1::text, ','))
  or exists (
  select from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials')
)
)
order by n.nspname
