//! The statement of a save.

use super::builder::{NOW, Sql, SqlValue, default, row_json, table_name};
use super::events::Event;
use crate::catalog::{Column, ColumnKind, ColumnRole, FAILING_SINCE, METADATA_SECRET};
use crate::database::Statement;
use crate::input::Assignment;
use crate::key::CredentialKey;

/// What a save knows of the row it changes.
#[derive(Debug, Default)]
pub(crate) struct SaveContext<'a> {
    /// The row's token of the same key, if the key stays the same: only then do account details
    /// keep their value.
    pub(crate) same_key: Option<&'a str>,
    /// Whether that token itself stays: the row is updated if it still holds it, and none inserted.
    pub(crate) keeps_token: bool,
    /// What a verification found of the new key's account; the key is verified then.
    pub(crate) account: Option<&'a [Assignment<SqlValue>]>,
    /// What it found to stand in the new key's way.
    pub(crate) error: Option<&'a str>,
    /// Whether the schema lacks the columns that were added to the contract's tables.
    pub(crate) lacks_added: bool,
    /// What is written of it.
    pub(crate) event: Option<&'a Event<'a>>,
}

/// Inserts or updates and gives the row as JSON; none if the token that was to stay is gone.
///
/// Columns that are not assigned keep their value. After a disconnect they go back to their default,
/// and account details do so with every other key: what the former account left behind must not mix
/// with the new one. Either way the row is active again, and unverified unless a verification found
/// the key to work.
pub(crate) fn save(
    key: &CredentialKey,
    assignments: &[Assignment<SqlValue>],
    context: &SaveContext,
) -> Statement {
    let mut sql = Sql::default();
    let mut row = Row { is_inserted: !context.keeps_token, ..Row::default() };
    let this_row = row.identify(&mut sql, key);
    for assignment in assignments.iter().chain(context.account.unwrap_or_default()) {
        if !is_metadata(assignment.column) {
            let value = sql.bind_value(assignment);
            row.assign(assignment.column.name, value);
        }
    }
    if assignments.iter().any(|assignment| is_metadata(assignment.column)) {
        let (insert, update) = metadata(&mut sql, assignments);
        row.assign_each("metadata", insert, &update);
    }
    let same_key = row.keep_others(&mut sql, key, context);

    let verified_at = if context.account.is_some() { NOW } else { "null" };
    let error = context.error.map_or("null".to_owned(), |error| sql.bind_text(error));
    row.update("is_active", "true");
    row.assign("last_verified_at", verified_at.to_owned());
    row.assign("last_error", error);
    if context.error.is_some() && !context.lacks_added {
        row.assign(FAILING_SINCE, NOW.to_owned());
    }
    row.assign("updated_at", NOW.to_owned());

    let table = table_name(key.tenant(), key.table());
    let Row { names, values, updates, .. } = row;
    let set = updates.join(",\n  ");
    let change = if context.keeps_token {
        format!("update {table} as t set\n  {set}\nwhere {this_row} and t.is_active and {same_key}")
    } else {
        format!(
            "insert into {table} as t (\n  {}\n) values (\n  {}\n)\non conflict ({}) do update set\n  {set}",
            names.join(",\n  "),
            values.join(",\n  "),
            key.table().key.join(", "),
        )
    };
    // Planners of distributed tables take no function that is not immutable in `returning` and in
    // `do update set`: so the answer is made outside, and times come by `excluded`.
    sql.push_change(key, &change, &row_json(key.table()), context.event);
    sql.write()
}

/// The columns that a save writes: with the value of a new row, and how an existing row changes.
#[derive(Default)]
struct Row {
    /// Whether it is inserted where there is none, rather than only updated.
    is_inserted: bool,
    names: Vec<&'static str>,
    values: Vec<String>,
    updates: Vec<String>,
}

