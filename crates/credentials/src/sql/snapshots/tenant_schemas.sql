select nspname::text as answer
from pg_catalog.pg_namespace
where nspname operator(pg_catalog.~~) 'tenant\_%'
order by nspname
