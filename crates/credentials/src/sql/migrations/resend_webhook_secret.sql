-- The signing secret of a tenant's Resend webhooks, for which the first tables have no place.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The column itself shows it.

do $resend_webhook_secret$
begin
  if pg_catalog.to_regclass(':"schema".tenant_resend_config') is not null and not exists (
    select from pg_catalog.pg_attribute
    where attrelid operator(pg_catalog.=) pg_catalog.to_regclass(':"schema".tenant_resend_config')
      and attname operator(pg_catalog.=) 'webhook_secret_encrypted' and not attisdropped
  ) then
    alter table :"schema".tenant_resend_config add column webhook_secret_encrypted text;
  end if;
end
$resend_webhook_secret$;
