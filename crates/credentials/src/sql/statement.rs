//! Every SQL statement, made from the table descriptions.
//!
//! Each statement names the tenant's schema itself and nothing else: no `search_path`, no session
//! state, no named prepared statement, one round trip.

use std::fmt::Write;

use crate::catalog::{
    Column, ColumnKind, ColumnRole, METADATA_SECRET, SERVICES, ServiceRef, ServiceTable, Table,
};
use crate::database::{Access, Statement};
use crate::input::{Assignment, Verification};
use crate::tenant::TenantId;

/// Recorded when a verification fails without a reason.
const NO_REASON: &str = "Verification failed";

/// One credential of one tenant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowKey<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) table: &'static Table,
    /// For the table that has one row for each service.
    pub(crate) service: Option<&'a ServiceRef>,
}

impl<'a> RowKey<'a> {
    pub(crate) fn new(tenant: &'a TenantId, service: &'a ServiceRef) -> Self {
        let shared = service.table == ServiceTable::ApiCredentials;
        Self { tenant, table: service.table.table(), service: shared.then_some(service) }
    }
}

/// A value that is ready to be stored; `None` goes back to the column's default.
pub(crate) type StoredValue = Option<String>;

/// The active row, as JSON.
pub(crate) fn find(key: RowKey) -> Statement {
    let mut sql = Sql::default();
    sql.push(&format!(
        "select {} as answer from {} as t where ",
        row_json(key.table),
        table_name(key.tenant, key.table),
    ));
    sql.push_key(key);
    sql.push(" and t.is_active");
    sql.read()
}

/// All active rows of the tenant's API credentials, ordered by service.
pub(crate) fn list_api_credentials(tenant: &TenantId) -> Statement {
    let table = ServiceTable::ApiCredentials.table();
    let mut sql = Sql::default();
    sql.push(&format!(
        "select {} as answer from {} as t where ",
        row_json(table),
        table_name(tenant, table),
    ));
    sql.push_key(RowKey { tenant, table, service: None });
    sql.push(" and t.is_active order by t.service_name");
    sql.read()
}

/// The columns of the given input fields in the active row, as a JSON array.
pub(crate) fn find_inputs(key: RowKey, fields: &[&str]) -> Statement {
    let columns: Vec<_> = fields
        .iter()
        .filter_map(|field| key.table.input_column(field).map(Column::expression))
        .collect();
    let mut sql = Sql::default();
    sql.push(&format!(
        "select pg_catalog.json_build_array({})::text as answer from {} as t where ",
        columns.join(", "),
        table_name(key.tenant, key.table),
    ));
    sql.push_key(key);
    sql.push(" and t.is_active");
    sql.read()
}

/// What a save knows of the row it changes.
#[derive(Debug, Default)]
pub(crate) struct SaveContext<'a> {
    /// The row's token of the same key, if the key stays the same: only then do account details
    /// keep their value.
    pub(crate) same_key: Option<&'a str>,
    /// Whether that token itself stays: the row is updated if it still holds it, and none inserted.
    pub(crate) keeps_token: bool,
    /// What a verification told of the new key; it is verified then.
    pub(crate) account: Option<&'a [Assignment<StoredValue>]>,
    /// What it found to stand in the new key's way.
    pub(crate) error: Option<&'a str>,
    /// Whether the schema lacks the columns that were added to the contract's tables.
    pub(crate) lacks_added: bool,
}

