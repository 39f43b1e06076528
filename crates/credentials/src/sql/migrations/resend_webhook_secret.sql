-- The signing secret of a tenant's Resend webhooks, for which the first tables have no place.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The column itself shows it.

alter table :"schema".:"table" add column webhook_secret_encrypted text;
