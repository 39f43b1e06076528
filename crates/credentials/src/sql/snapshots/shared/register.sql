insert into "vault".tenants as t (tenant_id)
select $1::text
where not exists (
  select c.relname::text as answer from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('"tenant_acme"') and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials')
)
on conflict (tenant_id) do nothing
returning '{}' as answer
