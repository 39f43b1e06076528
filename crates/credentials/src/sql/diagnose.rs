//! What is wrong with the tables of tenants, of hundreds at a time.

use super::builder::{Sql, TENANTS};
use super::migration::{DISTRIBUTED_SCHEMAS, Trace, is_index, leaves, shared_leaves};
use super::registry::{has_service_tables, readable_registry, service_tables, statement};
use super::schedule::STATES;
use crate::catalog::{ColumnKind, SHARED_COLUMNS, ServiceTable};
use crate::database::{Retry, Statement};
use crate::tenant::Layout;

/// Where Citus keeps which tables are distributed.
const DISTRIBUTED_TABLES: &str = "pg_catalog.pg_dist_partition";

/// What a server has that not every one has: a statement that names something else fails.
#[derive(Default, Clone, Copy)]
pub(crate) struct ServerFacts {
    pub(crate) distributes_schemas: bool,
    distributes_tables: bool,
    /// Tables that tenants share know who is there.
    pub(crate) has_registry: bool,
}

impl ServerFacts {
    /// Answers with the names of what is there.
    pub(crate) fn statement(layout: &Layout) -> Statement {
        let sql = format!(
            "select c.relname::text as answer
from pg_catalog.pg_class as c
where c.oid in (pg_catalog.to_regclass('{DISTRIBUTED_SCHEMAS}'), pg_catalog.to_regclass('{DISTRIBUTED_TABLES}'))
union all
{}",
            readable_registry(&layout.shared_schema()),
        );
        statement(sql, None, Retry::Safe)
    }

    /// Reads the answer.
    pub(crate) fn read(names: &[String]) -> Self {
        let has = |relation: &str| names.iter().any(|name| relation.ends_with(name));
        Self {
            distributes_schemas: has(DISTRIBUTED_SCHEMAS),
            distributes_tables: has(DISTRIBUTED_TABLES),
            has_registry: has(TENANTS),
        }
    }
}

/// What is looked at: names with commas in between, and what is wrong with one.
struct Subject<'a> {
    names: &'a str,
    /// Before the name of its schema.
    prefix: &'a str,
    /// What its problems are listed under.
    tenant: &'a str,
    /// The problem of one that is nowhere.
    missing: &'a str,
    is_distributed: String,
    /// Conditions of it being where it should be, and in the other layout.
    is_here: String,
    is_elsewhere: String,
    problems: Vec<String>,
}

/// Those of the slugs, with commas in between, that the tables know which tenants share. A statement of its own:
/// planners of distributed tables do not join these with the catalog.
pub(crate) fn registered_of(slugs: &str, layout: &Layout) -> Statement {
    let mut sql = Sql::default();
    let is_one = is_one_of(&sql.bind_text(slugs));
    sql.push(&format!(
        "select t.tenant_id as answer\nfrom {}.{TENANTS} as t\nwhere t.tenant_id {is_one}",
        layout.shared_schema(),
    ));
    sql.read()
}

/// Answers with a problem a row, as JSON, for tenants whose slugs have commas in between, as those have that tables
/// know. Where they share their tables, the problems of these come with them, without a tenant.
pub(crate) fn diagnose(
    slugs: &str,
    registered: &[String],
    layout: &Layout,
    server: ServerFacts,
) -> Statement {
    let registry = layout.shared_schema();
    let mut sql = Sql::default();
    let is_registered = format!("t.slug {}", is_one_of(&sql.bind_text(&registered.join(","))));
    let has_tables = has_service_tables();
    sql.push("select d.answer from (\n");
    if layout.is_shared() {
        let tenants = Subject {
            names: slugs,
            prefix: TENANT_PREFIX,
            tenant: "t.slug",
            missing: "tenant_missing",
            is_distributed: "false".to_owned(),
            is_here: is_registered,
            is_elsewhere: has_tables,
            problems: Vec::new(),
        };
        tenants.push_to(&mut sql);
        sql.push("\nunion all\n");
        of_shared_tables(registry.trim_matches('"'), server).push_to(&mut sql);
    } else {
        let is_distributed = if server.distributes_schemas {
            format!(
                "exists (select from {DISTRIBUTED_SCHEMAS} as d where d.schemaid operator(pg_catalog.=) n.oid)"
            )
        } else {
            "false".to_owned()
        };
        let schemas = Subject {
            names: slugs,
            prefix: TENANT_PREFIX,
            tenant: "t.slug",
            missing: "schema_missing",
            is_distributed,
            is_here: format!("n.oid is not null and ({has_tables} or not {is_registered})"),
            is_elsewhere: is_registered,
            problems: of_own_tables(server),
        };
        schemas.push_to(&mut sql);
    }
    sql.push("\n) as d\norder by d.answer collate pg_catalog.\"C\"");
    sql.read()
}

fn is_one_of(list: &str) -> String {
    format!("operator(pg_catalog.=) any (pg_catalog.string_to_array({list}, ','))")
}

