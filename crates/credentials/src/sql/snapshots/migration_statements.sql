set local lock_timeout = '5s';
select (pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of "tenant_acme"', 0)
))::text as answer;
do $registry$
begin
if exists (
  select c.relname::text from pg_catalog.pg_class as c
  join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname operator(pg_catalog.=) 'tenant_id'
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('"vault"')
    and c.relname operator(pg_catalog.=) 'tenants'
    and pg_catalog.has_schema_privilege(c.relnamespace, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')
) then
  if exists (select from "vault".tenants as t where t.tenant_id = 'acme') then
    raise exception 'in the other layout' using errcode = 'CGK03';
  end if;
end if;
end
$registry$;
select t.name as answer
from (values
('distributes', pg_catalog.to_regnamespace('"tenant_acme"') is null
  and coalesce(pg_catalog.current_setting('citus.enable_schema_based_sharding', true) operator(pg_catalog.=) 'on', false)
  and pg_catalog.to_regprocedure('pg_catalog.citus_schema_distribute(regnamespace)') is not null),
('can be distributed', pg_catalog.to_regclass('pg_catalog.pg_dist_schema') is not null),
('takes records', 2 operator(pg_catalog.=) (
  select pg_catalog.count(*) from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".schema_migrations')
    and attname in ('version', 'name') and not attisdropped
)),
('"tenant_acme".schema_migrations', pg_catalog.to_regclass('"tenant_acme".schema_migrations') is not null),
('"tenant_acme".tenant_stripe_config', pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config') is not null),
('"tenant_acme".tenant_resend_config', pg_catalog.to_regclass('"tenant_acme".tenant_resend_config') is not null),
('"tenant_acme".tenant_wise_config', pg_catalog.to_regclass('"tenant_acme".tenant_wise_config') is not null),
('"tenant_acme".tenant_api_credentials', pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials') is not null),
('"tenant_acme".idx_tenant_stripe_config_active', pg_catalog.to_regclass('"tenant_acme".idx_tenant_stripe_config_active') is not null),
('"tenant_acme".idx_tenant_resend_config_active', pg_catalog.to_regclass('"tenant_acme".idx_tenant_resend_config_active') is not null),
('"tenant_acme".idx_tenant_wise_config_active', pg_catalog.to_regclass('"tenant_acme".idx_tenant_wise_config_active') is not null),
('"tenant_acme".idx_tenant_api_credentials_active', pg_catalog.to_regclass('"tenant_acme".idx_tenant_api_credentials_active') is not null),
('"tenant_acme".tenant_resend_config webhook_secret_encrypted', exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'webhook_secret_encrypted' and not attisdropped
)),
('"tenant_acme".tenant_stripe_config failing_since', exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)),
('"tenant_acme".tenant_resend_config failing_since', exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)),
('"tenant_acme".tenant_wise_config failing_since', exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_wise_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)),
('"tenant_acme".tenant_api_credentials failing_since', exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)),
('"tenant_acme".tenant_credential_events', pg_catalog.to_regclass('"tenant_acme".tenant_credential_events') is not null),
('"tenant_acme".idx_tenant_credential_events_position', pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_position') is not null),
('"tenant_acme".idx_tenant_credential_events_unsealed', pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_unsealed') is not null),
('"tenant_acme".idx_tenant_credential_events_saved', pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_saved') is not null),
('"tenant_acme".tenant_credential_states', pg_catalog.to_regclass('"tenant_acme".tenant_credential_states') is not null)
) as t (name, holds)
where t.holds;
create schema if not exists "tenant_acme";
create table if not exists "tenant_acme".schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
do $standalone$
begin
  -- The platform provides this function; elsewhere it is made. All tenants share it.
  if pg_catalog.to_regprocedure('public.update_updated_at_column()') is null then
    begin
      create function public.update_updated_at_column() returns trigger language plpgsql
      set search_path = pg_catalog as $function$
      begin
        new.updated_at = pg_catalog.now();
        return new;
      end
      $function$;
    exception when duplicate_function or unique_violation then
      -- Another tenant's migration has just made it.
      null;
    end;
  end if;
  -- It runs with the rights of the role that changes a credential, so its owner must have these
  -- rights anyway: this role, the owner of the database or of the tenant's schema, or a superuser.
  if not exists (
    select from pg_catalog.pg_proc as f
    join pg_catalog.pg_roles as owner on owner.oid operator(pg_catalog.=) f.proowner
    where f.oid operator(pg_catalog.=)
        pg_catalog.to_regprocedure('public.update_updated_at_column()')
      and (
        owner.rolsuper
        or owner.rolname operator(pg_catalog.=) current_user
        -- A superuser counts as a member of every role.
        or pg_catalog.pg_has_role(f.proowner, 'member') and not exists (
          select from pg_catalog.pg_roles as r
          where r.rolname operator(pg_catalog.=) current_user and r.rolsuper
        )
        or f.proowner operator(pg_catalog.=) (
          select d.datdba from pg_catalog.pg_database as d
          where d.datname operator(pg_catalog.=) pg_catalog.current_database()
        )
        or f.proowner operator(pg_catalog.=) (
          select n.nspowner from pg_catalog.pg_namespace as n
          where n.oid operator(pg_catalog.=) pg_catalog.to_regnamespace('"tenant_acme"')
        )
      )
  ) then
    raise exception 'public.update_updated_at_column() belongs to another role' using errcode = 'CGK01';
  end if;
end
$standalone$;
create table if not exists "tenant_acme".tenant_stripe_config (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  secret_key_encrypted text not null,
  publishable_key text,
  webhook_secret_encrypted text,
  stripe_account_id text,
  account_name text,
  account_country text,
  livemode boolean default false,
  connect_enabled boolean default false,
  connect_client_id text,
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  unique (tenant_id)
);
create table if not exists "tenant_acme".tenant_resend_config (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  api_key_encrypted text not null,
  resend_team_id text,
  account_name text,
  default_from_email text,
  default_from_name text,
  default_reply_to text,
  verified_domains jsonb default '[]',
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  unique (tenant_id)
);
create table if not exists "tenant_acme".tenant_wise_config (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  api_key_encrypted text not null,
  profile_id text,
  profile_type text,
  account_holder_name text,
  source_balance_id text,
  source_currency text default 'USD',
  webhook_secret_encrypted text,
  sandbox_mode boolean default false,
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  unique (tenant_id)
);
create table if not exists "tenant_acme".tenant_api_credentials (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  service_name text not null,
  service_display_name text,
  api_key_encrypted text not null,
  api_secret_encrypted text,
  account_id text,
  metadata jsonb default '{}',
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  unique (tenant_id, service_name)
);
create index if not exists idx_tenant_stripe_config_active
  on "tenant_acme".tenant_stripe_config (tenant_id) where is_active;
create index if not exists idx_tenant_resend_config_active
  on "tenant_acme".tenant_resend_config (tenant_id) where is_active;
create index if not exists idx_tenant_wise_config_active
  on "tenant_acme".tenant_wise_config (tenant_id) where is_active;
create index if not exists idx_tenant_api_credentials_active
  on "tenant_acme".tenant_api_credentials (tenant_id, service_name) where is_active;
create or replace trigger tenant_stripe_config_updated_at
  before update on "tenant_acme".tenant_stripe_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_resend_config_updated_at
  before update on "tenant_acme".tenant_resend_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_wise_config_updated_at
  before update on "tenant_acme".tenant_wise_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_api_credentials_updated_at
  before update on "tenant_acme".tenant_api_credentials
  for each row execute function public.update_updated_at_column();
do $record$
begin
  insert into "tenant_acme".schema_migrations (version, name) values ('38', 'tenant_integration_config');
exception when others then
  null;
end
$record$;
alter table "tenant_acme".tenant_resend_config add column webhook_secret_encrypted text;
alter table "tenant_acme".tenant_stripe_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_stripe_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
alter table "tenant_acme".tenant_resend_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_resend_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
alter table "tenant_acme".tenant_wise_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_wise_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
alter table "tenant_acme".tenant_api_credentials add column failing_since timestamptz;
alter table "tenant_acme".tenant_api_credentials alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
create table if not exists "tenant_acme".tenant_credential_events (
  tenant_id text not null,
  -- The order of writing; numbers may be missing where a change was rolled back.
  seq bigint generated always as identity,
  occurred_at timestamptz not null default pg_catalog.now(),
  event text not null,
  service text not null,
  -- Names of input fields, never their values.
  fields jsonb not null default '[]',
  outcome text,
  -- The id of the encryption key that the values were sealed under.
  key_id text,
  actor_type text,
  actor_id text,
  request_id text,
  address text,
  details jsonb,
  -- The place in the chain, and the MAC over the one before and this row: written when it is sealed.
  position bigint,
  mac text,
  sealed_under text,
  primary key (tenant_id, seq)
);
create unique index if not exists idx_tenant_credential_events_position
  on "tenant_acme".tenant_credential_events (tenant_id, position) where position is not null;
create index if not exists idx_tenant_credential_events_unsealed
  on "tenant_acme".tenant_credential_events (tenant_id, seq) where position is null;
create index if not exists idx_tenant_credential_events_saved
  on "tenant_acme".tenant_credential_events (tenant_id, service, seq) where event = 'credential.saved';
create table if not exists "tenant_acme".tenant_credential_states (
  tenant_id text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  updated_at timestamptz not null default pg_catalog.now(),
  primary key (tenant_id, name)
)