/// Inserts or updates and gives the row as JSON; none if the token that was to stay is gone.
///
/// Columns that are not assigned keep their value. After a disconnect they start anew, and account
/// details do so with every other key: what the former account left behind must not mix with the
/// new one. Either way the row is active again, and unverified unless it was verified before.
pub(crate) fn save(
    key: RowKey,
    assignments: &[Assignment<StoredValue>],
    context: &SaveContext,
) -> Statement {
    let mut sql = Sql::default();
    let slug = sql.bind_text(key.tenant.slug());
    let mut this_row = format!("t.tenant_id = {slug}");
    let mut names = vec!["tenant_id"];
    let mut values = vec![slug];
    let mut updates = Vec::new();
    if let Some(service) = key.service {
        let id = sql.bind_text(service.id());
        let name = match service.catalog_name() {
            Some(name) => sql.bind_text(name),
            None => "null".to_owned(),
        };
        let _ = write!(this_row, " and t.service_name = {id}");
        updates.push(format!("service_display_name = {name}"));
        names.extend(["service_name", "service_display_name"]);
        values.extend([id, name]);
    }
    let verified = context.account.unwrap_or_default();
    let is_metadata = |column: &Column| {
        matches!(column.kind, ColumnKind::JsonObject | ColumnKind::MetadataSecret)
    };
    for assignment in assignments.iter().chain(verified) {
        if is_metadata(assignment.column) {
            continue;
        }
        let value = sql.bind_value(assignment);
        names.push(assignment.column.name);
        updates.push(format!("{} = {value}", assignment.column.name));
        values.push(value);
    }
    if assignments.iter().any(|assignment| is_metadata(assignment.column)) {
        let (value, update) = metadata(&mut sql, assignments);
        names.push("metadata");
        values.push(value);
        updates.push(format!("metadata = {update}"));
    }
    let others: Vec<_> =
        key.table.columns.iter().filter(|column| !names.contains(&column.name)).collect();
    // PostgreSQL refuses a parameter that stands nowhere in the statement.
    let depends_on_key = context.keeps_token
        || others.iter().any(|column| matches!(column.role, ColumnRole::Account { .. }));
    let same_key = match (context.same_key, key.table.key_secret()) {
        (Some(token), Some(column)) if depends_on_key => {
            format!("t.{} = {}", column.name, sql.bind_text(token))
        }
        _ => "false".to_owned(),
    };
    for column in others {
        let Column { name, default, kind, role, is_added } = column;
        let keep = match (kind, role) {
            (ColumnKind::MetadataSecret, _) => continue,
            _ if *is_added && context.lacks_added => continue,
            (_, ColumnRole::Account { .. }) => format!("t.is_active and {same_key}"),
            _ => "t.is_active".to_owned(),
        };
        updates.push(format!("{name} = case when {keep} then t.{name} else {default} end"));
    }
    let verified_at = if context.account.is_some() { "pg_catalog.now()" } else { "null" };
    let error = match context.error {
        Some(error) => sql.bind_text(error),
        None => "null".to_owned(),
    };
    names.extend(["last_verified_at", "last_error"]);
    values.extend([verified_at.to_owned(), error.clone()]);
    let table = table_name(key.tenant, key.table);
    let set = format!(
        "set {}, is_active = true, last_verified_at = {verified_at}, last_error = {error}, \
         updated_at = pg_catalog.now()",
        updates.join(", "),
    );
    if context.keeps_token {
        sql.push(&format!(
            "update {table} as t {set} where {this_row} and t.is_active and {same_key}"
        ));
    } else {
        sql.push(&format!(
            "insert into {table} as t ({}) values ({}) on conflict ({}) do update {set}",
            names.join(", "),
            values.join(", "),
            key.table.key.join(", "),
        ));
    }
    sql.push(&format!(" returning {} as answer", row_json(key.table)));
    sql.write()
}

