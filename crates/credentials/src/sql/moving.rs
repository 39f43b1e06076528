//! Moving a tenant from one layout to the other: a copy that is compared, and the end of what was copied, in one
//! transaction. What kills it leaves all as it was.

use super::builder::TENANTS;
use super::events::EVENTS;
use super::migration::{self, LOCK_TIMEOUT, lock};
use super::registry::{has_service_tables, service_tables, statement};
use super::schedule::STATES;
use crate::database::{Retry, Statement};
use crate::tenant::TenantId;

/// The SQLSTATE where rows or columns would be lost.
pub(crate) const WOULD_LOSE: &str = "CGK04";

/// The SQLSTATE where the tenant has rows in both layouts.
pub(crate) const IN_BOTH: &str = "CGK05";

/// The SQLSTATE where the copy is not what was copied.
pub(crate) const DIFFERS: &str = "CGK06";

/// Moves the rows of a tenant's own tables to those that tenants share, and drops the tables. Whoever waits for them in
/// the meantime finds none.
pub(crate) fn move_to_shared(tenant: &TenantId) -> Statement {
    let (own, shared, slug) = (tenant.own_schema(), tenant.layout().shared_schema(), tenant.slug());
    let tables = tables();
    let begin = begin(&own);
    let copy = copy(slug, &format!("{own}."), &format!("{shared}."));
    let sql = format!(
        "{begin}foreach relation in array array[{tables}] loop
  if pg_catalog.to_regclass(pg_catalog.concat('{own}.', relation)) is not null then
    execute pg_catalog.concat('lock table {own}.', relation, ' in access exclusive mode');
    is_found = true;
  end if;
end loop;
if not is_found then
  return;
end if;
if pg_catalog.to_regclass('{own}.{EVENTS}') is not null then
  highest = (select pg_catalog.max(t.seq) from {own}.{EVENTS} as t);
  sequence = pg_catalog.pg_get_serial_sequence('{shared}.{EVENTS}', 'seq')::regclass;
  -- Later events have higher numbers.
  if highest operator(pg_catalog.>) coalesce(pg_catalog.pg_sequence_last_value(sequence), 0) then
    lock table {shared}.{EVENTS} in share row exclusive mode;
    perform pg_catalog.setval(sequence, greatest(highest, pg_catalog.pg_sequence_last_value(sequence)));
  end if;
end if;
insert into {shared}.{TENANTS} as t (tenant_id) values ('{slug}') on conflict (tenant_id) do nothing;
{copy}foreach relation in array array[{tables}] loop
  execute pg_catalog.concat('drop table if exists {own}.', relation);
end loop;
end
$move$"
    );
    statement(sql, None, Retry::Never)
}

/// Moves the rows of a tenant to tables of its own, which it makes, in a schema that it makes where there is none. Changes
/// of all tenants that share their tables wait for it.
pub(crate) fn move_to_schema(tenant: &TenantId) -> Statement {
    let (own, shared, slug) = (tenant.own_schema(), tenant.layout().shared_schema(), tenant.slug());
    let tables = tables();
    let begin = begin(&own);
    let create = migration::create(tenant).sql;
    let copy = copy(slug, "pg_temp.moved_", &format!("{own}."));
    let of_tenant = format!("where tenant_id operator(pg_catalog.=) '{slug}'");
    let quoted = of_tenant.replace('\'', "''");
    let sql = format!(
        "{begin}foreach relation in array array[{tables}] loop
  execute pg_catalog.concat('lock table {shared}.', relation, ' in share row exclusive mode');
end loop;
if not exists (select from {shared}.{TENANTS} {of_tenant}) then
  return;
end if;
foreach relation in array array[{tables}] loop
  execute pg_catalog.concat(
    'create temporary table moved_', relation, ' on commit drop as select * from {shared}.', relation, ' {quoted}'
  );
  execute pg_catalog.concat('delete from {shared}.', relation, ' {quoted}');
end loop;
delete from {shared}.{TENANTS} {of_tenant};
execute $create${create}$create$;
{copy}highest = (select pg_catalog.max(t.seq) from pg_temp.moved_{EVENTS} as t);
if highest is not null then
  perform pg_catalog.setval(pg_catalog.pg_get_serial_sequence('{own}.{EVENTS}', 'seq')::regclass, highest);
end if;
end
$move$"
    );
    statement(sql, None, Retry::Never)
}

/// The schemas that have tables of credentials of one tenant.
pub(crate) fn schemas_with_tables() -> Statement {
    let sql = format!(
        "select n.nspname::text as answer
from pg_catalog.pg_namespace as n
where n.nspname operator(pg_catalog.~~) 'tenant\\_%' and {}
order by n.nspname",
        has_service_tables(),
    );
    statement(sql, None, Retry::Safe)
}

/// The beginning of either move: no migration of the tenant's schema, and no other move, runs with it.
fn begin(own: &str) -> String {
    format!(
        "do $move$
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
perform pg_catalog.set_config('lock_timeout', '{LOCK_TIMEOUT}', true);
perform {};
",
        lock(own),
    )
}

/// All tables of a tenant, in the order in which statements that change something take them.
fn tables() -> String {
    format!("{}, '{STATES}', '{EVENTS}'", service_tables())
}

/// Copies all rows of the tables whose names begin as `from`, and compares. Rows that are there already are left alone
/// where there is none to copy, as in a schema that was made beside them.
fn copy(slug: &str, from: &str, to: &str) -> String {
    let tables = tables();
    format!(
        "foreach relation in array array[{tables}] loop
  source = pg_catalog.concat('{from}', relation);
  target = pg_catalog.concat('{to}', relation);
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
      'select exists (select from ', source, ' as t where t.tenant_id operator(pg_catalog.<>) ''{slug}'')'
    ) into is_found;
  end if;
  if is_found then
    raise exception 'rows or columns would be lost' using errcode = '{WOULD_LOSE}';
  end if;
  execute pg_catalog.concat(
    'select exists (select from ', target, ' as t where t.tenant_id operator(pg_catalog.=) ''{slug}'')'
  ) into is_found;
  is_taken = is_taken or is_found;
  execute pg_catalog.concat('select exists (select from ', source, ')') into is_found;
  is_filled = is_filled or is_found;
  if is_taken and is_filled then
    raise exception 'in both layouts' using errcode = '{IN_BOTH}';
  end if;
  if not is_found then
    continue;
  end if;
  execute pg_catalog.concat(
    'insert into ', target, ' (', names, ') overriding system value select ', names, ' from ', source
  );
  target = pg_catalog.concat(target, ' where tenant_id operator(pg_catalog.=) ''{slug}''');
  execute pg_catalog.concat(
    'select exists ((select ', names, ' from ', source, ' except all select ', names, ' from ', target,
    ') union all (select ', names, ' from ', target, ' except all select ', names, ' from ', source, '))'
  ) into is_found;
  if is_found then
    raise exception 'the copy differs' using errcode = '{DIFFERS}';
  end if;
end loop;
"
    )
}
