//! SQL text under construction, and the pieces that statements share.

use crate::catalog::{
    Column, ColumnKind, FAILING_SINCE, METADATA_SECRET, SERVICES, ServiceTable, Table,
};
use crate::database::{Retry, Statement};
use crate::input::Assignment;
use crate::key::CredentialKey;
use crate::tenant::TenantId;

/// The table of the tenants that share a schema.
pub(super) const TENANTS: &str = "tenants";

/// The time of the transaction.
pub(super) const NOW: &str = "pg_catalog.now()";

/// A value that is ready to be stored; `None` goes back to the column's default.
pub(crate) type SqlValue = Option<String>;

/// What a read answers last where the tables that tenants share know no such tenant.
pub(crate) const NO_TENANT: &str = "no tenant";

/// SQL text and the parameters that stand in it so far.
#[derive(Default)]
pub(super) struct Sql {
    text: String,
    params: Vec<Option<String>>,
    /// Says that tables which tenants share know no such tenant: what a missing schema says elsewhere.
    no_tenant: String,
}

impl Sql {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn bind_text(&mut self, value: &str) -> String {
        self.bind(Some(value.to_owned()), "text")
    }

    pub(super) fn bind_value(&mut self, assignment: &Assignment<SqlValue>) -> String {
        match &assignment.value {
            Some(value) => self.bind(Some(value.clone()), cast(assignment.column)),
            None => default(assignment.column),
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

    /// The condition that row `t` belongs to the tenant.
    pub(super) fn of_tenant(&mut self, tenant: &TenantId) -> String {
        let condition = format!("t.tenant_id = {}", self.bind_text(tenant.slug()));
        if tenant.layout().is_shared() {
            self.no_tenant = format!(
                "union all\nselect '{NO_TENANT}'\nwhere not exists (\n  select from {}.{TENANTS} as t\n  where {condition}\n)",
                schema(tenant),
            );
        }
        condition
    }

    /// The condition that row `t` is the one of the key.
    pub(super) fn of_key(&mut self, key: &CredentialKey) -> String {
        let condition = self.of_tenant(key.tenant());
        match key.service_name() {
            Some(service) => {
                format!("{condition} and t.service_name = {}", self.bind_text(service))
            }
            None => condition,
        }
    }

    /// The statement, which changes nothing.
    pub(super) fn read(self) -> Statement {
        let sql = match self.no_tenant.as_str() {
            "" => self.text,
            no_tenant => format!("({})\n{no_tenant}", self.text),
        };
        Statement { sql, params: self.params, retry: Retry::Safe, tenant: None }
    }

    /// The statement, which changes something.
    pub(super) fn write(self) -> Statement {
        Statement { sql: self.text, params: self.params, retry: Retry::Never, tenant: None }
    }
}

pub(super) fn table_name(tenant: &TenantId, table: &Table) -> String {
    format!("{}.{}", schema(tenant), table.name)
}

/// The id of the service of row `t`.
pub(super) fn service_of(table: ServiceTable) -> String {
    match SERVICES.iter().find(|service| service.table == table) {
        Some(service) if table != ServiceTable::ApiCredentials => format!("'{}'", service.id),
        _ => "t.service_name".to_owned(),
    }
}

/// The quoted name of the schema of the tenant's tables. Its characters need no escape.
pub(super) fn schema(tenant: &TenantId) -> String {
    tenant.schema()
}

/// What a column of row `t` holds.
pub(super) fn read(column: &Column) -> String {
    match column.kind {
        ColumnKind::MetadataSecret => {
            format!("t.metadata operator(pg_catalog.->>) '{METADATA_SECRET}'::text")
        }
        // Null where the schema lacks it.
        _ if column.is_added => {
            format!("pg_catalog.to_jsonb(t) operator(pg_catalog.->>) '{}'::text", column.name)
        }
        _ => format!("t.{}", column.name),
    }
}

/// The type that a text parameter is cast to.
pub(super) fn cast(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Secret
        | ColumnKind::MetadataSecret
        | ColumnKind::Text
        | ColumnKind::OneOf(_) => "text",
        ColumnKind::Boolean => "boolean",
        ColumnKind::JsonObject | ColumnKind::JsonStrings => "jsonb",
    }
}

/// The literal that stands for "nothing set".
pub(super) fn default(column: &Column) -> String {
    match (column.kind, column.default_text) {
        (ColumnKind::Boolean, _) => "false".to_owned(),
        (ColumnKind::JsonObject, _) => "'{}'".to_owned(),
        (ColumnKind::JsonStrings, _) => "'[]'".to_owned(),
        (_, Some(text)) => format!("'{text}'"),
        (_, None) => "null".to_owned(),
    }
}

/// A JSON object as text, of pairs such as `'name', t.name`.
pub(super) fn json_object(pairs: &[String]) -> String {
    format!("pg_catalog.json_build_object(\n  {}\n)", pairs.join(",\n  "))
}

/// A time of row `t` in milliseconds since 1970. Null for `infinity`, which is no time, and for what a
/// JavaScript `Date` cannot be.
pub(super) fn milliseconds(column: &str) -> String {
    let time = format!("t.{column}");
    format!(
        "case when {time} operator(pg_catalog.>) '-infinity'::timestamptz and {time} \
         operator(pg_catalog.<) '275760-01-01'::timestamptz then pg_catalog.floor(extract(epoch \
         from {time}) operator(pg_catalog.*) 1000)::bigint end"
    )
}

/// When row `t` may have begun to fail, in milliseconds since 1970, with a comma in between: what is recorded,
/// which the schema may lack a column for, and its last change. Whether these are times that a
/// JavaScript `Date` can be is left to the reader: an expression that says so here, for both and four
/// tables, takes the planner a quarter of the time of the whole statement.
pub(super) fn failing_since() -> String {
    let recorded = format!(
        "(pg_catalog.to_jsonb(t) operator(pg_catalog.->>) '{FAILING_SINCE}'::text)::timestamptz"
    );
    let times = [recorded, "t.updated_at".to_owned()].map(|time| {
        format!("pg_catalog.floor(extract(epoch from {time}) operator(pg_catalog.*) 1000)")
    });
    format!(
        "case when t.last_error is not null then pg_catalog.concat({}) end",
        times.join(", ',', "),
    )
}

/// Row `t` as the JSON text that [`crate::output`] reads.
pub(super) fn row_json(table: &Table) -> String {
    let own = table.columns.iter().filter_map(|column| match column.kind {
        // Part of `metadata`.
        ColumnKind::MetadataSecret => None,
        // As text, because JSON can hold numbers that Rust cannot.
        ColumnKind::JsonObject => Some(format!(
            "'{0}', ({1})::text",
            column.name,
            without_secret(&format!("t.{}", column.name))
        )),
        ColumnKind::JsonStrings => Some(format!("'{0}', t.{0}::text", column.name)),
        _ => Some(format!("'{}', {}", column.name, read(column))),
    });
    let shared =
        ["id", "tenant_id", "is_active", "last_error"].map(|name| format!("'{name}', t.{name}"));
    let times = ["last_verified_at", "created_at", "updated_at"]
        .map(|name| format!("'{name}', {}", milliseconds(name)));
    let pairs: Vec<_> = shared.into_iter().chain(times).chain(own).collect();
    format!("{}::text", json_object(&pairs))
}

/// `metadata` as callers see it. What is no object has no properties to take away.
fn without_secret(metadata: &str) -> String {
    format!(
        "case when pg_catalog.jsonb_typeof({metadata}) = 'object' then {metadata} \
         operator(pg_catalog.-) '{METADATA_SECRET}'::text else {metadata} end"
    )
}