/// The `metadata` to insert and to update with, where it or the secret inside it is assigned. The
/// one that is not keeps its value.
fn metadata(sql: &mut Sql, assignments: &[Assignment<StoredValue>]) -> (String, String) {
    let mut find = |kind: ColumnKind| {
        assignments
            .iter()
            .find(|assignment| assignment.column.kind == kind)
            .map(|assignment| sql.bind_value(assignment))
    };
    let object = find(ColumnKind::JsonObject);
    let secret = find(ColumnKind::MetadataSecret);
    // What is no object, others wrote.
    let stored = "case when t.is_active and pg_catalog.jsonb_typeof(t.metadata) = 'object' then \
                  t.metadata else '{}' end";
    let join = |object: &str, secret: &str| {
        format!(
            "({object} operator(pg_catalog.-) '{METADATA_SECRET}'::text) operator(pg_catalog.||) \
             pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object('{METADATA_SECRET}', {secret}))"
        )
    };
    let kept_secret = format!("({stored}) operator(pg_catalog.->) '{METADATA_SECRET}'::text");
    let insert = join(
        &object.clone().map_or("'{}'::jsonb".to_owned(), |object| format!("({object})::jsonb")),
        secret.as_deref().unwrap_or("null"),
    );
    let update = join(
        &object.map_or(format!("({stored})"), |object| format!("({object})::jsonb")),
        &secret.unwrap_or(kept_secret),
    );
    (insert, update)
}

/// Soft delete; answers with one row if there was one, active or not (compatibility.md, section 6).
pub(crate) fn deactivate(key: RowKey) -> Statement {
    let mut sql = Sql::default();
    sql.push(&format!(
        "update {} as t set is_active = false, updated_at = pg_catalog.now() where ",
        table_name(key.tenant, key.table),
    ));
    sql.push_key(key);
    sql.push(" returning '{}' as answer");
    sql.write()
}

/// Records what a verification found. With a `revision` only if the row still holds the token that
/// was verified. A row that has the same error already stays untouched.
///
/// When the account is another one than before, details that were not told go back to their
/// default: they belong to the former account.
pub(crate) fn record_verification(
    key: RowKey,
    verification: &Verification,
    account: &[Assignment<StoredValue>],
    revision: Option<&str>,
) -> Statement {
    let mut sql = Sql::default();
    let error = if verification.verified {
        "null".to_owned()
    } else {
        sql.bind_text(verification.error.as_deref().unwrap_or(NO_REASON))
    };
    let mut updates = vec![format!("last_error = {error}")];
    if verification.verified {
        updates.push("last_verified_at = pg_catalog.now()".to_owned());
    }
    let mut same_account = None;
    for assignment in account {
        let value = sql.bind_value(assignment);
        let name = assignment.column.name;
        if key.table.identity() == Some(assignment.column) {
            same_account = Some(format!("(t.{name} is null or t.{name} = {value})"));
        }
        updates.push(format!("{name} = {value}"));
    }
    if let Some(same_account) = same_account {
        let told = |column: &Column| account.iter().any(|assignment| assignment.column == column);
        for column in key.table.columns.iter().filter(|column| !told(column)) {
            if let Column { name, default, role: ColumnRole::Account { .. }, .. } = column {
                updates.push(format!(
                    "{name} = case when {same_account} then t.{name} else {default} end"
                ));
            }
        }
    }
    sql.push(&format!(
        "update {} as t set {}, updated_at = pg_catalog.now() where ",
        table_name(key.tenant, key.table),
        updates.join(", "),
    ));
    sql.push_key(key);
    if let (Some(revision), Some(column)) = (revision, key.table.key_secret()) {
        let token = sql.bind_text(revision);
        sql.push(&format!(" and t.{} = {token}", column.name));
    }
    if !verification.verified && account.is_empty() {
        // The row tells since when it is failing: see `status_json`.
        sql.push(" and t.last_error is distinct from ");
        sql.push(&error);
    }
    sql.push(" and t.is_active returning '{}' as answer");
    sql.write()
}

