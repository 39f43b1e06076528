select distinct t.shown as answer
from (values
  ('"vault".tenant_resend_config', 'webhook_secret_encrypted', 'webhook_secret_encrypted'),
  ('"vault".tenant_stripe_config', 'failing_since', 'failing_since'),
  ('"vault".tenant_resend_config', 'failing_since', 'failing_since'),
  ('"vault".tenant_wise_config', 'failing_since', 'failing_since'),
  ('"vault".tenant_api_credentials', 'failing_since', 'failing_since'),
  ('"vault".tenant_credential_events', null, 'tenant_credential_events'),
  ('"vault".tenant_credential_states', null, 'tenant_credential_states')
) as t (relation, name, shown)
where case when t.name is null
  then pg_catalog.to_regclass(t.relation) is null
  else pg_catalog.to_regclass(t.relation) is not null and not exists (
    select from pg_catalog.pg_attribute as a
    where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(t.relation)
      and a.attname operator(pg_catalog.=) t.name::name and not a.attisdropped
  )
end
order by t.shown
