select c.relname::text as answer from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('"tenant_acme"') and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials')
