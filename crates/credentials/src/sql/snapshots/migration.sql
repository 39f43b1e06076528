do $migration$
declare
  takes_records boolean;
  is_distributed boolean = false;
  distributes boolean = false;
begin
perform pg_catalog.set_config('lock_timeout', '5s', true);
perform pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of "tenant_acme"', 0)
);
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
if pg_catalog.to_regclass('pg_catalog.pg_dist_schema') is not null then
  is_distributed = exists (select from pg_catalog.pg_dist_schema as d
  where d.schemaid operator(pg_catalog.=) pg_catalog.to_regnamespace('"tenant_acme"'));
end if;
if is_distributed and not (pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config') is not null
  and pg_catalog.to_regclass('"tenant_acme".tenant_resend_config') is not null
  and pg_catalog.to_regclass('"tenant_acme".tenant_wise_config') is not null
  and pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_stripe_config_active') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_resend_config_active') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_wise_config_active') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_api_credentials_active') is not null
  and exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'webhook_secret_encrypted' and not attisdropped
)
  and exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)
  and exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)
  and exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_wise_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)
  and exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
)
  and pg_catalog.to_regclass('"tenant_acme".tenant_credential_events') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_position') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_unsealed') is not null
  and pg_catalog.to_regclass('"tenant_acme".idx_tenant_credential_events_saved') is not null
  and pg_catalog.to_regclass('"tenant_acme".tenant_credential_states') is not null
  and pg_catalog.to_regclass('"tenant_acme".schema_migrations') is not null) then
  raise exception 'Citus does not see what a block makes' using errcode = 'CGK02';
end if;
create table if not exists "tenant_acme".schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
takes_records = 2 operator(pg_catalog.=) (
  select pg_catalog.count(*) from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".schema_migrations')
    and attname in ('version', 'name') and not attisdropped
);
declare
  is_recorded boolean = false;
begin
if takes_records then
  is_recorded = exists (select from "tenant_acme".schema_migrations where name in ('tenant_integration_config', '038_tenant_integration_config', '038_tenant_integration_config.sql'));
end if;
if not (is_recorded and pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config') is not null and pg_catalog.to_regclass('"tenant_acme".tenant_resend_config') is not null and pg_catalog.to_regclass('"tenant_acme".tenant_wise_config') is not null and pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials') is not null) then
if not (is_distributed or distributes) then
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
end if;
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
if not (is_distributed or distributes) then
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
end if;

  if takes_records and not is_recorded then
    begin
      insert into "tenant_acme".schema_migrations (version, name) values ('38', 'tenant_integration_config');
    exception when others then
      null;
    end;
  end if;
end if;
end;
if pg_catalog.to_regclass('"tenant_acme".tenant_resend_config') is not null and not exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'webhook_secret_encrypted' and not attisdropped
) then
alter table "tenant_acme".tenant_resend_config add column webhook_secret_encrypted text;
end if;
if pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config') is not null and not exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_stripe_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
) then
alter table "tenant_acme".tenant_stripe_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_stripe_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
end if;
if pg_catalog.to_regclass('"tenant_acme".tenant_resend_config') is not null and not exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_resend_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
) then
alter table "tenant_acme".tenant_resend_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_resend_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
end if;
if pg_catalog.to_regclass('"tenant_acme".tenant_wise_config') is not null and not exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_wise_config')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
) then
alter table "tenant_acme".tenant_wise_config add column failing_since timestamptz;
alter table "tenant_acme".tenant_wise_config alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
end if;
if pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials') is not null and not exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('"tenant_acme".tenant_api_credentials')
    and attname operator(pg_catalog.=) 'failing_since' and not attisdropped
) then
alter table "tenant_acme".tenant_api_credentials add column failing_since timestamptz;
alter table "tenant_acme".tenant_api_credentials alter column failing_since type timestamptz
  using case when last_error is not null then updated_at end;
end if;
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
);
end
$migration$
