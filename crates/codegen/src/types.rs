use std::fmt::Write;

use cgk_credentials::{
    ApiCredential, BaseConfig, ColumnKind, ColumnRole, Field, IntegrationStatus, ModeSwitch,
    ResendConfig, SERVICES, Service, ServiceTable, StripeConfig, TIMESTAMP_FIELDS, Table,
    Timestamp, WiseConfig, WiseProfileType,
};
use serde_json::json;
use ts_rs::{Config, TS};

const HEADER: &str =
    "// Written by `npm run build` from the Rust types in crates/credentials. Do not edit.\n";

/// The TypeScript types of everything that crosses to Rust and back.
pub(crate) fn source() -> String {
    let config = Config::default();
    let mut file = HEADER.to_owned();
    section(&mut file, &services());
    section(&mut file, &timestamps());
    section(&mut file, &exported::<BaseConfig>(&config));
    section(&mut file, &exported::<WiseProfileType>(&config));
    section(&mut file, &exported::<StripeConfig>(&config));
    section(&mut file, &exported::<ResendConfig>(&config));
    section(&mut file, &exported::<WiseConfig>(&config));
    section(&mut file, &exported::<ApiCredential>(&config));
    section(&mut file, &exported::<IntegrationStatus>(&config));
    section(&mut file, &input("TenantStripeConfigInput", "", ServiceTable::Stripe.table()));
    section(&mut file, &input("TenantResendConfigInput", "", ServiceTable::Resend.table()));
    section(&mut file, &input("TenantWiseConfigInput", "", ServiceTable::Wise.table()));
    let name = "  /** Id of the service in the catalog. */\n  serviceName: TenantApiService;\n";
    let table = ServiceTable::ApiCredentials.table();
    section(&mut file, &input("TenantApiCredentialInput", name, table));
    section(&mut file, &account("StripeAccountInfo", ServiceTable::Stripe.table()));
    section(&mut file, &account("ResendAccountInfo", ServiceTable::Resend.table()));
    section(&mut file, &account("WiseAccountInfo", ServiceTable::Wise.table()));
    section(&mut file, &account("ApiAccountInfo", table));
    file
}

fn section(file: &mut String, text: &str) {
    file.push('\n');
    file.push_str(text);
}

fn exported<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config)).replace(&Timestamp::name(config), "Date")
}

fn services() -> String {
    let mut text = String::from(
        "/** The services without functions of their own. */\nexport const SERVICE_DISPLAY_NAMES = {\n",
    );
    for service in Service::all_api() {
        let _ = writeln!(text, "  {}: '{}',", service.id, service.display_name);
    }
    text.push_str("} as const;\n\n/** Id of a service without functions of its own. */\nexport type TenantApiService = keyof typeof SERVICE_DISPLAY_NAMES;\n\n");
    text.push_str("/** All services, in the order in which they are shown. */\nexport const SERVICE_CATALOG = [\n");
    for service in SERVICES {
        let _ = writeln!(text, "  {},", catalog_entry(service));
    }
    text.push_str("] as const;\n\n/** Id of a service. */\nexport type TenantService = (typeof SERVICE_CATALOG)[number]['id'];\n");
    text
}

/// What forms, clients and documentation need of a service.
fn catalog_entry(service: &Service) -> String {
    let Service { id, display_name, category, fields, check, .. } = service;
    let fields: Vec<_> = fields.iter().map(catalog_field).collect();
    let regions: Vec<_> = check
        .regions
        .iter()
        .flat_map(|regions| regions.all)
        .map(|region| {
            json!({ "value": region.value, "label": region.label, "endpoint": region.base })
        })
        .collect();
    json!({
        "id": id,
        "displayName": display_name,
        "category": category.name(),
        "categoryTitle": category.title(),
        "endpoint": check.base,
        "sandboxEndpoint": check.sandbox,
        "regionField": check.regions.map(|regions| regions.field),
        "regions": regions,
        "verification": { "path": check.path, "permission": check.permission },
        "fields": fields,
    })
    .to_string()
}

/// Members that few fields have are left out of the others: edge bundles carry the catalog.
fn catalog_field(field: &Field) -> serde_json::Value {
    let mut entry = json!({
        "name": field.name,
        "label": field.label,
        "kind": field.kind.name(),
        "required": field.required,
        "placeholder": field.placeholder,
        "hint": field.hint,
        "choices": choices(field),
    });
    let mut put = |name: &str, value: serde_json::Value| entry[name] = value;
    if field.is_multiline() {
        put("multiline", true.into());
    }
    if !field.live_placeholder.is_empty() {
        put("livePlaceholder", field.live_placeholder.into());
    }
    if !field.url.is_empty() {
        put("url", field.url.into());
    }
    if let Some(mode) = field.mode {
        let (when_true, when_false) = mode.names();
        let true_is_live = mode == ModeSwitch::Live;
        put(
            "mode",
            json!({ "whenTrue": when_true, "whenFalse": when_false, "trueIsLive": true_is_live }),
        );
    }
    entry
}

fn choices(field: &Field) -> Vec<serde_json::Value> {
    let choices = field.rule.choices.iter();
    choices.map(|choice| json!({ "value": choice.value, "label": choice.label })).collect()
}

fn timestamps() -> String {
    let names = TIMESTAMP_FIELDS.map(|name| format!("'{name}'")).join(", ");
    format!(
        "/** The fields that cross as milliseconds and become dates. */\nexport const TIMESTAMP_FIELDS = [{names}] as const;\n"
    )
}

/// The input of a save: `null` clears a field, leaving it out keeps it.
fn input(name: &str, first: &str, table: &Table) -> String {
    let mut text = format!("export interface {name} {{\n{first}");
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
