select pg_catalog.json_build_object(
  'name', s.application_name,
  'connections', pg_catalog.count(*)
)::text as answer
from pg_catalog.pg_stat_activity as s
where s.datname operator(pg_catalog.=) pg_catalog.current_database()
  and s.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
  and s.usesysid operator(pg_catalog.<>) 0::oid
  and coalesce(s.backend_type operator(pg_catalog.=) 'client backend', true)
group by s.application_name
order by s.application_name
