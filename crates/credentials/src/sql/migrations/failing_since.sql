-- Since when the vendor has been refusing a credential. Before, the last change of a failing row said so,
-- but rewriting its tokens under another key is a change, too.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The column itself tells.

do $failing_since$
declare
  credentials text;
begin
  foreach credentials in array array[
    ':"schema".tenant_stripe_config',
    ':"schema".tenant_resend_config',
    ':"schema".tenant_wise_config',
    ':"schema".tenant_api_credentials'
  ] loop
    if pg_catalog.to_regclass(credentials) is not null and not exists (
      select from pg_catalog.pg_attribute
      where attrelid operator(pg_catalog.=) pg_catalog.to_regclass(credentials)
        and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
    ) then
      execute pg_catalog.concat('alter table ', credentials, ' add column failing_since timestamptz');
      -- Unlike an update, this runs no trigger, which would change updated_at.
      execute pg_catalog.concat(
        'alter table ', credentials, ' alter column failing_since type timestamptz ',
        'using case when last_error is not null then updated_at end'
      );
    end if;
  end loop;
end
$failing_since$;
