select wanted as answer
from pg_catalog.unnest(pg_catalog.string_to_array($1::text, ',')) as wanted
where not exists (
  select from pg_catalog.pg_attribute as a
  where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass($2::text)
    and a.attname operator(pg_catalog.=) wanted::name and not a.attisdropped
)
