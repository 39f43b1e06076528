//! Where a tenant is: known to the tables that tenants share, or with tables of its own.

use super::builder::{TENANTS, schema};
use crate::catalog::ServiceTable;
use crate::database::{Retry, Statement};
use crate::tenant::{Layout, TenantId};

/// The SQLSTATE of a migration of a tenant that has its tables in the other layout.
pub(crate) const OTHER_LAYOUT: &str = "CGK03";

/// Answers with one row where the tables know the tenant.
pub(crate) fn is_registered(tenant: &TenantId) -> Statement {
    let sql = format!(
        "select '{{}}' as answer\nfrom {}.{TENANTS} as t\nwhere t.tenant_id = $1::text",
        tenant.layout().shared_schema(),
    );
    statement(sql, Some(tenant), Retry::Safe)
}

/// Makes the tenant known to the tables, unless it is or has tables of its own; answers with one row if it was
/// made so now.
pub(crate) fn register(tenant: &TenantId) -> Statement {
    let sql = format!(
        "insert into {}.{TENANTS} as t (tenant_id)\nselect $1::text\nwhere not exists (\n  {}\n)\non conflict (tenant_id) do nothing\nreturning '{{}}' as answer",
        schema(tenant),
        own_tables_of(tenant),
    );
    statement(sql, Some(tenant), Retry::Never)
}

/// Part of a migration of a tenant's own schema: refuses a tenant that the tables which tenants share know.
pub(super) fn refuse_registered(tenant: &TenantId) -> String {
    let schema = tenant.layout().shared_schema();
    format!(
        "if exists (
  {}
) then
  if exists (select from {schema}.{TENANTS} as t where t.tenant_id = '{}') then
    raise exception 'in the other layout' using errcode = '{OTHER_LAYOUT}';
  end if;
end if;
",
        readable_registry(&schema),
        tenant.slug(),
    )
}

/// The table of the tenants that share their tables, where there is one that this role may read.
pub(super) fn readable_registry(schema: &str) -> String {
    format!(
        "select c.relname::text from pg_catalog.pg_class as c
  join pg_catalog.pg_attribute as a on a.attrelid operator(pg_catalog.=) c.oid
    and a.attname operator(pg_catalog.=) 'tenant_id'
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('{schema}')
    and c.relname operator(pg_catalog.=) '{TENANTS}'
    and pg_catalog.has_schema_privilege(c.relnamespace, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')"
    )
}

/// The tables of credentials that the tenant has in a schema of its own.
pub(crate) fn own_tables(tenant: &TenantId) -> Statement {
    statement(own_tables_of(tenant), None, Retry::Safe)
}

fn own_tables_of(tenant: &TenantId) -> String {
    format!(
        "select c.relname::text as answer from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) pg_catalog.to_regnamespace('{}') and c.relname in ({})",
        tenant.own_schema(),
        service_tables(),
    )
}

/// The condition that a schema, `n`, has tables of credentials.
pub(super) fn has_service_tables() -> String {
    format!(
        "exists (
  select from pg_catalog.pg_class as c
  where c.relnamespace operator(pg_catalog.=) n.oid and c.relname in ({})
)",
        service_tables(),
    )
}

/// The names of the tables of credentials, quoted as texts.
pub(super) fn service_tables() -> String {
    ServiceTable::ALL.map(|table| format!("'{}'", table.table().name)).join(", ")
}

/// The tenants that the tables know.
pub(crate) fn registered_tenants(layout: &Layout) -> Statement {
    statement(registered(layout, ""), None, Retry::Safe)
}

pub(super) fn registered(layout: &Layout, condition: &str) -> String {
    format!(
        "select t.tenant_id as answer\nfrom {}.{TENANTS} as t{condition}\norder by t.tenant_id collate pg_catalog.\"C\"",
        layout.shared_schema(),
    )
}

pub(super) fn statement(sql: String, tenant: Option<&TenantId>, retry: Retry) -> Statement {
    let params = tenant.iter().map(|tenant| Some(tenant.slug().to_owned())).collect();
    Statement { sql, params, retry, tenant: None }
}
