//! JSON that callers hand in, and the texts inside it.

use serde_json::Value;

use super::text::{check_text, clean, contains_nul};
use super::wrong_type::wrong_type;
use crate::CredentialError;
use crate::catalog::{ColumnKind, METADATA_SECRET, Service};

/// The properties that the catalog knows are cleaned like fields.
pub(super) fn clean_metadata(
    service: &Service,
    name: &'static str,
    json: &str,
) -> Result<String, CredentialError> {
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(json) else {
        return Err(wrong_type(ColumnKind::JsonObject, name));
    };
    if object.contains_key("webhookSecret") && service.field("webhookSecret").is_some() {
        return Err(CredentialError::field(
            name,
            format!("{name} is stored unencrypted: give webhookSecret as a field beside it"),
        ));
    }
    let mut changed = object.remove(METADATA_SECRET).is_some();
    for field in service.fields {
        let Some(value) =
            field.name.strip_prefix("metadata.").and_then(|property| object.get_mut(property))
        else {
            continue;
        };
        let Value::String(text) = value else {
            if value.is_null() {
                continue;
            }
            return Err(wrong_type(ColumnKind::Text, field.name));
        };
        let clean = clean(field, text)?;
        changed |= clean != *text;
        *text = clean;
    }
    // Left as it was written where nothing changed: numbers may be longer than Rust's.
    Ok(if changed { Value::Object(object).to_string() } else { json.to_owned() })
}

pub(super) fn check_json(
    kind: ColumnKind,
    name: &'static str,
    text: &str,
) -> Result<(), CredentialError> {
    check_text(name, text)?;
    let value: Value = serde_json::from_str(text).map_err(|_| wrong_type(kind, name))?;
    let fits = match (kind, &value) {
        (ColumnKind::JsonObject, Value::Object(_)) => true,
        (ColumnKind::JsonStrings, Value::Array(entries)) => entries.iter().all(Value::is_string),
        _ => false,
    };
    if !fits {
        return Err(wrong_type(kind, name));
    }
    if has_nul(&value) {
        return Err(contains_nul(name));
    }
    Ok(())
}

/// `jsonb` cannot hold U+0000.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(entries) => entries.iter().any(has_nul),
        Value::Object(object) => {
            object.iter().any(|(key, value)| key.contains('\0') || has_nul(value))
        }
        _ => false,
    }
}
