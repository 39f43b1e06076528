select n.nspname::text as answer
from pg_catalog.pg_namespace as n
where n.nspname operator(pg_catalog.~~) 'tenant\_%' and not (
  exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_stripe_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_resend_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_wise_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_api_credentials'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_stripe_config_active'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_resend_config_active'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_wise_config_active'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_api_credentials_active'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) 'webhook_secret_encrypted' and not a.attisdropped
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_resend_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) 'failing_since' and not a.attisdropped
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_stripe_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) 'failing_since' and not a.attisdropped
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_resend_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) 'failing_since' and not a.attisdropped
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_wise_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) 'failing_since' and not a.attisdropped
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_api_credentials'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_credential_events'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_credential_events_position'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_credential_events_unsealed'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'idx_tenant_credential_events_saved'
  )
  and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_credential_states'
  )
  and (exists (
    select from pg_catalog.pg_dist_schema as d where d.schemaid operator(pg_catalog.=) n.oid
  ) or exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_trigger as t on t.tgrelid operator(pg_catalog.=) c.oid
      and t.tgname operator(pg_catalog.=) 'tenant_stripe_config_updated_at'
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_stripe_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_trigger as t on t.tgrelid operator(pg_catalog.=) c.oid
      and t.tgname operator(pg_catalog.=) 'tenant_resend_config_updated_at'
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_resend_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_trigger as t on t.tgrelid operator(pg_catalog.=) c.oid
      and t.tgname operator(pg_catalog.=) 'tenant_wise_config_updated_at'
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_wise_config'
  )
  and exists (
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_trigger as t on t.tgrelid operator(pg_catalog.=) c.oid
      and t.tgname operator(pg_catalog.=) 'tenant_api_credentials_updated_at'
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenant_api_credentials'
  ))
)
order by n.nspname
