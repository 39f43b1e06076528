//! What is read of one credential, of all API credentials, and of the database itself.

use super::builder::{Sql, json_object, read, row_json, table_name};
use super::events::Event;
use super::registry::has_service_tables;
use crate::catalog::{ColumnKind, ColumnRole, FAILING_SINCE, SHARED_COLUMNS, ServiceTable, Table};
use crate::database::Statement;
use crate::key::CredentialKey;
use crate::tenant::TenantId;

/// The active row, as JSON.
pub(crate) fn find(key: &CredentialKey) -> Statement {
    select(key, &row_json(key.table()), None)
}

/// The columns of the given input fields in the active row, as a JSON array.
pub(crate) fn find_inputs(
    key: &CredentialKey,
    fields: &[&str],
    event: Option<&Event>,
) -> Statement {
    let columns = fields.iter().filter_map(|field| key.table().input_column(field).map(read));
    let columns: Vec<_> = columns.collect();
    select(key, &format!("pg_catalog.json_build_array({})::text", columns.join(", ")), event)
}

/// Everything that a client or a verification is made from, as a JSON object: the input columns
/// under their names in the table, the account details under `account`, and a `revision` that
/// changes with any of them.
pub(crate) fn find_credential(key: &CredentialKey, event: Option<&Event>) -> Statement {
    let [inputs, account, revision] = credential(key);
    let members = [
        format!("'inputs', {inputs}"),
        format!("'account', {account}"),
        format!("'revision', {revision}"),
    ];
    select(key, &format!("{}::text", json_object(&members)), event)
}

/// The `revision` of [`find_credential`] alone, as a JSON string.
pub(crate) fn find_revision(key: &CredentialKey) -> Statement {
    let [_, _, revision] = credential(key);
    select(key, &format!("pg_catalog.to_json({revision})::text"), None)
}

/// The inputs, the account details and the revision of row `t`.
fn credential(key: &CredentialKey) -> [String; 3] {
    let columns = || key.table().columns.iter();
    let inputs: Vec<_> = columns()
        .filter(|column| matches!(column.role, ColumnRole::Input { .. }))
        .map(|column| format!("'{}', ({})::text", column.name, read(column)))
        .collect();
    let account: Vec<_> = columns()
        .filter_map(|column| match column.role {
            ColumnRole::Account { field } => Some(format!("'{field}', {}", read(column))),
            _ => None,
        })
        .collect();
    let (inputs, account) = (json_object(&inputs), json_object(&account));
    let revision =
        format!("pg_catalog.md5({inputs}::text operator(pg_catalog.||) {account}::text)");
    [inputs, account, revision]
}

/// All active rows of the tenant's API credentials, ordered by service.
pub(crate) fn list_api_credentials(tenant: &TenantId) -> Statement {
    let table = ServiceTable::ApiCredentials.table();
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    sql.push(&format!(
        "select {} as answer\nfrom {} as t\nwhere {condition} and t.is_active\norder by t.service_name",
        row_json(table),
        table_name(tenant, table),
    ));
    sql.read()
}

/// The columns that a table should have and has not.
pub(crate) fn missing_columns(tenant: &TenantId, table: &'static Table) -> Statement {
    let own = table.columns.iter().filter(|column| column.kind != ColumnKind::MetadataSecret);
    let shared = SHARED_COLUMNS.iter().map(|column| column.name);
    let own = own.map(|column| column.name);
    let names: Vec<_> = shared.chain([FAILING_SINCE]).chain(own).collect();
    let mut sql = Sql::default();
    let (names, name) =
        (sql.bind_text(&names.join(",")), sql.bind_text(&table_name(tenant, table)));
    sql.push(&format!(
        "select wanted as answer
from pg_catalog.unnest(pg_catalog.string_to_array({names}, ',')) as wanted
where not exists (
  select from pg_catalog.pg_attribute as a
  where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass({name})
    and a.attname operator(pg_catalog.=) wanted::name and not a.attisdropped
)"
    ));
    sql.read()
}

/// The sessions of clients in this database by name, but for the one that asks. Of other roles' sessions
/// some servers show the name alone.
pub(crate) fn sessions() -> Statement {
    let mut sql = Sql::default();
    sql.push(
        "select pg_catalog.json_build_object(
  'name', s.application_name,
  'connections', pg_catalog.count(*)
)::text as answer
from pg_catalog.pg_stat_activity as s
where s.datname operator(pg_catalog.=) pg_catalog.current_database()
  and s.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
  and s.usesysid operator(pg_catalog.<>) 0::oid
  and coalesce(s.backend_type operator(pg_catalog.=) 'client backend', true)
group by s.application_name
order by s.application_name",
    );
    sql.read()
}

/// The schemas that look like a tenant's, without those that a move has left: of a tenant that is registered with
/// the tables which tenants share, and without tables.
pub(crate) fn tenant_schemas(registered: &[String]) -> Statement {
    let mut sql = Sql::default();
    let registered = sql.bind_text(&registered.join(","));
    sql.push(&format!(
        "select n.nspname::text as answer
from pg_catalog.pg_namespace as n
where n.nspname operator(pg_catalog.~~) 'tenant\\_%' and (
  pg_catalog.substr(n.nspname::text, 8) operator(pg_catalog.<>) all (pg_catalog.string_to_array({registered}, ','))
  or {}
)
order by n.nspname",
        has_service_tables(),
    ));
    sql.read()
}

/// Reads the active row; the event of it is written in the same statement.
fn select(key: &CredentialKey, answer: &str, event: Option<&Event>) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_key(key);
    let table = table_name(key.tenant(), key.table());
    let from = format!("from {table} as t\nwhere {condition} and t.is_active");
    if event.is_none() {
        sql.push(&format!("select {answer} as answer\n{from}"));
        return sql.read();
    }
    sql.push(&format!("with found as (\nselect {answer} as answer, t.tenant_id\n{from}\n)"));
    sql.push_event(key.tenant(), key.service().id(), "found", event);
    sql.push("\nselect t.answer from found as t");
    sql.write()
}
