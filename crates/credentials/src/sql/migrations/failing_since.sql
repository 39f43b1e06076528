-- Since when the vendor has been refusing a credential. Before, the last change of a failing row said so,
-- but rewriting its tokens under another key is a change, too.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The column itself shows it.

alter table :"schema".:"table" add column failing_since timestamptz;
-- Unlike an update, this runs no trigger, which would change updated_at.
alter table :"schema".:"table" alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
