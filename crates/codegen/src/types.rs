//! The TypeScript types of everything that crosses to Rust and back.

use std::fmt::Write;

use cgk_credentials::{
    Column, ColumnKind, ColumnRole, SHARED_COLUMNS, ServiceTable, SharedKind, TIMESTAMP_FIELDS,
    Table, camel_case,
};

use crate::{catalog, errors};

const HEADER: &str =
    "// Written by `npm run build` from the data in crates/credentials. Do not edit.\n";

/// The name of a table's types, and what they are of.
const TABLES: [(ServiceTable, &str, &str); 4] = [
    (ServiceTable::Stripe, "Stripe", "A tenant's Stripe account."),
    (ServiceTable::Resend, "Resend", "A tenant's Resend account."),
    (ServiceTable::Wise, "Wise", "A tenant's Wise account."),
    (
        ServiceTable::ApiCredentials,
        "Api",
        "A tenant's credential for one of the services without a table of their own.",
    ),
];

/// The files and their texts.
pub(crate) fn sources() -> [(&'static str, String); 3] {
    let with_header = |text: &str| format!("{HEADER}\n{text}");
    [
        ("types.ts", types()),
        ("catalog.ts", with_header(&catalog::services())),
        ("services.ts", with_header(&catalog::service_basics())),
    ]
}

fn types() -> String {
    let mut file = HEADER.to_owned();
    let mut section = |text: &str| {
        file.push('\n');
        file.push_str(text);
    };
    section(&catalog::display_names());
    section(&timestamps());
    section(&errors::union());
    section(&object("BaseTenantConfig", "What every stored configuration has.", &shared()));
    for (table, name, doc) in TABLES {
        let table = table.table();
        for kinds in table.columns.iter().filter_map(|column| kinds(name, column)) {
            section(&kinds);
        }
        let suffix = if name == "Api" { "Credential" } else { "Config" };
        let own: String = table.columns.iter().filter_map(|column| member(name, column)).collect();
        section(&object(&format!("Tenant{name}{suffix}"), doc, &(own + &shared())));
        section(&input(&format!("Tenant{name}{suffix}Input"), name, table));
        section(&account(&format!("{name}AccountInfo"), table));
    }
    file
}

fn timestamps() -> String {
    let names = TIMESTAMP_FIELDS.map(|name| format!("'{name}'")).join(", ");
    format!(
        "/** The fields that cross as milliseconds and become dates. */\nexport const TIMESTAMP_FIELDS = [{names}] as const;\n"
    )
}

/// A type and not an interface: only such is a `Record<string, unknown>`.
fn object(name: &str, doc: &str, members: &str) -> String {
    format!("/** {doc} */\nexport type {name} = {{\n{members}}};\n")
}

fn shared() -> String {
    let members = SHARED_COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            SharedKind::Text => "string",
            SharedKind::OptionalText => "string | null",
            SharedKind::Boolean => "boolean",
            SharedKind::Time => "Date",
            SharedKind::OptionalTime => "Date | null",
        };
        format!("  /** {} */\n  {}: {kind};\n", column.doc, camel_case(column.name))
    });
    members.collect()
}

/// A column as a member of the configuration; `None` for what callers do not get.
fn member(table: &str, column: &Column) -> Option<String> {
    let is_required = matches!(column.role, ColumnRole::Input { required: true, .. });
    let kind = match column.kind {
        ColumnKind::MetadataSecret => return None,
        _ if column.name == "service_name" => "TenantApiService".to_owned(),
        ColumnKind::Secret | ColumnKind::Text if is_required || column.default_text.is_some() => {
            "string".to_owned()
        }
        ColumnKind::Secret | ColumnKind::Text => "string | null".to_owned(),
        ColumnKind::OneOf(_) => format!("{} | null", kinds_name(table, column)),
        kind => typescript(kind).to_owned(),
    };
    let optional = if column.is_added { "?" } else { "" };
    let Column { doc, name, .. } = column;
    Some(format!("  /** {doc} */\n  {}{optional}: {kind};\n", camel_case(name)))
}

/// The type of a column that holds one of some texts.
fn kinds(table: &str, column: &Column) -> Option<String> {
    let ColumnKind::OneOf(texts) = column.kind else { return None };
    let texts: Vec<_> = texts.iter().map(|text| format!("'{text}'")).collect();
    let name = kinds_name(table, column);
    Some(format!("/** {} */\nexport type {name} = {};\n", column.doc, texts.join(" | ")))
}

fn kinds_name(table: &str, column: &Column) -> String {
    let name = camel_case(column.name);
    let (first, rest) = name.split_at(1);
    format!("{table}{}{rest}", first.to_ascii_uppercase())
}

/// The input of a save: `null` clears a field, leaving it out keeps it.
fn input(name: &str, service: &str, table: &Table) -> String {
    let mut text = format!("export interface {name} {{\n");
    if service == "Api" {
        text.push_str(
            "  /** Id of the service in the catalog. */\n  serviceName: TenantApiService;\n",
        );
    }
    for column in table.columns {
        if let ColumnRole::Input { field, required } = column.role {
            let kind = typescript(column.kind);
            let line = if required {
                format!("  {field}: {kind};\n")
            } else {
                format!("  {field}?: {kind} | null;\n")
            };
            text.push_str(&line);
        }
    }
    text + "}\n"
}

fn account(name: &str, table: &Table) -> String {
    let mut text = format!("export interface {name} {{\n");
    for column in table.columns {
        if let ColumnRole::Account { field } = column.role {
            let _ = writeln!(text, "  {field}?: {} | null;", typescript(column.kind));
        }
    }
    text + "}\n"
}

fn typescript(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Secret
        | ColumnKind::MetadataSecret
        | ColumnKind::Text
        | ColumnKind::OneOf(_) => "string",
        ColumnKind::Boolean => "boolean",
        ColumnKind::JsonObject => "Record<string, unknown>",
        ColumnKind::JsonStrings => "string[]",
    }
}
