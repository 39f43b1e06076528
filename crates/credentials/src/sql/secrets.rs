//! Every place of a token, and putting another token there: what a change of keys needs.

use super::builder::{NOW, Sql, json_object, read, service_of, table_name};
use super::events::Event;
use crate::catalog::{Column, ColumnKind, METADATA_SECRET, ServiceTable};
use crate::database::Statement;
use crate::key::CredentialKey;
use crate::tenant::TenantId;

/// One answer for each row of the tenant in these tables, connected or not: the service, whether it
/// is connected, and the tokens in the order of the table's columns.
pub(crate) fn all_secrets(tenant: &TenantId, tables: &[ServiceTable]) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let selects: Vec<_> = tables
        .iter()
        .map(|service_table| {
            let table = service_table.table();
            let tokens: Vec<_> = table.secrets().map(read).collect();
            let members = [
                format!("'service', {}", service_of(*service_table)),
                "'connected', t.is_active".to_owned(),
                format!("'tokens', pg_catalog.json_build_array({})", tokens.join(", ")),
            ];
            format!(
                "(select {}::text as answer\nfrom {} as t\nwhere {condition})",
                json_object(&members),
                table_name(tenant, table),
            )
        })
        .collect();
    sql.push(&selects.join("\nunion all\n"));
    sql.read()
}

/// Puts a token in the place of exactly the one that was read, connected or not; answers with one
/// row if it was still there.
pub(crate) fn replace_secret(
    key: &CredentialKey,
    column: &Column,
    old: &str,
    new: &str,
    event: Option<&Event>,
) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_key(key);
    let (old, new) = (sql.bind_text(old), sql.bind_text(new));
    let update = match column.kind {
        ColumnKind::MetadataSecret => format!(
            "metadata = t.metadata operator(pg_catalog.||) \
             pg_catalog.jsonb_object(array['{METADATA_SECRET}', {new}])"
        ),
        _ => format!("{} = {new}", column.name),
    };
    let change = format!(
        "update {} as t set {update}, updated_at = {NOW}\nwhere {condition} and {} = {old}",
        table_name(key.tenant(), key.table()),
        read(column),
    );
    sql.push_change(key, &change, "'{}'", event);
    sql.write()
}
