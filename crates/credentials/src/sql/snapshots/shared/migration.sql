do $migration$
declare
  relation pg_catalog.regclass;
begin
perform pg_catalog.set_config('lock_timeout', '5s', true);
-- Citus would keep all tables of a schema that is made otherwise on one machine.
perform pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true);
perform pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of "vault"', 0)
);
create schema if not exists "vault";
create table if not exists "vault".tenants (
  tenant_id text primary key,
  created_at timestamptz not null default pg_catalog.now()
);
create table if not exists "vault".tenant_stripe_config (
  id uuid not null default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  secret_key_encrypted text not null,
  publishable_key text,
  webhook_secret_encrypted text,
  livemode boolean default false,
  stripe_account_id text,
  account_name text,
  account_country text,
  connect_enabled boolean default false,
  connect_client_id text,
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  failing_since timestamptz,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  primary key (tenant_id, id),
  unique (tenant_id)
);
alter table "vault".tenant_stripe_config add column if not exists publishable_key text;
alter table "vault".tenant_stripe_config add column if not exists webhook_secret_encrypted text;
alter table "vault".tenant_stripe_config add column if not exists livemode boolean default false;
alter table "vault".tenant_stripe_config add column if not exists stripe_account_id text;
alter table "vault".tenant_stripe_config add column if not exists account_name text;
alter table "vault".tenant_stripe_config add column if not exists account_country text;
alter table "vault".tenant_stripe_config add column if not exists connect_enabled boolean default false;
alter table "vault".tenant_stripe_config add column if not exists connect_client_id text;
alter table "vault".tenant_stripe_config add column if not exists is_active boolean default true;
alter table "vault".tenant_stripe_config add column if not exists last_verified_at timestamptz;
alter table "vault".tenant_stripe_config add column if not exists last_error text;
alter table "vault".tenant_stripe_config add column if not exists failing_since timestamptz;
alter table "vault".tenant_stripe_config add column if not exists created_at timestamptz default pg_catalog.now();
alter table "vault".tenant_stripe_config add column if not exists updated_at timestamptz default pg_catalog.now();
create table if not exists "vault".tenant_resend_config (
  id uuid not null default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  api_key_encrypted text not null,
  default_from_email text,
  default_from_name text,
  default_reply_to text,
  webhook_secret_encrypted text,
  resend_team_id text,
  account_name text,
  verified_domains jsonb default '[]',
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  failing_since timestamptz,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  primary key (tenant_id, id),
  unique (tenant_id)
);
alter table "vault".tenant_resend_config add column if not exists default_from_email text;
alter table "vault".tenant_resend_config add column if not exists default_from_name text;
alter table "vault".tenant_resend_config add column if not exists default_reply_to text;
alter table "vault".tenant_resend_config add column if not exists webhook_secret_encrypted text;
alter table "vault".tenant_resend_config add column if not exists resend_team_id text;
alter table "vault".tenant_resend_config add column if not exists account_name text;
alter table "vault".tenant_resend_config add column if not exists verified_domains jsonb default '[]';
alter table "vault".tenant_resend_config add column if not exists is_active boolean default true;
alter table "vault".tenant_resend_config add column if not exists last_verified_at timestamptz;
alter table "vault".tenant_resend_config add column if not exists last_error text;
alter table "vault".tenant_resend_config add column if not exists failing_since timestamptz;
alter table "vault".tenant_resend_config add column if not exists created_at timestamptz default pg_catalog.now();
alter table "vault".tenant_resend_config add column if not exists updated_at timestamptz default pg_catalog.now();
create table if not exists "vault".tenant_wise_config (
  id uuid not null default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  api_key_encrypted text not null,
  webhook_secret_encrypted text,
  sandbox_mode boolean default false,
  source_currency text default 'USD',
  profile_id text,
  profile_type text,
  account_holder_name text,
  source_balance_id text,
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  failing_since timestamptz,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  primary key (tenant_id, id),
  unique (tenant_id)
);
alter table "vault".tenant_wise_config add column if not exists webhook_secret_encrypted text;
alter table "vault".tenant_wise_config add column if not exists sandbox_mode boolean default false;
alter table "vault".tenant_wise_config add column if not exists source_currency text default 'USD';
alter table "vault".tenant_wise_config add column if not exists profile_id text;
alter table "vault".tenant_wise_config add column if not exists profile_type text;
alter table "vault".tenant_wise_config add column if not exists account_holder_name text;
alter table "vault".tenant_wise_config add column if not exists source_balance_id text;
alter table "vault".tenant_wise_config add column if not exists is_active boolean default true;
alter table "vault".tenant_wise_config add column if not exists last_verified_at timestamptz;
alter table "vault".tenant_wise_config add column if not exists last_error text;
alter table "vault".tenant_wise_config add column if not exists failing_since timestamptz;
alter table "vault".tenant_wise_config add column if not exists created_at timestamptz default pg_catalog.now();
alter table "vault".tenant_wise_config add column if not exists updated_at timestamptz default pg_catalog.now();
create table if not exists "vault".tenant_api_credentials (
  id uuid not null default pg_catalog.gen_random_uuid(),
  tenant_id text not null,
  api_key_encrypted text not null,
  api_secret_encrypted text,
  metadata jsonb default '{}',
  account_id text,
  service_name text not null,
  service_display_name text,
  is_active boolean default true,
  last_verified_at timestamptz,
  last_error text,
  failing_since timestamptz,
  created_at timestamptz default pg_catalog.now(),
  updated_at timestamptz default pg_catalog.now(),
  primary key (tenant_id, id),
  unique (tenant_id, service_name)
);
alter table "vault".tenant_api_credentials add column if not exists api_secret_encrypted text;
alter table "vault".tenant_api_credentials add column if not exists metadata jsonb default '{}';
alter table "vault".tenant_api_credentials add column if not exists account_id text;
alter table "vault".tenant_api_credentials add column if not exists service_display_name text;
alter table "vault".tenant_api_credentials add column if not exists is_active boolean default true;
alter table "vault".tenant_api_credentials add column if not exists last_verified_at timestamptz;
alter table "vault".tenant_api_credentials add column if not exists last_error text;
alter table "vault".tenant_api_credentials add column if not exists failing_since timestamptz;
alter table "vault".tenant_api_credentials add column if not exists created_at timestamptz default pg_catalog.now();
alter table "vault".tenant_api_credentials add column if not exists updated_at timestamptz default pg_catalog.now();
-- What happened to the tenant's credentials, and what scheduled work remembers of them.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The tables themselves show it.

