-- What happened to the tenant's credentials, and what scheduled work remembers of them.
--
-- Not recorded in schema_migrations: its numbers are the platform's. The tables themselves show it.

create table if not exists :"schema".tenant_credential_events (
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
  on :"schema".tenant_credential_events (tenant_id, position) where position is not null;
create index if not exists idx_tenant_credential_events_unsealed
  on :"schema".tenant_credential_events (tenant_id, seq) where position is null;
create index if not exists idx_tenant_credential_events_saved
  on :"schema".tenant_credential_events (tenant_id, service, seq) where event = 'credential.saved';

create table if not exists :"schema".tenant_credential_states (
  tenant_id text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  updated_at timestamptz not null default pg_catalog.now(),
  primary key (tenant_id, name)
);