/// Everything that a client or a verification is made from, as a JSON object: the input columns
/// under their names in the table, the account details under `account`, and a `revision` that
/// changes with any of them.
pub(crate) fn find_credential(key: RowKey) -> Statement {
    let pairs = |columns: Vec<(String, String)>| {
        let pairs: Vec<_> =
            columns.iter().map(|(name, value)| format!("'{name}', {value}")).collect();
        format!("pg_catalog.json_build_object({})", pairs.join(", "))
    };
    let inputs = key
        .table
        .columns
        .iter()
        .filter(|column| matches!(column.role, ColumnRole::Input { .. }))
        .map(|column| (column.name.to_owned(), format!("({})::text", column.expression())))
        .collect();
    let account = key
        .table
        .columns
        .iter()
        .filter_map(|column| match column.role {
            ColumnRole::Account { field } => Some((field.to_owned(), column.expression())),
            _ => None,
        })
        .collect();
    let (inputs, account) = (pairs(inputs), pairs(account));
    let mut sql = Sql::default();
    sql.push(&format!(
        "select pg_catalog.json_build_object('inputs', {inputs}, 'account', {account}, \
         'revision', {})::text as answer from {} as t where ",
        revision_of(&inputs, &account),
        table_name(key.tenant, key.table),
    ));
    sql.push_key(key);
    sql.push(" and t.is_active");
    sql.read()
}

/// The `revision` of [`find_credential`] alone, as a JSON string.
pub(crate) fn find_revision(key: RowKey) -> Statement {
    let whole = find_credential(key);
    Statement {
        sql: format!(
            "select ((answer::json) operator(pg_catalog.->) 'revision'::text)::text as answer from ({}) as credential",
            whole.sql
        ),
        ..whole
    }
}

fn revision_of(inputs: &str, account: &str) -> String {
    format!("pg_catalog.md5({inputs}::text operator(pg_catalog.||) {account}::text)")
}

/// One answer for each active credential of the tenant in these tables: service, verification,
/// secrets, account.
pub(crate) fn statuses(tenant: &TenantId, tables: &[ServiceTable]) -> Statement {
    let mut sql = Sql::default();
    let slug = sql.bind_text(tenant.slug());
    let selects: Vec<_> = tables
        .iter()
        .map(|service_table| {
            let table = service_table.table();
            let service = match SERVICES.iter().find(|service| service.table == *service_table) {
                Some(service) if *service_table != ServiceTable::ApiCredentials => {
                    format!("'{}'", service.id)
                }
                _ => "t.service_name".to_owned(),
            };
            // Parentheses, because those of the table of many services are in an order of their own.
            let order = match service_table {
                ServiceTable::ApiCredentials => " order by t.service_name",
                _ => "",
            };
            format!(
                "(select pg_catalog.json_build_object('service', {service}, 'row', {row})::text as answer \
                 from {table} as t where t.tenant_id = {slug} and t.is_active{order})",
                row = status_json(table),
                table = table_name(tenant, table),
            )
        })
        .collect();
    sql.push(&selects.join(" union all "));
    sql.read()
}

/// The columns that a table should have and has not.
pub(crate) fn missing_columns(tenant: &TenantId, table: &'static Table) -> Statement {
    const SHARED: [&str; 7] = [
        "id",
        "tenant_id",
        "is_active",
        "last_verified_at",
        "last_error",
        "created_at",
        "updated_at",
    ];
    let own = table.columns.iter().filter(|column| column.kind != ColumnKind::MetadataSecret);
    let names: Vec<_> = SHARED.into_iter().chain(own.map(|column| column.name)).collect();
    let mut sql = Sql::default();
    let (names, name) =
        (sql.bind_text(&names.join(",")), sql.bind_text(&table_name(tenant, table)));
    sql.push(&format!(
        "select wanted as answer from pg_catalog.unnest(pg_catalog.string_to_array({names}, ',')) as wanted \
         where not exists (select from pg_catalog.pg_attribute as a \
         where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass({name}) \
         and a.attname operator(pg_catalog.=) wanted::name and not a.attisdropped)"
    ));
    sql.read()
}

