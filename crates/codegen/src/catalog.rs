//! The service catalog as TypeScript.

use std::fmt::Write;

use cgk_credentials::{Field, ModeSwitch, SERVICES, Service};
use serde_json::json;

pub(crate) fn services() -> String {
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
