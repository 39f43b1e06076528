-- The four credential tables of one tenant (contract, section 4).
--
-- Applied by migrateTenant and `cgk-integrations migrate`. By hand:
--   psql --single-transaction -v schema=tenant_acme -f 038_tenant_integration_config.sql
-- A schema that already has the tables keeps them and their rows as they are.

do $standalone$
begin
  -- The platform provides this function; elsewhere it is made.
  if to_regprocedure('public.update_updated_at_column()') is null then
    create function public.update_updated_at_column() returns trigger language plpgsql as $function$
    begin
      new.updated_at = now();
      return new;
    end
    $function$;
  end if;
end
$standalone$;

create table if not exists :"schema".tenant_stripe_config (
  id uuid primary key default gen_random_uuid(),
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
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (tenant_id)
);

create table if not exists :"schema".tenant_resend_config (
  id uuid primary key default gen_random_uuid(),
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
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (tenant_id)
);

create table if not exists :"schema".tenant_wise_config (
  id uuid primary key default gen_random_uuid(),
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
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (tenant_id)
);

create table if not exists :"schema".tenant_api_credentials (
  id uuid primary key default gen_random_uuid(),
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
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (tenant_id, service_name)
);

create index if not exists idx_tenant_stripe_config_active
  on :"schema".tenant_stripe_config (tenant_id) where is_active;
create index if not exists idx_tenant_resend_config_active
  on :"schema".tenant_resend_config (tenant_id) where is_active;
create index if not exists idx_tenant_wise_config_active
  on :"schema".tenant_wise_config (tenant_id) where is_active;
create index if not exists idx_tenant_api_credentials_active
  on :"schema".tenant_api_credentials (tenant_id, service_name) where is_active;

create or replace trigger tenant_stripe_config_updated_at
  before update on :"schema".tenant_stripe_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_resend_config_updated_at
  before update on :"schema".tenant_resend_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_wise_config_updated_at
  before update on :"schema".tenant_wise_config
  for each row execute function public.update_updated_at_column();
create or replace trigger tenant_api_credentials_updated_at
  before update on :"schema".tenant_api_credentials
  for each row execute function public.update_updated_at_column();