create table if not exists "vault".tenant_credential_events (
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
  on "vault".tenant_credential_events (tenant_id, position) where position is not null;
create index if not exists idx_tenant_credential_events_unsealed
  on "vault".tenant_credential_events (tenant_id, seq) where position is null;
create index if not exists idx_tenant_credential_events_saved
  on "vault".tenant_credential_events (tenant_id, service, seq) where event = 'credential.saved';

create table if not exists "vault".tenant_credential_states (
  tenant_id text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  updated_at timestamptz not null default pg_catalog.now(),
  primary key (tenant_id, name)
);

if pg_catalog.to_regproc('pg_catalog.create_distributed_table') is not null then
  foreach relation in array array['"vault".tenants', '"vault".tenant_credential_events', '"vault".tenant_stripe_config', '"vault".tenant_resend_config', '"vault".tenant_wise_config', '"vault".tenant_api_credentials', '"vault".tenant_credential_states']::pg_catalog.regclass[] loop
    if not exists (select from pg_catalog.pg_dist_partition as p where p.logicalrelid operator(pg_catalog.=) relation) then
      perform pg_catalog.create_distributed_table(relation, 'tenant_id');
    end if;
  end loop;
end if;
foreach relation in array array['"vault".tenant_stripe_config', '"vault".tenant_resend_config', '"vault".tenant_wise_config', '"vault".tenant_api_credentials', '"vault".tenant_credential_states']::pg_catalog.regclass[] loop
  if not exists (
    select from pg_catalog.pg_constraint as c
    where c.conrelid operator(pg_catalog.=) relation and c.contype operator(pg_catalog.=) 'f'
  ) then
    execute pg_catalog.concat('alter table ', relation, ' add foreign key (tenant_id) references "vault".tenants');
  end if;
end loop;
end
$migration$
