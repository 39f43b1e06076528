select '{}' as answer
where pg_catalog.to_regclass('"vault".tenants') is not null
