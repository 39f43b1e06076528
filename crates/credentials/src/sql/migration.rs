//! The migration of a tenant's schema, as one statement.
//!
//! A `do` block is one transaction on every driver, over HTTP and through transaction-mode poolers.

use crate::catalog::ServiceTable;
use crate::database::{Access, Statement};
use crate::tenant::TenantId;

/// The contract's tables, and the names under which the platform, and this package before it knew
/// better, have recorded that they were made.
const TABLES: &str = include_str!("migrations/038_tenant_integration_config.sql");
const TABLES_VERSION: u32 = 38;
const TABLES_NAMES: [&str; 3] = [
    "tenant_integration_config",
    "038_tenant_integration_config",
    "038_tenant_integration_config.sql",
];

/// How long a migration waits for a lock that somebody else has on the tenant's tables.
const LOCK_TIMEOUT: &str = "5s";

/// What came after them, in order. Each finds out by itself whether it was done.
const ADDITIONS: [&str; 1] = [include_str!("migrations/resend_webhook_secret.sql")];

/// Makes the four tables unless `schema_migrations` says that this was done, and what was added to
/// them since.
pub(crate) fn migrate(tenant: &TenantId) -> Statement {
    block(tenant, "")
}

/// Makes the tenant's schema unless it exists, and migrates it.
pub(crate) fn create(tenant: &TenantId) -> Statement {
    block(tenant, &format!("create schema if not exists {};", tenant.schema()))
}

fn block(tenant: &TenantId, first: &str) -> Statement {
    let schema = tenant.schema();
    let in_schema = |sql: &str| sql.replace(":\"schema\"", &schema);
    let [name, ..] = TABLES_NAMES;
    let names = TABLES_NAMES.map(|name| format!("'{name}'")).join(", ");
    // A record of tables that somebody removed is none.
    let exist = ServiceTable::ALL
        .map(|table| {
            format!("pg_catalog.to_regclass('{schema}.{}') is not null", table.table().name)
        })
        .join(" and ");
    let additions: String = ADDITIONS.map(in_schema).concat();
    // The platform's runner records a number and a name; what others keep under the name of this table
    // has other columns. Where it cannot be recorded the tables are looked at again the next time,
    // which does no harm. A literal suits a version of type integer and of type text.
    let sql = format!(
        "do $migration$
declare
  is_recorded boolean = false;
  takes_records boolean;
begin
perform pg_catalog.set_config('lock_timeout', '{LOCK_TIMEOUT}', true);
perform pg_catalog.pg_advisory_xact_lock(
  pg_catalog.hashtextextended('cgk-integrations migration of {schema}', 0)
);
{first}
create table if not exists {schema}.schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
takes_records = 2 operator(pg_catalog.=) (
  select pg_catalog.count(*) from pg_catalog.pg_attribute
  where attrelid operator(pg_catalog.=) pg_catalog.to_regclass('{schema}.schema_migrations')
    and attname in ('version', 'name') and not attisdropped
);
if takes_records then
  is_recorded = exists (select from {schema}.schema_migrations where name in ({names}));
end if;
if not (is_recorded and {exist}) then
{tables}
  if takes_records and not is_recorded then
    begin
      insert into {schema}.schema_migrations (version, name) values ('{TABLES_VERSION}', '{name}');
    exception when others then
      null;
    end;
  end if;
end if;
{additions}
end
$migration$",
        tables = in_schema(TABLES),
    );
    Statement { sql, params: Vec::new(), access: Access::Write }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_becomes_the_tenants_schema() {
        let statement = migrate(&TenantId::parse("acme").unwrap());
        assert!(!statement.sql().contains(":\""));
        // Four times for schema_migrations, for each of four tables: itself, index, trigger, and whether
        // it is there, and
        // three times for the column that was added.
        assert_eq!(statement.sql().matches("\"tenant_acme\".").count(), 23);
    }
}
