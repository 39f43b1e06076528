//! What statuses are made from, of all tables in one round trip.

use super::builder::{Sql, failing_since, json_object, milliseconds, read, service_of, table_name};
use crate::catalog::{ColumnKind, ColumnRole, SERVICES, ServiceTable, Table};
use crate::database::Statement;
use crate::tenant::TenantId;

/// One answer for each active credential of the tenant in these tables: service, verification,
/// secrets, account.
pub(crate) fn statuses(tenant: &TenantId, tables: &[ServiceTable]) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let selects: Vec<_> = tables
        .iter()
        .map(|service_table| {
            let table = service_table.table();
            // Parentheses, because those of the table of many services are in an order of their own.
            let order = match service_table {
                ServiceTable::ApiCredentials => "\norder by t.service_name",
                _ => "",
            };
            let members = [format!("'service', {}", service_of(*service_table)), format!("'row', {}", status_json(table))];
            format!(
                "(select {}::text as answer\nfrom {} as t\nwhere {condition} and t.is_active{order})",
                json_object(&members),
                table_name(tenant, table),
            )
        })
        .collect();
    sql.push(&selects.join("\nunion all\n"));
    sql.read()
}

/// What [`crate::output`] reads of row `t`.
fn status_json(table: &Table) -> String {
    let secrets: Vec<_> = table.secrets().map(read).collect();
    let account: Vec<_> = table
        .columns
        .iter()
        .filter_map(|column| match (column.role, column.kind) {
            (ColumnRole::Account { field }, _)
            | (ColumnRole::Input { field, .. }, ColumnKind::Boolean) => {
                Some(format!("'{field}', t.{}", column.name))
            }
            _ => None,
        })
        .collect();
    json_object(&[
        format!("'last_verified_at', {}", milliseconds("last_verified_at")),
        "'last_error', t.last_error".to_owned(),
        format!("'failing_since', {}", failing_since()),
        format!("'secrets', pg_catalog.json_build_array({})", secrets.join(", ")),
        format!("'values', {}", without_nulls(&plaintext_fields(table))),
        format!("'account_info', {}", without_nulls(&account)),
    ])
}

fn without_nulls(pairs: &[String]) -> String {
    format!("pg_catalog.json_strip_nulls({})::text", json_object(pairs))
}

/// The name and expression of every input that is not a secret, `metadata.x` for those properties
/// of `metadata` that the catalog knows.
fn plaintext_fields(table: &Table) -> Vec<String> {
    let mut pairs: Vec<_> = table
        .columns
        .iter()
        .filter_map(|column| match (column.role, column.kind) {
            (ColumnRole::Input { field, .. }, ColumnKind::Text | ColumnKind::Boolean) => {
                Some(format!("'{field}', t.{}", column.name))
            }
            _ => None,
        })
        .collect();
    let services = SERVICES.iter().filter(|service| std::ptr::eq(service.table.table(), table));
    for field in services.flat_map(|service| service.fields) {
        if let Some(property) = field.name.strip_prefix("metadata.") {
            let pair =
                format!("'{}', t.metadata operator(pg_catalog.->>) '{property}'::text", field.name);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}
