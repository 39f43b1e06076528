select d.answer from (
select pg_catalog.json_build_object(
  'tenantId', t.slug,
  'problem', coalesce(p.problem, case when s.is_elsewhere then 'other_layout' else 'schema_missing' end),
  'name', p.name
)::text as answer
from pg_catalog.unnest(pg_catalog.string_to_array($2::text, ',')) as t (slug)
left join pg_catalog.pg_namespace as n
  on n.nspname operator(pg_catalog.=) ('tenant_' operator(pg_catalog.||) t.slug)::name
cross join lateral (
  select n.oid is not null and (exists (
  select from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials')
) or not t.slug operator(pg_catalog.=) any (pg_catalog.string_to_array($1::text, ','))) as is_here, t.slug operator(pg_catalog.=) any (pg_catalog.string_to_array($1::text, ',')) as is_elsewhere, false as is_distributed
) as s
left join lateral (
select 'in_both_layouts' as problem, null as name where s.is_elsewhere
union all
select 'missing', t.name
from (values ('tenant_stripe_config'), ('tenant_resend_config'), ('tenant_wise_config'), ('tenant_api_credentials'), ('idx_tenant_stripe_config_active'), ('idx_tenant_resend_config_active'), ('idx_tenant_wise_config_active'), ('idx_tenant_api_credentials_active'), ('tenant_credential_events'), ('idx_tenant_credential_events_position'), ('idx_tenant_credential_events_unsealed'), ('idx_tenant_credential_events_saved'), ('tenant_credential_states')) as t (name)
where not exists (select from pg_catalog.pg_class as c 
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) t.name::name)
union all
select 'missing', t.relation operator(pg_catalog.||) '.' operator(pg_catalog.||) t.name
from (values ('tenant_stripe_config', 'id'), ('tenant_stripe_config', 'tenant_id'), ('tenant_stripe_config', 'is_active'), ('tenant_stripe_config', 'last_verified_at'), ('tenant_stripe_config', 'last_error'), ('tenant_stripe_config', 'created_at'), ('tenant_stripe_config', 'updated_at'), ('tenant_stripe_config', 'secret_key_encrypted'), ('tenant_stripe_config', 'publishable_key'), ('tenant_stripe_config', 'webhook_secret_encrypted'), ('tenant_stripe_config', 'livemode'), ('tenant_stripe_config', 'stripe_account_id'), ('tenant_stripe_config', 'account_name'), ('tenant_stripe_config', 'account_country'), ('tenant_stripe_config', 'connect_enabled'), ('tenant_stripe_config', 'connect_client_id'), ('tenant_resend_config', 'id'), ('tenant_resend_config', 'tenant_id'), ('tenant_resend_config', 'is_active'), ('tenant_resend_config', 'last_verified_at'), ('tenant_resend_config', 'last_error'), ('tenant_resend_config', 'created_at'), ('tenant_resend_config', 'updated_at'), ('tenant_resend_config', 'api_key_encrypted'), ('tenant_resend_config', 'default_from_email'), ('tenant_resend_config', 'default_from_name'), ('tenant_resend_config', 'default_reply_to'), ('tenant_resend_config', 'resend_team_id'), ('tenant_resend_config', 'account_name'), ('tenant_resend_config', 'verified_domains'), ('tenant_wise_config', 'id'), ('tenant_wise_config', 'tenant_id'), ('tenant_wise_config', 'is_active'), ('tenant_wise_config', 'last_verified_at'), ('tenant_wise_config', 'last_error'), ('tenant_wise_config', 'created_at'), ('tenant_wise_config', 'updated_at'), ('tenant_wise_config', 'api_key_encrypted'), ('tenant_wise_config', 'webhook_secret_encrypted'), ('tenant_wise_config', 'sandbox_mode'), ('tenant_wise_config', 'source_currency'), ('tenant_wise_config', 'profile_id'), ('tenant_wise_config', 'profile_type'), ('tenant_wise_config', 'account_holder_name'), ('tenant_wise_config', 'source_balance_id'), ('tenant_api_credentials', 'id'), ('tenant_api_credentials', 'tenant_id'), ('tenant_api_credentials', 'is_active'), ('tenant_api_credentials', 'last_verified_at'), ('tenant_api_credentials', 'last_error'), ('tenant_api_credentials', 'created_at'), ('tenant_api_credentials', 'updated_at'), ('tenant_api_credentials', 'api_key_encrypted'), ('tenant_api_credentials', 'api_secret_encrypted'), ('tenant_api_credentials', 'metadata'), ('tenant_api_credentials', 'account_id'), ('tenant_api_credentials', 'service_name'), ('tenant_api_credentials', 'service_display_name'), ('tenant_resend_config', 'webhook_secret_encrypted'), ('tenant_stripe_config', 'failing_since'), ('tenant_resend_config', 'failing_since'), ('tenant_wise_config', 'failing_since'), ('tenant_api_credentials', 'failing_since')) as t (relation, name)
where exists (select from pg_catalog.pg_class as c 
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) t.relation::name and c.relkind in ('r', 'p')) and not exists (
  select from pg_catalog.pg_class as c join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname operator(pg_catalog.=) t.name::name and not a.attisdropped
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) t.relation::name
)
union all
select 'missing', t.name
from (values ('tenant_stripe_config', 'tenant_stripe_config_updated_at'), ('tenant_resend_config', 'tenant_resend_config_updated_at'), ('tenant_wise_config', 'tenant_wise_config_updated_at'), ('tenant_api_credentials', 'tenant_api_credentials_updated_at')) as t (relation, name)
where not s.is_distributed and exists (select from pg_catalog.pg_class as c 
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) t.relation::name and c.relkind in ('r', 'p')) and not exists (
  select from pg_catalog.pg_class as c join pg_catalog.pg_trigger as g on g.tgrelid operator(pg_catalog.=) c.oid
    and g.tgname operator(pg_catalog.=) t.name::name
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) t.relation::name
)
union all
select 'not_a_table', c.relname::text
from pg_catalog.pg_class as c
where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ('tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials', 'tenant_credential_events', 'tenant_credential_states', 'schema_migrations')
  and c.relkind not in ('r', 'p')
