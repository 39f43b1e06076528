//! What scheduled work knows of a tenant: its credentials, and named states that it keeps.

use super::builder::{NOW, Sql, json_object, milliseconds, service_of, table_name};
use super::events::{EVENTS, Event, table};
use crate::catalog::ServiceTable;
use crate::database::Statement;
use crate::tenant::TenantId;

/// The table of states. A schema may lack it.
pub(super) const STATES: &str = "tenant_credential_states";

/// One answer for each connected credential in these tables: when it was verified, whether its vendor
/// refuses it, and a revision that changes with its key.
pub(crate) fn connected(tenant: &TenantId, tables: &[ServiceTable]) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let selects: Vec<_> = tables
        .iter()
        .map(|service_table| {
            let table = service_table.table();
            let key = table.key_secret().map_or("", |column| column.name);
            let members = [
                format!("'service', {}", service_of(*service_table)),
                format!("'verifiedAt', {}", milliseconds("last_verified_at")),
                format!("'createdAt', {}", milliseconds("created_at")),
                "'isFailing', t.last_error is not null".to_owned(),
                format!("'revision', pg_catalog.md5(t.{key})"),
            ];
            format!(
                "(select {}::text as answer\nfrom {} as t\nwhere {condition} and t.is_active)",
                json_object(&members),
                table_name(tenant, table),
            )
        })
        .collect();
    sql.push(&selects.join("\nunion all\n"));
    sql.read()
}

/// The states that are kept, and what the last save of each credential that changed its key said of it.
pub(crate) fn states(tenant: &TenantId) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let state = json_object(&[
        "'name', t.name".to_owned(),
        "'version', t.version".to_owned(),
        "'state', t.state".to_owned(),
    ]);
    let saved = json_object(&[
        "'service', t.service".to_owned(),
        "'seq', t.seq".to_owned(),
        format!("'savedAt', {}", milliseconds("occurred_at")),
        "'details', t.details".to_owned(),
    ]);
    sql.push(&format!(
        "(select {state}::text as answer\nfrom {} as t\nwhere {condition})\nunion all\n(select distinct on (t.service) {saved}::text as answer\nfrom {} as t\nwhere {condition} and t.event = 'credential.saved' and t.details is not null\norder by t.service, t.seq desc)",
        table(tenant, STATES),
        table(tenant, EVENTS),
    ));
    sql.read()
}

/// Puts a state in the place of the one of a version, 0 being none; answers with one row if that one
/// was there. The event is written with it.
pub(crate) fn swap_state(
    tenant: &TenantId,
    name: &str,
    version: &str,
    state: &str,
    service: &str,
    event: Option<&Event>,
) -> Statement {
    let mut sql = Sql::default();
    let tenant_id = sql.bind_text(tenant.slug());
    let (name, version) = (sql.bind_text(name), sql.bind_text(version));
    let state = sql.bind_text(state);
    sql.push(&format!(
        "with changed as (\ninsert into {} as t (tenant_id, name, version, state, updated_at)\nvalues ({tenant_id}, {name}, {version}::bigint operator(pg_catalog.+) 1, {state}::jsonb, {NOW})\non conflict (tenant_id, name) do update set\n  version = excluded.version,\n  state = excluded.state,\n  updated_at = excluded.updated_at\nwhere t.version = {version}::bigint\nreturning t.*\n)",
        table(tenant, STATES),
    ));
    sql.push_event(tenant, service, "changed", event);
    sql.push("\nselect '{}' as answer\nfrom changed as t");
    sql.write()
}
