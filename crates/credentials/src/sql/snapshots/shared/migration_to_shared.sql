do $move$
declare
  relation text;
  source text;
  target text;
  names text;
  is_found boolean = false;
  is_taken boolean = false;
  is_filled boolean = false;
  highest bigint;
  sequence pg_catalog.regclass;
begin
perform pg_catalog.set_config('lock_timeout', '5s', true);
perform pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of "tenant_acme"', 0)
);
foreach relation in array array['tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials', 'tenant_credential_states', 'tenant_credential_events'] loop
  if pg_catalog.to_regclass(pg_catalog.concat('"tenant_acme".', relation)) is not null then
    execute pg_catalog.concat('lock table "tenant_acme".', relation, ' in access exclusive mode');
    is_found = true;
  end if;
end loop;
if not is_found then
  return;
end if;
if pg_catalog.to_regclass('"tenant_acme".tenant_credential_events') is not null then
  highest = (select pg_catalog.max(t.seq) from "tenant_acme".tenant_credential_events as t);
  sequence = pg_catalog.pg_get_serial_sequence('"vault".tenant_credential_events', 'seq')::regclass;
  -- Later events have higher numbers.
  if highest operator(pg_catalog.>) coalesce(pg_catalog.pg_sequence_last_value(sequence), 0) then
    lock table "vault".tenant_credential_events in share row exclusive mode;
    perform pg_catalog.setval(sequence, greatest(highest, pg_catalog.pg_sequence_last_value(sequence)));
  end if;
end if;
insert into "vault".tenants as t (tenant_id) values ('acme') on conflict (tenant_id) do nothing;
foreach relation in array array['tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials', 'tenant_credential_states', 'tenant_credential_events'] loop
  source = pg_catalog.concat('"tenant_acme".', relation);
  target = pg_catalog.concat('"vault".', relation);
  if pg_catalog.to_regclass(source) is null then
    continue;
  end if;
  names = (
    select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum)
    from pg_catalog.pg_attribute as a
    where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(source)
      and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped
  );
  is_found = exists (
    select from pg_catalog.pg_attribute as a
    where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(source)
      and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped and not exists (
        select from pg_catalog.pg_attribute as b
        where b.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(target)
          and b.attname operator(pg_catalog.=) a.attname and not b.attisdropped
      )
  );
  if not is_found then
    execute pg_catalog.concat(
      'select exists (select from ', source, ' as t where t.tenant_id operator(pg_catalog.<>) ''acme'')'
    ) into is_found;
  end if;
  if is_found then
    raise exception 'rows or columns would be lost' using errcode = 'CGK04';
  end if;
  execute pg_catalog.concat(
    'select exists (select from ', target, ' as t where t.tenant_id operator(pg_catalog.=) ''acme'')'
  ) into is_found;
  is_taken = is_taken or is_found;
  execute pg_catalog.concat('select exists (select from ', source, ')') into is_found;
  is_filled = is_filled or is_found;
  if is_taken and is_filled then
    raise exception 'in both layouts' using errcode = 'CGK05';
  end if;
  if not is_found then
    continue;
  end if;
  execute pg_catalog.concat(
    'insert into ', target, ' (', names, ') overriding system value select ', names, ' from ', source
  );
  target = pg_catalog.concat(target, ' where tenant_id operator(pg_catalog.=) ''acme''');
  execute pg_catalog.concat(
    'select exists ((select ', names, ' from ', source, ' except all select ', names, ' from ', target,
    ') union all (select ', names, ' from ', target, ' except all select ', names, ' from ', source, '))'
  ) into is_found;
  if is_found then
    raise exception 'the copy differs' using errcode = 'CGK06';
  end if;
end loop;
foreach relation in array array['tenant_stripe_config', 'tenant_resend_config', 'tenant_wise_config', 'tenant_api_credentials', 'tenant_credential_states', 'tenant_credential_events'] loop
  execute pg_catalog.concat('drop table if exists "tenant_acme".', relation);
end loop;
end
$move$
