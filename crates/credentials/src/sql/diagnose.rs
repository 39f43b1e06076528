//! What is wrong with the schemas of tenants, of hundreds at a time.

use super::builder::Sql;
use super::migration::{DISTRIBUTED_SCHEMAS, Trace, is_index, leaves};
use crate::catalog::{ColumnKind, SHARED_COLUMNS, ServiceTable};
use crate::database::Statement;

/// Where Citus keeps which tables are distributed.
const DISTRIBUTED_TABLES: &str = "pg_catalog.pg_dist_partition";

/// Answers with a problem a row, as JSON, for tenants whose slugs have commas in between.
pub(crate) fn diagnose(slugs: &str, can_be_distributed: bool) -> Statement {
    let mut sql = Sql::default();
    let slugs = sql.bind_text(slugs);
    let distributed = if can_be_distributed {
        format!(
            "exists (select from {DISTRIBUTED_SCHEMAS} as d where d.schemaid operator(pg_catalog.=) n.oid)"
        )
    } else {
        "false".to_owned()
    };
    let mut problems = vec![
        missing_relations(),
        missing_columns(),
        missing_triggers(),
        other_relations(),
        other_records(),
        untrusted_function(),
    ];
    if can_be_distributed {
        problems.push(undistributed_tables());
    }
    sql.push(&format!(
        "select pg_catalog.json_build_object(
  'tenantId', t.slug,
  'problem', case when n.oid is null then 'schema_missing' else p.problem end,
  'name', p.name
)::text as answer
from pg_catalog.unnest(pg_catalog.string_to_array({slugs}, ',')) as t (slug)
left join pg_catalog.pg_namespace as n
  on n.nspname operator(pg_catalog.=) ('tenant_' operator(pg_catalog.||) t.slug)::name
cross join lateral (select {distributed} as is_distributed) as s
left join lateral (
{}
) as p on n.oid is not null
where n.oid is null or p.problem is not null
order by t.slug, p.problem, p.name",
        problems.join("\nunion all\n"),
    ));
    sql.read()
}

fn missing_relations() -> String {
    let names = leaves().filter_map(|trace| match trace {
        Trace::Relation(name) => Some(format!("('{name}')")),
        _ => None,
    });
    format!(
        "select 'missing' as problem, t.name as name
from (values {}) as t (name)
where not exists ({})",
        joined(names),
        relation("t.name::name", ""),
    )
}

/// Those of tables that are there.
fn missing_columns() -> String {
    let first = ServiceTable::ALL.into_iter().flat_map(|table| {
        let table = table.table();
        let own = table
            .columns
            .iter()
            .filter(|column| column.kind != ColumnKind::MetadataSecret && !column.is_added);
        let shared = SHARED_COLUMNS.iter().map(|column| column.name);
        let names = shared.chain(own.map(|column| column.name));
        names.map(|name| format!("('{}', '{name}')", table.name))
    });
    let later = leaves().filter_map(|trace| match trace {
        Trace::Column(table, name) => Some(format!("('{table}', '{name}')")),
        _ => None,
    });
    format!(
        "select 'missing', t.relation operator(pg_catalog.||) '.' operator(pg_catalog.||) t.name
from (values {}) as t (relation, name)
where exists ({}) and not exists (
  {}
)",
        joined(first.chain(later)),
        table("t.relation::name"),
        relation(
            "t.relation::name",
            "join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname operator(pg_catalog.=) t.name::name and not a.attisdropped"
        ),
    )
}

/// Planners of distributed tables refuse triggers, and no statement needs them.
fn missing_triggers() -> String {
    let triggers = leaves().filter_map(|trace| match trace {
        Trace::Trigger(table, name) => Some(format!("('{table}', '{name}')")),
        _ => None,
    });
    format!(
        "select 'missing', t.name
from (values {}) as t (relation, name)
where not s.is_distributed and exists ({}) and not exists (
  {}
)",
        joined(triggers),
        table("t.relation::name"),
        relation(
            "t.relation::name",
            "join pg_catalog.pg_trigger as g on g.tgrelid operator(pg_catalog.=) c.oid
    and g.tgname operator(pg_catalog.=) t.name::name"
        ),
    )
}

/// What has the name of a table and is none, such as a view.
fn other_relations() -> String {
    format!(
        "select 'not_a_table', c.relname::text
from pg_catalog.pg_class as c
where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({})
  and c.relkind not in ('r', 'p')",
        joined(tables().chain(["schema_migrations"]).map(|name| format!("'{name}'"))),
    )
}

/// A table of migrations that is another tool's.
fn other_records() -> String {
    format!(
        "select 'records_foreign', 'schema_migrations'
where exists ({}) and 2 operator(pg_catalog.<>) (
  select pg_catalog.count(*) from pg_catalog.pg_class as c
  join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname in ('version', 'name') and not a.attisdropped
  where c.relnamespace operator(pg_catalog.=) n.oid
    and c.relname operator(pg_catalog.=) 'schema_migrations'
)",
        relation("'schema_migrations'", ""),
    )
}

/// Triggers whose function belongs to a role that a migration would not trust either.
fn untrusted_function() -> String {
    "select 'function_untrusted', f.proname::text
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
  )"
    .to_owned()
}

/// Tables that Citus does not know, of a schema that is distributed or has others that it knows.
fn undistributed_tables() -> String {
    let names = joined(tables().chain(["schema_migrations"]).map(|name| format!("'{name}'")));
    let known = format!(
        "select from {DISTRIBUTED_TABLES} as d where d.logicalrelid operator(pg_catalog.=) c.oid"
    );
    format!(
        "select 'not_distributed', c.relname::text
from pg_catalog.pg_class as c
where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({names})
  and c.relkind operator(pg_catalog.=) 'r' and not exists ({known})
  and (s.is_distributed or exists (
    select from pg_catalog.pg_class as o
    join {DISTRIBUTED_TABLES} as d on d.logicalrelid operator(pg_catalog.=) o.oid
    where o.relnamespace operator(pg_catalog.=) n.oid and o.relname in ({names})
  ))"
    )
}

/// The tables that migrations make.
fn tables() -> impl Iterator<Item = &'static str> {
    leaves().filter_map(|trace| match trace {
        Trace::Relation(name) if !is_index(name) => Some(*name),
        _ => None,
    })
}

/// A relation of the schema.
fn relation(name: &str, join: &str) -> String {
    format!(
        "select from pg_catalog.pg_class as c {join}
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname operator(pg_catalog.=) {name}"
    )
}

/// A table of the schema.
fn table(name: &str) -> String {
    format!("{} and c.relkind in ('r', 'p')", relation(name, ""))
}

fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(", ")
}
