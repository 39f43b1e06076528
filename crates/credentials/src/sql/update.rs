//! Disconnecting, and recording what a verification found.

use super::builder::{NOW, Sql, SqlValue, default, table_name};
use super::events::Event;
use crate::catalog::{Column, ColumnRole, FAILING_SINCE};
use crate::database::Statement;
use crate::input::{Assignment, Verification};
use crate::key::CredentialKey;

/// Recorded when a verification fails without a reason.
const NO_REASON: &str = "Verification failed";

/// Soft delete; answers with one row if there was one, active or not (compatibility.md, section 6).
pub(crate) fn deactivate(key: &CredentialKey, event: Option<&Event>) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_key(key);
    let change = format!(
        "update {} as t set is_active = false, updated_at = {NOW}\nwhere {condition}",
        table_name(key.tenant(), key.table()),
    );
    sql.push_change(key, &change, "'{}'", event);
    sql.write()
}

/// Records what a verification found. With a `revision` only if the row still holds the token that
/// was verified. A row that has the same error already stays untouched.
///
/// A schema may lack the column of when it began.
///
/// When the account is another one than before, details that were not found go back to their
/// default: they belong to the former account.
pub(crate) fn record_verification(
    key: &CredentialKey,
    verification: &Verification,
    account: &[Assignment<SqlValue>],
    revision: Option<&str>,
    lacks_added: bool,
    event: Option<&Event>,
) -> Statement {
    let mut sql = Sql::default();
    let error = if verification.verified {
        "null".to_owned()
    } else {
        sql.bind_text(verification.error.as_deref().unwrap_or(NO_REASON))
    };
    let mut updates = vec![format!("last_error = {error}")];
    if verification.verified {
        updates.push(format!("last_verified_at = {NOW}"));
    }
    if !verification.verified && !lacks_added {
        updates.push(format!("{FAILING_SINCE} = {}", since_when()));
    }
    updates.extend(account_updates(&mut sql, key, account));
    updates.push(format!("updated_at = {NOW}"));
    let mut conditions = vec![sql.of_key(key)];
    if let (Some(revision), Some(column)) = (revision, key.table().key_secret()) {
        conditions.push(format!("t.{} = {}", column.name, sql.bind_text(revision)));
    }
    if !verification.verified && account.is_empty() {
        // The row says since when it is failing: see the statuses.
        conditions.push(format!("t.last_error is distinct from {error}"));
    }
    conditions.push("t.is_active".to_owned());
    let change = format!(
        "update {} as t set\n  {}\nwhere {}",
        table_name(key.tenant(), key.table()),
        updates.join(",\n  "),
        conditions.join(" and "),
    );
    sql.push_change(key, &change, "'{}'", event);
    sql.write()
}

/// Since when the vendor has been refusing the credential of row `t`, which it refuses now.
///
/// Planners of distributed tables take `now()` in no `case`; `least` ignores a null.
fn since_when() -> String {
    format!(
        "least({NOW}, case when t.last_error is not null \
         then coalesce(t.{FAILING_SINCE}, t.updated_at) end)"
    )
}

fn account_updates(
    sql: &mut Sql,
    key: &CredentialKey,
    account: &[Assignment<SqlValue>],
) -> Vec<String> {
    let mut updates = Vec::new();
    let mut same_account = None;
    for assignment in account {
        let value = sql.bind_value(assignment);
        let name = assignment.column.name;
        if key.table().identity() == Some(assignment.column) {
            same_account = Some(format!("(t.{name} is null or t.{name} = {value})"));
        }
        updates.push(format!("{name} = {value}"));
    }
    let Some(same_account) = same_account else { return updates };
    let is_found = |column: &Column| account.iter().any(|assignment| assignment.column == column);
    for column in key.table().columns.iter().filter(|column| !is_found(column)) {
        if let ColumnRole::Account { .. } = column.role {
            let (name, default) = (column.name, default(column));
            updates.push(format!(
                "{name} = case when {same_account} then t.{name} else {default} end"
            ));
        }
    }
    updates
}
