//! The migrations of a tenant's schema, all in one statement for databases that take one at a time.
//!
//! A `do` block is one transaction on every driver, over HTTP and through transaction-mode poolers. Where a
//! connection can have a transaction, `migration_script` runs the same statements alone.

use super::builder::{TENANTS, schema};
use super::registry::refuse_registered;
use crate::catalog::ServiceTable;
use crate::database::{Retry, Statement};
use crate::tenant::TenantId;

/// All migrations, in their order. A new one is one entry.
const MIGRATIONS: &[Migration] = &[
    Migration {
        record: Some(Record {
            version: 38,
            names: &[
                "tenant_integration_config",
                "038_tenant_integration_config",
                "038_tenant_integration_config.sql",
            ],
        }),
        sql: include_str!("migrations/038_tenant_integration_config.sql"),
        leaves: &[
            Trace::Relation("tenant_stripe_config"),
            Trace::Relation("tenant_resend_config"),
            Trace::Relation("tenant_wise_config"),
            Trace::Relation("tenant_api_credentials"),
            Trace::Relation("idx_tenant_stripe_config_active"),
            Trace::Relation("idx_tenant_resend_config_active"),
            Trace::Relation("idx_tenant_wise_config_active"),
            Trace::Relation("idx_tenant_api_credentials_active"),
            Trace::Trigger("tenant_stripe_config", "tenant_stripe_config_updated_at"),
            Trace::Trigger("tenant_resend_config", "tenant_resend_config_updated_at"),
            Trace::Trigger("tenant_wise_config", "tenant_wise_config_updated_at"),
            Trace::Trigger("tenant_api_credentials", "tenant_api_credentials_updated_at"),
        ],
    },
    Migration {
        record: None,
        sql: include_str!("migrations/resend_webhook_secret.sql"),
        leaves: &[Trace::Column("tenant_resend_config", "webhook_secret_encrypted")],
    },
    Migration {
        record: None,
        sql: include_str!("migrations/failing_since.sql"),
        leaves: &[
            Trace::Column("tenant_stripe_config", "failing_since"),
            Trace::Column("tenant_resend_config", "failing_since"),
            Trace::Column("tenant_wise_config", "failing_since"),
            Trace::Column("tenant_api_credentials", "failing_since"),
        ],
    },
    Migration {
        record: None,
        sql: include_str!("migrations/credential_events.sql"),
        leaves: &[
            Trace::Relation("tenant_credential_events"),
            Trace::Relation("idx_tenant_credential_events_position"),
            Trace::Relation("idx_tenant_credential_events_unsealed"),
            Trace::Relation("idx_tenant_credential_events_saved"),
            Trace::Relation("tenant_credential_states"),
        ],
    },
];

/// How long a migration waits for a lock that somebody else has on the tenant's tables.
pub(super) const LOCK_TIMEOUT: &str = "5s";

/// What Citus switches its distribution of new schemas by.
pub(super) const SHARDING: &str = "citus.enable_schema_based_sharding";
/// What distributes a schema with its tables, in Citus 12 and later.
pub(super) const DISTRIBUTE: &str = "pg_catalog.citus_schema_distribute";
/// Where Citus keeps which schemas are distributed.
pub(super) const DISTRIBUTED_SCHEMAS: &str = "pg_catalog.pg_dist_schema";

/// A change of a tenant's schema. `:"schema"` in its SQL stands for the name of the schema. A statement ends with
/// a semicolon at the end of a line.
#[derive(Clone, Copy)]
pub(super) struct Migration {
    /// How it is recorded. One without a record finds out by itself whether it was done: the numbers
    /// in `schema_migrations` are the platform's to give.
    pub(super) record: Option<Record>,
    /// Where `:"table"` stands in it, it runs for each table that lacks the column which it leaves.
    sql: &'static str,
    /// What the schema has afterwards: all that `tenants_to_migrate` looks for.
    leaves: &'static [Trace],
}

/// What a migration does, in order.
pub(super) struct Step {
    pub(super) sql: String,
    pub(super) need: Need,
}

/// When a step of a migration is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Always,
    /// The schema is not distributed: planners of distributed tables refuse triggers, and every statement sets
    /// `updated_at` itself.
    Triggers,
    /// The table is there and lacks the column.
    Column(&'static str, &'static str),
}

/// What a migration leaves in a schema.
#[derive(Clone, Copy)]
pub(super) enum Trace {
    /// A table or an index.
    Relation(&'static str),
    /// A column of a table.
    Column(&'static str, &'static str),
    /// A trigger of a table.
    Trigger(&'static str, &'static str),
}

/// An entry of `schema_migrations`, as the platform's runner makes it.
#[derive(Clone, Copy)]
pub(super) struct Record {
    version: u32,
    /// The name that it gets, and those under which the platform, and this package before it knew
    /// better, have recorded the same.
    names: &'static [&'static str],
}

