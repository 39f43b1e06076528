//! Stored rows as callers see them: read from the database in `snake_case`, handed to JavaScript in
//! `camelCase` (compatibility.md, section 6).

use serde_json::{Map, Value};

use crate::CredentialError;
use crate::catalog::{
    Column, ColumnKind, ColumnRole, SHARED_COLUMNS, SharedKind, Table, camel_case,
};
use crate::json::{JsonObject, decode_row};

/// What a member of the object may be. Rows are also written by others than this package.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Text,
    OptionalText,
    TextOr(&'static str),
    OneOf(&'static [&'static str]),
    Boolean,
    Time,
    OptionalTime,
    Object,
    Strings,
}

/// Writes a row, as `statement` selects it, as the JSON object that callers get.
pub(crate) fn render(table: &Table, row: &str) -> Result<String, CredentialError> {
    let row: Map<String, Value> = decode_row(row)?;
    let own = table.columns.iter().filter(|column| column.kind != ColumnKind::MetadataSecret);
    let shared = SHARED_COLUMNS.iter().map(|column| (column.name, shape_of_shared(column.kind)));
    let members = shared.chain(own.map(|column| (column.name, shape_of(column))));
    let mut object = String::from("{");
    for (name, shape) in members {
        let value = row.get(name).unwrap_or(&Value::Null);
        let member = shape.render(value).ok_or(CredentialError::StoredDataInvalid)?;
        if object.len() > 1 {
            object.push(',');
        }
        object.push_str(&to_json(&camel_case(name))?);
        object.push(':');
        object.push_str(&member);
    }
    object.push('}');
    Ok(object)
}

fn shape_of_shared(kind: SharedKind) -> Shape {
    match kind {
        SharedKind::Text => Shape::Text,
        SharedKind::OptionalText => Shape::OptionalText,
        SharedKind::Boolean => Shape::Boolean,
        SharedKind::Time => Shape::Time,
        SharedKind::OptionalTime => Shape::OptionalTime,
    }
}

fn shape_of(column: &Column) -> Shape {
    match (column.kind, column.role) {
        (ColumnKind::Secret, ColumnRole::Input { required: true, .. }) => Shape::Text,
        (ColumnKind::Secret | ColumnKind::MetadataSecret | ColumnKind::Text, _) => {
            column.default_text.map_or(Shape::OptionalText, Shape::TextOr)
        }
        (ColumnKind::OneOf(texts), _) => Shape::OneOf(texts),
        (ColumnKind::Boolean, _) => Shape::Boolean,
        (ColumnKind::JsonObject, _) => Shape::Object,
        (ColumnKind::JsonStrings, _) => Shape::Strings,
    }
}

impl Shape {
    /// The value as JSON; `None` if it is nothing that callers could be given.
    fn render(self, value: &Value) -> Option<String> {
        let is_fitting = match self {
            Self::Text => value.is_string(),
            Self::OptionalText
            | Self::TextOr(_)
            | Self::OneOf(_)
            | Self::Object
            | Self::Strings => value.is_string() || value.is_null(),
            Self::Boolean => value.is_boolean() || value.is_null(),
            Self::Time | Self::OptionalTime => value.is_i64() || value.is_null(),
        };
        if !is_fitting {
            return None;
        }
        match (self, value) {
            (Self::TextOr(default), Value::Null) => to_json(default),
            (Self::OneOf(texts), Value::String(text)) if !texts.contains(&text.as_str()) => {
                to_json(&Value::Null)
            }
            (Self::Boolean, Value::Null) => to_json(&false),
            (Self::Time, Value::Null) => to_json(&0),
            (Self::Object, _) => Ok(JsonObject::from_text(value.as_str()).into_text()),
            (Self::Strings, _) => to_json(&strings(value.as_str())),
            _ => to_json(value),
        }
        .ok()
    }
}

/// An odd list loses its odd entries, not the whole row.
fn strings(text: Option<&str>) -> Vec<Value> {
    let entries: Vec<Value> =
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    entries.into_iter().filter(Value::is_string).collect()
}

fn to_json(value: &(impl serde::Serialize + ?Sized)) -> Result<String, CredentialError> {
    serde_json::to_string(value).map_err(|_| CredentialError::StoredDataInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{API_CREDENTIALS, RESEND, STRIPE, WISE};

    const SHARED_JSON: &str =
        r#""id":"1","tenant_id":"acme","is_active":true,"created_at":7,"updated_at":8"#;

    fn rendered(table: &Table, own: &str) -> Result<Value, CredentialError> {
        render(table, &format!("{{{SHARED_JSON},{own}}}"))
            .map(|json| serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn columns_become_members_in_camel_case() {
        let row = rendered(&STRIPE, r#""secret_key_encrypted":"a:b","livemode":true"#).unwrap();
        assert_eq!(row["secretKeyEncrypted"], "a:b");
        assert_eq!(row["tenantId"], "acme");
        assert_eq!(row["livemode"], true);
        assert_eq!(row["createdAt"], 7);
        assert_eq!(row["lastVerifiedAt"], Value::Null);
    }

    #[test]
    fn what_is_null_takes_its_default() {
        let own = r#""api_key_encrypted":"a:b","sandbox_mode":null,"source_currency":null"#;
        let row = rendered(&WISE, own).unwrap();
        assert_eq!(row["sandboxMode"], false);
        assert_eq!(row["sourceCurrency"], "USD");
    }

    #[test]
    fn an_odd_value_hurts_itself_only() {
        let wise = |kind: &str| {
            let own = format!(r#""api_key_encrypted":"a:b","profile_type":"{kind}""#);
            rendered(&WISE, &own).unwrap()["profileType"].clone()
        };
        assert_eq!([wise("business"), wise("club")], ["business".into(), Value::Null]);

        let own = r#""api_key_encrypted":"a:b","verified_domains":"[\"a.example\",7]""#;
        let row = rendered(&RESEND, own).unwrap();
        assert_eq!(row["verifiedDomains"], Value::Array(vec!["a.example".into()]));
    }

    #[test]
    fn metadata_is_passed_on_digit_by_digit() {
        let metadata = r#"{"n":12345678901234567890.000000000000000001}"#;
        for (stored, expected) in [(metadata, metadata), ("[1]", "{}"), ("null", "{}")] {
            let text = serde_json::to_string(stored).unwrap();
            let own = format!(r#""api_key_encrypted":"a:b","metadata":{text}"#);
            let json = render(&API_CREDENTIALS, &format!("{{{SHARED_JSON},{own}}}")).unwrap();
            assert!(json.contains(&format!(r#""metadata":{expected}"#)), "{json}");
            assert!(!json.contains("webhookSecret"), "{json}");
        }
    }

    #[test]
    fn a_row_of_another_shape_is_refused() {
        for own in [
            r#""livemode":true"#,
            r#""secret_key_encrypted":null"#,
            r#""secret_key_encrypted":"a:b","livemode":"yes""#,
            r#""secret_key_encrypted":"a:b","account_name":7"#,
            r#""secret_key_encrypted":"a:b","last_verified_at":"now""#,
        ] {
            assert_eq!(rendered(&STRIPE, own), Err(CredentialError::StoredDataInvalid), "{own}");
        }
        assert_eq!(render(&STRIPE, "[]"), Err(CredentialError::StoredDataInvalid));
    }
}
