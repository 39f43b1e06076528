//! The migrations of a tenant's schema, all in one statement.
//!
//! A `do` block is one transaction on every driver, over HTTP and through transaction-mode poolers.

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

/// A change of a tenant's schema. `:"schema"` in its SQL stands for the name of the schema.
#[derive(Clone, Copy)]
struct Migration {
    /// How it is recorded. One without a record finds out by itself whether it was done: the numbers
    /// in `schema_migrations` are the platform's to give.
    record: Option<Record>,
    sql: &'static str,
    /// What the schema has afterwards: all that `tenants_to_migrate` looks for.
    leaves: &'static [Trace],
}

/// What a migration leaves in a schema.
#[derive(Clone, Copy)]
enum Trace {
    /// A table or an index.
    Relation(&'static str),
    /// A column of a table.
    Column(&'static str, &'static str),
    /// A trigger of a table.
    Trigger(&'static str, &'static str),
}

/// An entry of `schema_migrations`, as the platform's runner makes it.
#[derive(Clone, Copy)]
struct Record {
    version: u32,
    /// The name that it gets, and those under which the platform, and this package before it knew
    /// better, have recorded the same.
    names: &'static [&'static str],
}

/// Does what `schema_migrations` does not say was done.
pub(crate) fn migrate(tenant: &TenantId) -> Statement {
    block(tenant, &refuse_registered(tenant), MIGRATIONS)
}

/// Makes the tenant's schema unless it exists, and migrates it.
pub(crate) fn create(tenant: &TenantId) -> Statement {
    let schema = schema(tenant);
    let first = format!("{}create schema if not exists {schema};\n", refuse_registered(tenant));
    block(tenant, &first, MIGRATIONS)
}

/// The schemas that look like a tenant's and lack what a migration leaves.
pub(crate) fn tenants_to_migrate() -> Statement {
    let traces = MIGRATIONS.iter().flat_map(|migration| migration.leaves);
    let conditions: Vec<_> = traces.copied().map(has_trace).collect();
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

/// The conditions that a schema, `n`, has what the migrations leave in tables that tenants share: these have no
/// triggers, and a unique constraint in the place of the first indexes.
pub(super) fn traces_without_triggers() -> Vec<String> {
    let traces = MIGRATIONS.iter().flat_map(|migration| migration.leaves);
    let kept = traces.filter(|trace| match trace {
        Trace::Relation(name) => !name.ends_with("_active"),
        Trace::Column(..) => true,
        Trace::Trigger(..) => false,
    });
    [Trace::Relation(TENANTS)].iter().chain(kept).copied().map(has_trace).collect()
}

/// The columns and tables that later migrations add and the tenant's schema lacks, each once.
pub(crate) fn unmigrated(tenant: &TenantId) -> Statement {
    let schema = schema(tenant);
    let later = MIGRATIONS.iter().skip(1).flat_map(|migration| migration.leaves);
    let wanted: Vec<_> = later
        .filter_map(|trace| match trace {
            Trace::Column(table, name) => Some(format!("('{schema}.{table}', '{name}', '{name}')")),
            // The indexes of a table come and go with it.
            Trace::Relation(name) if !name.starts_with("idx_") => {
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

fn has_trace(trace: Trace) -> String {
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

fn block(tenant: &TenantId, first: &str, migrations: &[Migration]) -> Statement {
    let schema = schema(tenant);
    let steps: Vec<_> = migrations.iter().map(|migration| step(migration, &schema)).collect();
    // What others keep under the name of the platform's table has other columns. Where a migration
    // cannot be recorded it is done again the next time, which does no harm.
    let sql = format!(
        "do $migration$
declare
  takes_records boolean;
begin
perform pg_catalog.set_config('lock_timeout', '{LOCK_TIMEOUT}', true);
perform pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of {schema}', 0)
);
{first}create table if not exists {schema}.schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
takes_records = 2 operator(pg_catalog.=) (
  select pg_catalog.count(*) from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('{schema}.schema_migrations')
    and attname in ('version', 'name') and not attisdropped
);
{}end
$migration$",
        steps.concat(),
    );
    Statement { sql, params: Vec::new(), retry: Retry::Never, tenant: None }
}

fn step(migration: &Migration, schema: &str) -> String {
    let sql = migration.sql.replace(":\"schema\"", schema);
    let Some(Record { version, names }) = &migration.record else { return sql };
    let [name, ..] = names else { return sql };
    let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    let names = quoted.join(", ");
    // A record of tables that somebody removed is none.
    let exist = ServiceTable::ALL
        .map(|table| {
            format!("pg_catalog.to_regclass('{schema}.{}') is not null", table.table().name)
        })
        .join(" and ");
    // A literal suits a version of type integer and of type text.
    format!(
        "declare
  is_recorded boolean = false;
begin
if takes_records then
  is_recorded = exists (select from {schema}.schema_migrations where name in ({names}));
end if;
if not (is_recorded and {exist}) then
{sql}
  if takes_records and not is_recorded then
    begin
      insert into {schema}.schema_migrations (version, name) values ('{version}', '{name}');
    exception when others then
      null;
    end;
  end if;
end if;
end;
"
    )
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
        let statement = block(&tenant(), "", &migrations);
        let (before, after) = statement.sql().split_once("add column other").unwrap();
        assert!(before.contains("add column webhook_secret_encrypted"));
        assert!(before.contains("schema_migrations where name in ('other')"));
        assert!(after.contains("values ('77', 'other')"));
    }
}