impl Migration {
    /// What it does in a schema.
    pub(super) fn steps(&self, schema: &str) -> Vec<Step> {
        let sql = self.sql.replace(":\"schema\"", schema);
        if !sql.contains(":\"table\"") {
            let statements = statements(&sql).into_iter();
            return statements
                .map(|sql| {
                    let is_of_trigger = sql.contains("update_updated_at_column()");
                    Step { need: if is_of_trigger { Need::Triggers } else { Need::Always }, sql }
                })
                .collect();
        }
        let columns = self.leaves.iter().filter_map(|trace| match trace {
            Trace::Column(table, name) => Some((*table, *name)),
            Trace::Relation(_) | Trace::Trigger(..) => None,
        });
        let of_column = |(table, name)| {
            let statements = statements(&sql.replace(":\"table\"", table)).into_iter();
            statements.map(move |sql| Step { sql, need: Need::Column(table, name) })
        };
        columns.flat_map(of_column).collect()
    }
}

impl Record {
    /// Names the fact that it is there.
    pub(super) fn fact(&self) -> String {
        format!("version {}", self.version)
    }

    /// Whether the platform's table has it.
    pub(super) fn is_in(&self, schema: &str) -> String {
        let quoted: Vec<_> = self.names.iter().map(|name| format!("'{name}'")).collect();
        format!("select from {schema}.schema_migrations where name in ({})", quoted.join(", "))
    }

    /// Writes it into the platform's table. A literal suits a version of type integer and of type text.
    pub(super) fn insert(&self, schema: &str) -> String {
        let Self { version, names } = self;
        let name = names.first().copied().unwrap_or_default();
        format!(
            "insert into {schema}.schema_migrations (version, name) values ('{version}', '{name}');"
        )
    }
}

/// What all migrations leave.
pub(super) fn leaves() -> impl Iterator<Item = &'static Trace> {
    MIGRATIONS.iter().flat_map(|migration| migration.leaves)
}

/// All migrations, in their order.
pub(super) fn migrations() -> &'static [Migration] {
    MIGRATIONS
}

/// Does what `schema_migrations` does not say was done.
pub(crate) fn migrate(tenant: &TenantId) -> Statement {
    block(tenant, false, MIGRATIONS)
}

/// Makes the tenant's schema unless it exists, and migrates it.
pub(crate) fn create(tenant: &TenantId) -> Statement {
    block(tenant, true, MIGRATIONS)
}

/// The schemas that look like a tenant's and lack what a migration leaves. Where schemas can be distributed, those
/// that are need no trigger.
pub(crate) fn tenants_to_migrate(can_be_distributed: bool) -> Statement {
    let traces = || leaves().copied();
    let is_trigger = |trace: &Trace| matches!(trace, Trace::Trigger(..));
    let mut conditions: Vec<_> =
        traces().filter(|trace| !is_trigger(trace)).map(has_trace).collect();
    let mut triggers: Vec<_> = traces().filter(is_trigger).map(has_trace).collect();
    if can_be_distributed {
        let distributed = format!(
            "(exists (
    select from {DISTRIBUTED_SCHEMAS} as d where d.schemaid operator(pg_catalog.=) n.oid
  ) or {})",
            triggers.join("\n  and "),
        );
        triggers = vec![distributed];
    }
    conditions.append(&mut triggers);
    let sql = format!(
        "select n.nspname::text as answer
from pg_catalog.pg_namespace as n
where n.nspname operator(pg_catalog.~~) 'tenant\\_%' and not (
  {}
)
order by n.nspname",
        conditions.join("\n  and "),
    );
    Statement { sql, params: Vec::new(), retry: Retry::Safe, tenant: None }
}

/// What the migrations leave in tables that tenants share: these have no triggers, and a unique constraint in the
/// place of the first indexes.
pub(super) fn shared_leaves() -> impl Iterator<Item = &'static Trace> {
    let kept = leaves().filter(|trace| match trace {
        Trace::Relation(name) => !name.ends_with("_active"),
        Trace::Column(..) => true,
        Trace::Trigger(..) => false,
    });
    [Trace::Relation(TENANTS)].iter().chain(kept)
}

