//! The migration of a tenant's schema, as one statement.
//!
//! A `do` block is one transaction on every driver, over HTTP and through transaction-mode poolers.

use crate::database::{Access, Statement};
use crate::tenant::TenantId;

const NAME: &str = "038_tenant_integration_config.sql";
const SQL: &str = include_str!("../migrations/038_tenant_integration_config.sql");

/// Makes the four tables unless `schema_migrations` says that this was done.
pub(crate) fn migrate(tenant: &TenantId) -> Statement {
    block(tenant, "")
}

/// Makes the tenant's schema unless it exists, and migrates it.
pub(crate) fn create(tenant: &TenantId) -> Statement {
    block(tenant, &format!("create schema if not exists {};", tenant.schema()))
}

fn block(tenant: &TenantId, first: &str) -> Statement {
    let schema = tenant.schema();
    let tables = SQL.replace(":\"schema\"", &schema);
    // One lock for all tenants: they share public.update_updated_at_column(). The platform may have
    // recorded the migration with or without the ending. A literal suits a text and an integer version.
    let sql = format!(
        "do $migration$
begin
perform pg_advisory_xact_lock(hashtextextended('cgk-integrations migration', 0));
{first}
create table if not exists {schema}.schema_migrations (
  version text not null,
  name text primary key,
  applied_at timestamptz not null default now()
);
if not exists (
  select from {schema}.schema_migrations where name in ('{NAME}', '{stem}')
) then
{tables}
insert into {schema}.schema_migrations (version, name) values ('038', '{NAME}');
end if;
end
$migration$",
        stem = NAME.trim_end_matches(".sql"),
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
        // Three times for schema_migrations, and for each of four tables: table, index, trigger.
        assert_eq!(statement.sql().matches("\"tenant_acme\".").count(), 15);
    }
}
