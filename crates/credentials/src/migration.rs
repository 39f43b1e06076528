//! The migration of a tenant's schema, as one statement.
//!
//! A `do` block is one transaction on every driver, over HTTP and through transaction-mode poolers.

use crate::database::{Access, Statement};
use crate::tenant::TenantId;

/// The contract's tables, and the names under which the platform, and this package before it knew
/// better, have recorded that they were made.
const TABLES: &str = include_str!("../migrations/038_tenant_integration_config.sql");
const TABLES_VERSION: u32 = 38;
const TABLES_NAMES: [&str; 3] = [
    "tenant_integration_config",
    "038_tenant_integration_config",
    "038_tenant_integration_config.sql",
];

/// What came after them, in order. Each finds out by itself whether it was done.
const ADDITIONS: [&str; 1] = [include_str!("../migrations/resend_webhook_secret.sql")];

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
    let additions: String = ADDITIONS.map(in_schema).concat();
    // One lock for all tenants: they share public.update_updated_at_column(). A literal suits a
    // version of type integer, as the platform makes it, and of type text.
    let sql = format!(
        "do $migration$
begin
perform pg_advisory_xact_lock(hashtextextended('cgk-integrations migration', 0));
{first}
create table if not exists {schema}.schema_migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default now()
);
if not exists (select from {schema}.schema_migrations where name in ({names})) then
{tables}
insert into {schema}.schema_migrations (version, name) values ('{TABLES_VERSION}', '{name}');
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
        // Three times for schema_migrations, for each of four tables: table, index, trigger, and
        // three times for the column that was added.
        assert_eq!(statement.sql().matches("\"tenant_acme\".").count(), 18);
    }
}