/// The columns and tables that later migrations add and the tenant's schema lacks, each once.
pub(crate) fn unmigrated(tenant: &TenantId) -> Statement {
    let schema = schema(tenant);
    let later = MIGRATIONS.iter().skip(1).flat_map(|migration| migration.leaves);
    let wanted: Vec<_> = later
        .filter_map(|trace| match trace {
            Trace::Column(table, name) => Some(format!("('{schema}.{table}', '{name}', '{name}')")),
            // The indexes of a table come and go with it.
            Trace::Relation(name) if !is_index(name) => {
                Some(format!("('{schema}.{name}', null, '{name}')"))
            }
            Trace::Relation(_) | Trace::Trigger(..) => None,
        })
        .collect();
    let sql = format!(
        "select distinct t.shown as answer
from (values
  {}
) as t (relation, name, shown)
where case when t.name is null
  then pg_catalog.to_regclass(t.relation) is null
  else pg_catalog.to_regclass(t.relation) is not null and not exists (
    select from pg_catalog.pg_attribute as a
    where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(t.relation)
      and a.attname operator(pg_catalog.=) t.name::name and not a.attisdropped
  )
end
order by t.shown",
        wanted.join(",\n  "),
    );
    Statement { sql, params: Vec::new(), retry: Retry::Safe, tenant: None }
}

/// The condition that a schema, `n`, has it.
pub(super) fn has_trace(trace: Trace) -> String {
    let (relation, detail) = match trace {
        Trace::Relation(name) => (name, String::new()),
        Trace::Column(table, name) => (
            table,
            format!(
                "
    join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
      and a.attname operator(pg_catalog.=) '{name}' and not a.attisdropped"
            ),
        ),
        Trace::Trigger(table, name) => (
            table,
            format!(
                "
    join pg_catalog.pg_trigger as t on t.tgrelid operator(pg_catalog.=) c.oid
      and t.tgname operator(pg_catalog.=) '{name}'"
            ),
        ),
    };
    format!(
        "exists (
    select from pg_catalog.pg_class as c{detail}
    where c.relnamespace operator(pg_catalog.=) n.oid
      and c.relname operator(pg_catalog.=) '{relation}'
  )"
    )
}

fn block(tenant: &TenantId, makes_schema: bool, migrations: &[Migration]) -> Statement {
    let schema = schema(tenant);
    let steps: Vec<_> = migrations.iter().map(|migration| step(migration, &schema)).collect();
    let (first, last) =
        if makes_schema { (make_schema(&schema), distribute(&schema)) } else { Default::default() };
    let (refusal, table) = (refuse_distributed(&schema), create_records(&schema));
    // What others keep under the name of the platform's table has other columns. Where a migration
    // cannot be recorded it is done again the next time, which does no harm.
    let sql = format!(
        "do $migration$
declare
  takes_records boolean;
  is_distributed boolean = false;
  distributes boolean = false;
begin
perform pg_catalog.set_config('lock_timeout', '{LOCK_TIMEOUT}', true);
perform {};
{}{first}{refusal}{table};
takes_records = {};
{}{last}end
$migration$",
        lock(&schema),
        refuse_registered(tenant),
        takes_records(&schema),
        steps.concat(),
    );
    Statement { sql, params: Vec::new(), retry: Retry::Never, tenant: None }
}

/// Makes one migration after the other of a schema wait for its turn.
pub(super) fn lock(schema: &str) -> String {
    format!(
        "pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of {schema}', 0)
)"
    )
}

/// Makes the table that migrations are recorded in, as the platform has it.
pub(super) fn create_records(schema: &str) -> String {
    format!(
        "create table if not exists {schema}.schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default pg_catalog.now()
)"
    )
}

/// Whether the table of that name can be one that migrations are recorded in.
pub(super) fn takes_records(schema: &str) -> String {
    format!(
        "2 operator(pg_catalog.=) (
  select pg_catalog.count(*) from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('{schema}.schema_migrations')
    and attname in ('version', 'name') and not attisdropped
)"
    )
}

/// Whether this call makes the schema on a server that is set to distribute schemas.
pub(super) fn is_to_distribute(schema: &str) -> String {
    format!(
        "pg_catalog.to_regnamespace('{schema}') is null
  and coalesce(pg_catalog.current_setting('{SHARDING}', true) operator(pg_catalog.=) 'on', false)
  and pg_catalog.to_regprocedure('{DISTRIBUTE}(regnamespace)') is not null"
    )
}

/// The row of the schema where it is distributed.
pub(super) fn distribution(schema: &str) -> String {
    format!(
        "from {DISTRIBUTED_SCHEMAS} as d
  where d.schemaid operator(pg_catalog.=) pg_catalog.to_regnamespace('{schema}')"
    )
}