impl Row {
    /// Assigns what names the row, and gives the condition that `t` is that row.
    fn identify(&mut self, sql: &mut Sql, key: &CredentialKey) -> String {
        let slug = sql.bind_text(key.tenant().slug());
        let condition = format!("t.tenant_id = {slug}");
        self.insert("tenant_id", slug);
        let Some(service) = key.service_name() else { return condition };
        let id = sql.bind_text(service);
        let condition = format!("{condition} and t.service_name = {id}");
        self.insert("service_name", id);
        let name = key.service().catalog_name();
        let name = name.map_or("null".to_owned(), |name| sql.bind_text(name));
        self.assign("service_display_name", name);
        condition
    }

    /// Keeps what is not assigned while the row is active, account details only while the key stays
    /// the same, and gives the condition that it does.
    fn keep_others(&mut self, sql: &mut Sql, key: &CredentialKey, context: &SaveContext) -> String {
        let others: Vec<&Column> = key
            .table()
            .columns
            .iter()
            .filter(|column| !self.names.contains(&column.name))
            .collect();
        let is_account = |column: &Column| matches!(column.role, ColumnRole::Account { .. });
        // PostgreSQL refuses a parameter that stands nowhere in the statement.
        let is_asked = context.keeps_token || others.iter().any(|column| is_account(column));
        let same_key = match (context.same_key, key.table().key_secret()) {
            (Some(token), Some(column)) if is_asked => {
                format!("t.{} = {}", column.name, sql.bind_text(token))
            }
            _ => "false".to_owned(),
        };
        for column in others {
            let is_missing = column.is_added && context.lacks_added;
            if column.kind == ColumnKind::MetadataSecret || is_missing {
                continue;
            }
            let keep = if is_account(column) {
                format!("t.is_active and {same_key}")
            } else {
                "t.is_active".to_owned()
            };
            let (name, default) = (column.name, default(column));
            self.update(name, &format!("case when {keep} then t.{name} else {default} end"));
        }
        same_key
    }

    fn assign(&mut self, name: &'static str, value: String) {
        if self.is_inserted {
            self.update(name, &format!("excluded.{name}"));
        } else {
            self.update(name, &value);
        }
        self.insert(name, value);
    }

    fn assign_each(&mut self, name: &'static str, insert: String, update: &str) {
        self.insert(name, insert);
        self.update(name, update);
    }

    fn insert(&mut self, name: &'static str, value: String) {
        self.names.push(name);
        self.values.push(value);
    }

    fn update(&mut self, name: &'static str, value: &str) {
        self.updates.push(format!("{name} = {value}"));
    }
}

fn is_metadata(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::JsonObject | ColumnKind::MetadataSecret)
}

/// The `metadata` to insert and to update with, where it or the secret inside it is assigned. The
/// one that is not keeps its value.
fn metadata(sql: &mut Sql, assignments: &[Assignment<SqlValue>]) -> (String, String) {
    let mut find = |kind: ColumnKind| {
        let found = assignments.iter().find(|assignment| assignment.column.kind == kind);
        found.map(|assignment| sql.bind_value(assignment))
    };
    let object = find(ColumnKind::JsonObject).map(|object| format!("({object})::jsonb"));
    let secret = find(ColumnKind::MetadataSecret);
    // What is no object, others wrote.
    let stored = "(case when t.is_active and pg_catalog.jsonb_typeof(t.metadata) = 'object' then \
                  t.metadata else '{}' end)";
    let kept_secret = format!("{stored} operator(pg_catalog.->>) '{METADATA_SECRET}'::text");
    let insert = with_secret(
        object.as_deref().unwrap_or("'{}'::jsonb"),
        secret.as_deref().unwrap_or("null"),
    );
    let update =
        with_secret(object.as_deref().unwrap_or(stored), secret.as_deref().unwrap_or(&kept_secret));
    (insert, update)
}

/// An object with the secret in it; without, if there is none.
fn with_secret(object: &str, secret: &str) -> String {
    format!(
        "({object} operator(pg_catalog.-) '{METADATA_SECRET}'::text) operator(pg_catalog.||) \
         pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_object(array['{METADATA_SECRET}', {secret}]))"
    )
}