/// Before a slug in the name of a tenant's schema.
const TENANT_PREFIX: &str = "tenant_";

fn of_own_tables(server: ServerFacts) -> Vec<String> {
    let mut problems = vec![
        missing_relations(leaves()),
        missing_columns(),
        missing_triggers(),
        other_relations("schema_migrations"),
        other_records(),
        untrusted_function(),
    ];
    if server.distributes_schemas {
        problems.push(format!(
            "{}
  and (s.is_distributed or exists (
    select from pg_catalog.pg_class as o
    join {DISTRIBUTED_TABLES} as d on d.logicalrelid operator(pg_catalog.=) o.oid
    where o.relnamespace operator(pg_catalog.=) n.oid and o.relname in ({})
  ))",
            undistributed_tables("schema_migrations"),
            names("schema_migrations"),
        ));
    }
    problems
}

fn of_shared_tables(schema: &str, server: ServerFacts) -> Subject<'_> {
    let mut problems = vec![
        missing_relations(shared_leaves()),
        missing_columns(),
        missing_constraints(),
        other_relations(TENANTS),
    ];
    if server.distributes_tables {
        problems.push(undistributed_tables(TENANTS));
    }
    Subject {
        names: schema,
        prefix: "",
        tenant: "null",
        missing: "schema_missing",
        is_distributed: "false".to_owned(),
        is_here: "n.oid is not null".to_owned(),
        is_elsewhere: "false".to_owned(),
        problems,
    }
}

impl Subject<'_> {
    fn push_to(self, sql: &mut Sql) {
        let Self { prefix, tenant, missing, is_here, is_elsewhere, is_distributed, .. } = self;
        let in_both =
            "select 'in_both_layouts' as problem, null as name where s.is_elsewhere".to_owned();
        let problems = [vec![in_both], self.problems].concat();
        let names = sql.bind_text(self.names);
        sql.push(&format!(
            "select pg_catalog.json_build_object(
  'tenantId', {tenant},
  'problem', coalesce(p.problem, case when s.is_elsewhere then 'other_layout' else '{missing}' end),
  'name', p.name
)::text as answer
from pg_catalog.unnest(pg_catalog.string_to_array({names}, ',')) as t (slug)
left join pg_catalog.pg_namespace as n
  on n.nspname operator(pg_catalog.=) ('{prefix}' operator(pg_catalog.||) t.slug)::name
cross join lateral (
  select {is_here} as is_here, {is_elsewhere} as is_elsewhere, {is_distributed} as is_distributed
) as s
left join lateral (
{}
) as p on s.is_here
where p.problem is not null or not s.is_here",
            problems.join("\nunion all\n"),
        ));
    }
}

fn missing_relations(leaves: impl Iterator<Item = &'static Trace>) -> String {
    let names = leaves.filter_map(|trace| match trace {
        Trace::Relation(name) => Some(format!("('{name}')")),
        _ => None,
    });
    format!(
        "select 'missing', t.name
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

/// Those without which tables that tenants share mix them up: of one that something else made, and of one whose
/// keys somebody dropped.
fn missing_constraints() -> String {
    let keyed = service_tables();
    format!(
        "select 'missing', c.relname operator(pg_catalog.||) ' (' operator(pg_catalog.||) t.label operator(pg_catalog.||) ')'
from pg_catalog.pg_class as c
cross join lateral (values ('p', 'primary key'), ('u', 'unique'), ('f', 'foreign key')) as t (kind, label)
where c.relnamespace operator(pg_catalog.=) n.oid and c.relkind in ('r', 'p')
  and (c.relname in ({keyed})
    or c.relname in ({}) and t.kind operator(pg_catalog.=) 'p'
    or c.relname operator(pg_catalog.=) '{STATES}' and t.kind operator(pg_catalog.=) 'f')
  and not exists (
    select from pg_catalog.pg_constraint as o
    where o.conrelid operator(pg_catalog.=) c.oid and o.contype operator(pg_catalog.=) t.kind::\"char\"
  )",
        names(TENANTS),
    )
}

/// What has the name of a table and is none, such as a view.
fn other_relations(records: &'static str) -> String {
    format!(
        "select 'not_a_table', c.relname::text
from pg_catalog.pg_class as c
where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({})
  and c.relkind not in ('r', 'p')",
        names(records),
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

/// Tables that Citus does not know.
fn undistributed_tables(records: &'static str) -> String {
    format!(
        "select 'not_distributed', c.relname::text
from pg_catalog.pg_class as c
where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({})
  and c.relkind in ('r', 'p') and not exists (
    select from {DISTRIBUTED_TABLES} as d where d.logicalrelid operator(pg_catalog.=) c.oid
  )",
        names(records),
    )
}

/// The quoted names of the tables that migrations make, and of the one that records something.
fn names(records: &'static str) -> String {
    joined(tables().chain([records]).map(|name| format!("'{name}'")))
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