/// The schemas that look like a tenant's. The only statement that belongs to no tenant.
pub(crate) fn tenant_schemas() -> Statement {
    let mut sql = Sql::default();
    sql.push(
        "select nspname::text as answer from pg_catalog.pg_namespace \
         where nspname operator(pg_catalog.~~) 'tenant\\_%' order by nspname",
    );
    sql.read()
}

/// SQL text under construction.
#[derive(Default)]
struct Sql {
    text: String,
    params: Vec<Option<String>>,
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind_text(&mut self, value: &str) -> String {
        self.bind(Some(value.to_owned()), "text")
    }

    fn bind_value(&mut self, assignment: &Assignment<StoredValue>) -> String {
        match &assignment.value {
            Some(value) => self.bind(Some(value.clone()), assignment.column.cast()),
            None => assignment.column.default.to_owned(),
        }
    }

    fn bind(&mut self, value: Option<String>, cast: &str) -> String {
        self.params.push(value);
        let number = self.params.len();
        match cast {
            "text" => format!("${number}::text"),
            _ => format!("${number}::text::{cast}"),
        }
    }

    fn push_key(&mut self, key: RowKey) {
        let slug = self.bind_text(key.tenant.slug());
        self.push(&format!("t.tenant_id = {slug}"));
        if let Some(service) = key.service {
            let id = self.bind_text(service.id());
            self.push(&format!(" and t.service_name = {id}"));
        }
    }

    fn read(self) -> Statement {
        Statement { sql: self.text, params: self.params, access: Access::Read }
    }

    fn write(self) -> Statement {
        Statement { sql: self.text, params: self.params, access: Access::Write }
    }
}

fn table_name(tenant: &TenantId, table: &Table) -> String {
    format!("{}.{}", tenant.schema(), table.name)
}

/// The row as the JSON text that [`crate::output`] reads.
fn row_json(table: &Table) -> String {
    let own = table.columns.iter().filter_map(|column| match column.kind {
        // Told as part of `metadata`.
        ColumnKind::MetadataSecret => None,
        // As text, because JSON can hold numbers that Rust can not.
        ColumnKind::JsonObject => Some(format!(
            "'{0}', ({1})::text",
            column.name,
            without_secret(&format!("t.{}", column.name))
        )),
        ColumnKind::JsonStrings => Some(format!("'{0}', t.{0}::text", column.name)),
        _ => Some(format!("'{}', {}", column.name, column.expression())),
    });
    let shared =
        ["id", "tenant_id", "is_active", "last_error"].map(|name| format!("'{name}', t.{name}"));
    let times = ["last_verified_at", "created_at", "updated_at"]
        .map(|name| format!("'{name}', {}", milliseconds(name)));
    let pairs: Vec<_> = shared.into_iter().chain(times).chain(own).collect();
    format!("pg_catalog.json_build_object({})::text", pairs.join(", "))
}

/// `metadata` as callers see it. What is no object has no properties to take away.
fn without_secret(metadata: &str) -> String {
    format!(
        "case when pg_catalog.jsonb_typeof({metadata}) = 'object' then {metadata} \
         operator(pg_catalog.-) '{METADATA_SECRET}'::text else {metadata} end"
    )
}

/// What [`crate::output`] reads of a row.
fn status_json(table: &Table) -> String {
    let secrets: Vec<_> =
        table.columns.iter().filter(|column| column.is_secret()).map(Column::expression).collect();
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
    // A failing row is not written again with the same error, so its last change is when it began.
    format!(
        "pg_catalog.json_build_object('last_verified_at', {}, 'last_error', t.last_error, \
         'failing_since', case when t.last_error is not null then {} end, \
         'secrets', pg_catalog.json_build_array({}), \
         'values', pg_catalog.json_strip_nulls(pg_catalog.json_build_object({}))::text, \
         'account_info', pg_catalog.json_strip_nulls(pg_catalog.json_build_object({}))::text)",
        milliseconds("last_verified_at"),
        milliseconds("updated_at"),
        secrets.join(", "),
        values_in_clear(table).join(", "),
        account.join(", "),
    )
}