union all
select 'records_foreign', 'schema_migrations'
where exists (select from pg_catalog.pg_class as c 
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) 'schema_migrations') and 2 operator(pg_catalog.<>) (
  select pg_catalog.count(*) from pg_catalog.pg_class as c
  join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname in ('version', 'name') and not a.attisdropped
  where c.relnamespace operator(pg_catalog.=) n.oid
    and c.relname operator(pg_catalog.=) 'schema_migrations'
)
union all
select 'function_untrusted', f.proname::text
from pg_catalog.pg_proc as f
join pg_catalog.pg_roles as o on o.oid operator(pg_catalog.=) f.proowner
where f.oid operator(pg_catalog.=) pg_catalog.to_regprocedure('public.update_updated_at_column()')
  and not o.rolsuper
  and o.rolname operator(pg_catalog.<>) current_user
  and (not pg_catalog.pg_has_role(f.proowner, 'member') or exists (
    select from pg_catalog.pg_roles as r
    where r.rolname operator(pg_catalog.=) current_user and r.rolsuper
  ))
  and f.proowner operator(pg_catalog.<>) n.nspowner
  and f.proowner operator(pg_catalog.<>) (
    select d.datdba from pg_catalog.pg_database as d
    where d.datname operator(pg_catalog.=) pg_catalog.current_database()
  )
  and exists (
    select from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid operator(pg_catalog.=) t.tgrelid
    where c.relnamespace operator(pg_catalog.=) n.oid and t.tgfoid operator(pg_catalog.=) f.oid
  )
) as p on s.is_here
where p.problem is not null or not s.is_here
) as d
order by d.answer collate pg_catalog."C"