/// A schema that Citus distributes as it is made would stay without its tables, because Citus does not see those
/// that a block makes.
fn make_schema(schema: &str) -> String {
    format!(
        "distributes = {};
if distributes then
  perform pg_catalog.set_config('{SHARDING}', 'off', true);
end if;
create schema if not exists {schema};
",
        is_to_distribute(schema),
    )
}

fn distribute(schema: &str) -> String {
    format!("if distributes then\n  perform {DISTRIBUTE}('{schema}'::regnamespace);\nend if;\n")
}

/// Raises an error where the block would change a distributed schema: Citus does not see what a block makes.
fn refuse_distributed(schema: &str) -> String {
    let exist = leaves().filter_map(|trace| match trace {
        Trace::Relation(name) => Some(exists(schema, name)),
        Trace::Column(table, name) => Some(has_column(schema, table, name)),
        Trace::Trigger(..) => None,
    });
    let exist: Vec<_> = exist.chain([exists(schema, "schema_migrations")]).collect();
    format!(
        "if pg_catalog.to_regclass('{DISTRIBUTED_SCHEMAS}') is not null then
  is_distributed = exists (select {});
end if;
if is_distributed and not ({}) then
  raise exception 'Citus does not see what a block makes' using errcode = 'CGK02';
end if;
",
        distribution(schema),
        exist.join("\n  and "),
    )
}

pub(super) fn is_index(name: &str) -> bool {
    name.starts_with("idx_")
}

fn exists(schema: &str, name: &str) -> String {
    format!("pg_catalog.to_regclass('{schema}.{name}') is not null")
}

fn step(migration: &Migration, schema: &str) -> String {
    let sql = conditional(&migration.steps(schema), schema);
    let Some(record) = &migration.record else { return sql };
    // A record of tables that somebody removed is none.
    let exist = ServiceTable::ALL.map(|table| exists(schema, table.table().name)).join(" and ");
    format!(
        "declare
  is_recorded boolean = false;
begin
if takes_records then
  is_recorded = exists ({});
end if;
if not (is_recorded and {exist}) then
{sql}
  if takes_records and not is_recorded then
    begin
      {}
    exception when others then
      null;
    end;
  end if;
end if;
end;
",
        record.is_in(schema),
        record.insert(schema),
    )
}

/// The steps, each run of them that has the same need under one condition.
fn conditional(steps: &[Step], schema: &str) -> String {
    let runs = steps.chunk_by(|one, next| one.need == next.need);
    let runs = runs.map(|run| {
        let sql: String = run.iter().map(|step| step.sql.as_str()).collect();
        let condition = match run.first().map(|step| step.need) {
            None | Some(Need::Always) => return sql,
            Some(Need::Triggers) => "not (is_distributed or distributes)".to_owned(),
            Some(Need::Column(table, name)) => {
                format!("{} and not {}", exists(schema, table), has_column(schema, table, name))
            }
        };
        format!("if {condition} then\n{sql}end if;\n")
    });
    runs.collect()
}

/// Whether a table has a column.
pub(super) fn has_column(schema: &str, table: &str, name: &str) -> String {
    format!(
        "exists (
  select from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('{schema}.{table}')
    and attname operator(pg_catalog.=) '{name}' and not attisdropped
)"
    )
}

/// The statements of a migration, without the comments before them.
fn statements(sql: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in sql.lines().filter(|line| !line.is_empty() && !line.starts_with("--")) {
        current.push_str(line);
        current.push('\n');
        // A block ends with the mark that it begins with.
        let is_block = current.starts_with("do $");
        let is_last = if is_block { line.starts_with('$') } else { line.ends_with(';') };
        if is_last {
            statements.push(std::mem::take(&mut current));
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant() -> TenantId {
        TenantId::parse("acme").unwrap()
    }

    #[test]
    fn every_placeholder_becomes_the_tenants_schema() {
        let statement = migrate(&tenant());
        assert!(!statement.sql().contains(":\""));
    }

    #[test]
    fn another_migration_is_another_entry() {
        let other = Migration {
            record: Some(Record { version: 77, names: &["other"] }),
            sql: "alter table :\"schema\".tenant_wise_config add column other text;\n",
            leaves: &[Trace::Column("tenant_wise_config", "other")],
        };
        let migrations = [MIGRATIONS, &[other]].concat();
        let statement = block(&tenant(), false, &migrations);
        let (before, after) = statement.sql().split_once("add column other").unwrap();
        assert!(before.contains("add column webhook_secret_encrypted"));
        assert!(before.contains("schema_migrations where name in ('other')"));
        assert!(after.contains("values ('77', 'other')"));
    }
}