/// The name and expression of every input that is not a secret, `metadata.x` for those properties
/// of `metadata` that the catalog knows.
fn values_in_clear(table: &Table) -> Vec<String> {
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

/// Nothing for `infinity`, which is no time, and for what a JavaScript `Date` cannot be.
fn milliseconds(column: &str) -> String {
    format!(
        "case when t.{column} operator(pg_catalog.>) '-infinity'::timestamptz and t.{column} \
         operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch \
         from t.{column}) operator(pg_catalog.*) 1000)::bigint end"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::STRIPE;

    fn tenant() -> TenantId {
        TenantId::parse("acme").unwrap()
    }

    fn service(id: &str) -> ServiceRef {
        ServiceRef::parse(id).unwrap()
    }

    fn every_statement() -> Vec<Statement> {
        let tenant = tenant();
        let (stripe, mux) = (service("stripe"), service("mux"));
        let (stripe, mux) = (RowKey::new(&tenant, &stripe), RowKey::new(&tenant, &mux));
        vec![
            find(stripe),
            find(mux),
            list_api_credentials(&tenant),
            find_inputs(stripe, &["secretKey"]),
            save(stripe, &[], &SaveContext::default()),
            save(mux, &[], &SaveContext::default()),
            find_credential(stripe),
            find_revision(mux),
            deactivate(stripe),
            record_verification(stripe, &Verification::default(), &[], Some("v1:token")),
            statuses(&tenant, &ServiceTable::ALL),
        ]
    }

    #[test]
    fn every_statement_names_the_tenants_schema_for_every_table() {
        for statement in every_statement() {
            let tables = statement.sql().matches("tenant_stripe_config").count()
                + statement.sql().matches("tenant_resend_config").count()
                + statement.sql().matches("tenant_wise_config").count()
                + statement.sql().matches("tenant_api_credentials").count();
            assert_eq!(statement.sql().matches("\"tenant_acme\".tenant_").count(), tables);
            assert!(!statement.sql().contains("search_path"));
        }
    }

    /// A function of the same name and with fitting parameters could stand in another schema of the
    /// search path: in `public`, where anybody may make one on older servers.
    #[test]
    fn no_function_is_called_without_its_schema() {
        const KEYWORDS: [&str; 12] = [
            "values", "all", "exists", "conflict", "and", "as", "in", "extract", "operator",
            "select", "from", "then",
        ];
        for statement in every_statement()
            .into_iter()
            .chain([tenant_schemas(), missing_columns(&tenant(), &STRIPE)])
        {
            let sql = statement.sql();
            for (position, _) in sql.match_indices('(') {
                let before = sql[..position].trim_end_matches(' ');
                let start = before
                    .rfind(|character: char| {
                        !(character.is_alphanumeric() || "_.\"".contains(character))
                    })
                    .map_or(0, |found| found + 1);
                let word = &before[start..];
                let is_call = !word.is_empty() && !KEYWORDS.contains(&word);
                assert!(!is_call || word.contains('.') || word == "t", "{word}( in {sql}");
            }
        }
    }

    #[test]
    fn every_statement_also_filters_by_tenant() {
        for statement in every_statement() {
            assert!(statement.params().contains(&Some("acme".to_owned())), "{statement:?}");
        }
    }

    #[test]
    fn values_travel_as_parameters_and_never_as_sql() {
        let tenant = tenant();
        let column = STRIPE.input_column("publishableKey").unwrap();
        let hostile = "'); drop schema public cascade; --";
        let assignments = [Assignment { column, value: Some(hostile.to_owned()) }];
        let stripe = service("stripe");
        let key = RowKey::new(&tenant, &stripe);
        let statement = save(key, &assignments, &SaveContext::default());
        assert!(!statement.sql().contains("drop"));
        assert!(statement.params().contains(&Some(hostile.to_owned())));
    }
}
