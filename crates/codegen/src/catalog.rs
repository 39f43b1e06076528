//! The service catalog as TypeScript.

use std::fmt::Write;

use cgk_credentials::{Field, FieldKind, ModeSwitch, SERVICES, Service};
use serde_json::{Value, json};

pub(crate) fn display_names() -> String {
    let mut text = String::from(
        "/** The services without functions of their own. */\nexport const SERVICE_DISPLAY_NAMES = {\n",
    );
    for service in Service::all_api() {
        let _ = writeln!(text, "  {}: '{}',", service.id, service.display_name);
    }
    text.push_str("} as const;\n\n/** Id of a service without functions of its own. */\nexport type TenantApiService = keyof typeof SERVICE_DISPLAY_NAMES;\n");
    text
}

pub(crate) fn services() -> String {
    let mut text = String::from(
        "/** All services, in the order in which they are shown. */\nexport const SERVICE_CATALOG = [\n",
    );
    for service in SERVICES {
        let _ = writeln!(text, "  {},", catalog_entry(service));
    }
    text.push_str("] as const;\n\n/** Id of a service. */\nexport type TenantService = (typeof SERVICE_CATALOG)[number]['id'];\n");
    text
}

/// What the package itself takes of the services: bundles of clients need not carry what forms show.
pub(crate) fn service_basics() -> String {
    let mut text = String::from("export const SERVICE_BASICS = [\n");
    for service in SERVICES {
        let _ = writeln!(text, "  {},", basics(service));
    }
    text + "] as const;\n"
}

fn basics(service: &Service) -> Value {
    let check = &service.check;
    let secrets: Vec<_> = service
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Secret)
        .map(|field| field.name)
        .collect();
    let regions = check.regions.iter().flat_map(|regions| regions.all);
    let regions: Vec<_> =
        regions.map(|region| json!({ "value": region.value, "endpoint": region.base })).collect();
    json!({
        "id": service.id,
        "displayName": service.display_name,
        "endpoint": check.base,
        "sandboxEndpoint": check.sandbox,
        "regionField": check.regions.map(|regions| regions.field),
        "regions": regions,
        "secrets": secrets,
    })
}

/// What forms and documentation need of a service.
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

/// Members that few fields have are left out of the others.
fn catalog_field(field: &Field) -> Value {
    let members = [
        ("name", json!(field.name)),
        ("label", json!(field.label)),
        ("kind", json!(field.kind.name())),
        ("required", json!(field.required)),
        ("placeholder", json!(field.placeholder)),
        ("hint", json!(field.hint)),
        ("choices", json!(choices(field))),
    ];
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    let rare = [
        ("multiline", field.is_multiline().then_some(Value::Bool(true))),
        ("livePlaceholder", text(field.live_placeholder)),
        ("url", text(field.url)),
        ("mode", field.mode.map(mode)),
    ];
    let rare = rare.into_iter().filter_map(|(name, value)| Some((name, value?)));
    members.into_iter().chain(rare).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn mode(mode: ModeSwitch) -> Value {
    let (when_true, when_false) = mode.names();
    let true_is_live = mode == ModeSwitch::Live;
    json!({ "whenTrue": when_true, "whenFalse": when_false, "trueIsLive": true_is_live })
}

fn choices(field: &Field) -> Vec<Value> {
    let choices = field.rule.choices.iter();
    choices.map(|choice| json!({ "value": choice.value, "label": choice.label })).collect()
}
