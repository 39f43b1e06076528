select '{}' as answer
where not exists (
  select from pg_catalog.pg_namespace as n
  where n.oid operator(pg_catalog.=) pg_catalog.to_regnamespace('"vault"') and exists (
    select from pg_catalog.pg_class as c
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) 'tenants'
  )
  and exists (
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
  and 5 operator(pg_catalog.=) (
    select pg_catalog.count(distinct c.oid) from pg_catalog.pg_class as c
    join pg_catalog.pg_constraint as k on k.conrelid operator(pg_catalog.=) c.oid
      and k.contype operator(pg_catalog.=) 'f'
    where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials', 'tenant_credential_states')
  )
)
