//! The layout in which tenants share their tables: one schema has each table once, and knows its tenants.
//!
//! The tables have the columns of a tenant's own. No trigger sets `updated_at`, because every statement does and
//! planners of distributed tables refuse it.

use super::builder::{NOW, TENANTS, cast, default};
use super::events::EVENTS;
use super::migration::{self, LOCK_TIMEOUT, lock};
use super::registry::{registered, service_tables, statement};
use super::schedule::STATES;
use crate::catalog::{Column, ColumnKind, ColumnRole, FAILING_SINCE, ServiceTable, Table};
use crate::database::{Retry, Statement};
use crate::tenant::Layout;

/// Makes the tables of events and states.
const CREATE_EVENTS: &str = include_str!("migrations/credential_events.sql");

/// Tables whose rows refer to their tenant: those of credentials, and that of states.
const REFERRING: usize = ServiceTable::ALL.len() + 1;

/// All of these where the tables lack what a migration leaves.
pub(crate) fn registered_to_migrate(layout: &Layout) -> Statement {
    let condition = format!("\nwhere {}", is_incomplete(layout));
    statement(registered(layout, &condition), None, Retry::Safe)
}

/// Answers with one row where the tables lack what a migration leaves.
pub(crate) fn shared_to_migrate(layout: &Layout) -> Statement {
    statement(
        format!("select '{{}}' as answer\nwhere {}", is_incomplete(layout)),
        None,
        Retry::Safe,
    )
}

fn is_incomplete(layout: &Layout) -> String {
    let conditions: Vec<_> =
        migration::shared_leaves().copied().map(migration::has_trace).collect();
    let schema = layout.shared_schema();
    format!(
        "not exists (
  select from pg_catalog.pg_namespace as n
  where n.oid operator(pg_catalog.=) pg_catalog.to_regnamespace('{schema}') and {}
  and {REFERRING} operator(pg_catalog.=) (
    select pg_catalog.count(distinct c.oid) from pg_catalog.pg_class as c
    join pg_catalog.pg_constraint as k on k.conrelid operator(pg_catalog.=) c.oid
      and k.contype operator(pg_catalog.=) 'f'
    where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({}, '{STATES}')
  )
)",
        conditions.join("\n  and "),
        service_tables(),
    )
}

/// Makes the schema and its tables, and what these lack. Where the server has a function that distributes
/// tables over machines, they are distributed by tenant.
pub(crate) fn migrate_shared(layout: &Layout) -> Statement {
    let schema = layout.shared_schema();
    let tables: Vec<_> =
        ServiceTable::ALL.map(|table| create_table(&schema, table.table())).concat();
    let names = ServiceTable::ALL.map(|table| table.table().name);
    let of_tenants = [&names[..], &[STATES]].concat();
    let all = [&[TENANTS, EVENTS], &of_tenants[..]].concat();
    let sql = format!(
        "do $migration$
declare
  relation pg_catalog.regclass;
begin
perform pg_catalog.set_config('lock_timeout', '{LOCK_TIMEOUT}', true);
-- Citus would keep all tables of a schema that is made otherwise on one machine.
perform pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true);
perform {};
create schema if not exists {schema};
create table if not exists {schema}.{TENANTS} (
  tenant_id text primary key,
  created_at timestamptz not null default {NOW}
);
{}{}
if pg_catalog.to_regproc('pg_catalog.create_distributed_table') is not null then
  foreach relation in array array[{}]::pg_catalog.regclass[] loop
    if not exists (select from pg_catalog.pg_dist_partition as p where p.logicalrelid operator(pg_catalog.=) relation) then
      perform pg_catalog.create_distributed_table(relation, 'tenant_id');
    end if;
  end loop;
end if;
foreach relation in array array[{}]::pg_catalog.regclass[] loop
  if not exists (
    select from pg_catalog.pg_constraint as c
    where c.conrelid operator(pg_catalog.=) relation and c.contype operator(pg_catalog.=) 'f'
  ) then
    execute pg_catalog.concat('alter table ', relation, ' add foreign key (tenant_id) references {schema}.{TENANTS}');
  end if;
end loop;
end
$migration$",
        lock(&schema),
        tables.concat(),
        CREATE_EVENTS.replace(":\"schema\"", &schema),
        quoted(&schema, &all),
        quoted(&schema, &of_tenants),
    );
    statement(sql, None, Retry::Never)
}

/// Makes a table, or the columns that it lacks.
fn create_table(schema: &str, table: &Table) -> Vec<String> {
    let columns = columns(table);
    let name = format!("{schema}.{}", table.name);
    let mut statements = vec![format!(
        "create table if not exists {name} (\n  {},\n  primary key (tenant_id, id),\n  unique ({})\n);\n",
        columns.join(",\n  "),
        table.key.join(", "),
    )];
    // The first tables had all but those that are to come.
    let added = columns.iter().filter(|column| !column.contains(" not null"));
    statements.extend(
        added.map(|column| format!("alter table {name} add column if not exists {column};\n")),
    );
    statements
}

/// The columns of a table, with their types and defaults.
fn columns(table: &Table) -> Vec<String> {
    let own = table.columns.iter().filter(|column| column.kind != ColumnKind::MetadataSecret);
    let own = own.map(|column| {
        let default = match default(column).as_str() {
            "null" => String::new(),
            default => format!(" default {default}"),
        };
        let not_null = if is_required(table, column) { " not null" } else { "" };
        format!("{} {}{not_null}{default}", column.name, cast(column))
    });
    let first =
        ["id uuid not null default pg_catalog.gen_random_uuid()", "tenant_id text not null"];
    let last = [
        "is_active boolean default true".to_owned(),
        "last_verified_at timestamptz".to_owned(),
        "last_error text".to_owned(),
        format!("{FAILING_SINCE} timestamptz"),
        format!("created_at timestamptz default {NOW}"),
        format!("updated_at timestamptz default {NOW}"),
    ];
    first.map(str::to_owned).into_iter().chain(own).chain(last).collect()
}

fn is_required(table: &Table, column: &Column) -> bool {
    matches!(column.role, ColumnRole::Input { required: true, .. })
        || table.key.contains(&column.name)
}

fn quoted(schema: &str, names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("'{schema}.{name}'")).collect();
    names.join(", ")
}
