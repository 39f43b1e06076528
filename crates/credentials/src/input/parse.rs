//! Reading what callers hand in: types, sizes and names are checked before anything is encrypted.
//!
//! Written by hand and not by serde, whose messages quote the value they refuse.

use cgk_crypto::SecretString;

use super::json::{check_json, clean_metadata};
use super::text::{check_secret, check_text, clean, trim_copy};
use super::wrong_type::wrong_type;
use crate::CredentialError;
use crate::catalog::{Column, ColumnKind, ColumnRole, FieldKind, Service, Table};

/// A JavaScript object as a binding read it: its own enumerable properties, those that are
/// `undefined` left out. So a field left out and a field set to `undefined` are the same thing,
/// and `null` is another.
pub type Fields = Vec<(String, FieldValue)>;

/// The value of one property.
#[derive(Debug)]
pub enum FieldValue {
    /// `null`: clears the field.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A string. Kept as a secret until its column is known to be public.
    Text(SecretString),
    /// An object or array, as `JSON.stringify` writes it.
    Json(String),
    /// Anything else: a number, function, symbol, …
    Other,
}

/// What a verification found, to be recorded on the row.
#[derive(Debug, Default)]
pub struct Verification {
    /// Whether the vendor accepted the credential.
    pub verified: bool,
    /// What the vendor says of the account; details left out keep their value.
    pub account: Fields,
    /// What was wrong, in words that can be shown.
    pub error: Option<String>,
}

/// A column and the value it gets.
#[derive(Debug)]
pub(crate) struct Assignment<V> {
    pub(crate) column: &'static Column,
    pub(crate) value: V,
}

/// A checked value.
#[derive(Debug)]
pub(crate) enum PlainValue {
    /// Back to the column's default.
    Clear,
    /// To be encrypted.
    Secret(SecretString),
    /// To be stored as it is.
    Public(String),
}

/// A checked input of a save.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) assignments: Vec<Assignment<PlainValue>>,
    /// The required field that was left out.
    left_out: Option<&'static str>,
}

impl Input {
    /// Whether the key stays as it is stored.
    pub(crate) fn keeps_key(&self) -> bool {
        self.left_out.is_some()
    }

    /// Refuses an input without a required field where nothing is stored that it could keep.
    pub(crate) fn require_key(&self, is_stored: bool) -> Result<(), CredentialError> {
        match self.left_out {
            Some(field) if !is_stored => {
                Err(CredentialError::field(field, format!("{field} is required")))
            }
            _ => Ok(()),
        }
    }
}

/// Reads the input of a save, or names everything that is wrong with it.
pub(crate) fn parse_input(
    service: &'static Service,
    fields: Fields,
) -> Result<Input, CredentialError> {
    let left_out = service
        .table
        .table()
        .key_field()
        .filter(|field| !fields.iter().any(|(name, _)| name == field));
    let (mut assignments, mut errors) = (Vec::new(), Vec::new());
    for (name, value) in fields {
        let assignment = match input_column(service, &name) {
            Some(column) if is_left_out(service, column, &value) => continue,
            Some(column) => assign(service, column, value),
            None => Err(unknown_field(input_names(service))),
        };
        match assignment {
            Ok(assignment) => assignments.push(assignment),
            Err(error) => errors.extend_from_slice(error.field_errors()),
        }
    }
    if errors.is_empty() {
        Ok(Input { assignments, left_out })
    } else {
        Err(CredentialError::InputInvalid(errors))
    }
}

/// An optional secret that is empty is one that a form left out (compatibility.md, section 8.10).
fn is_left_out(service: &Service, column: &Column, value: &FieldValue) -> bool {
    let required = matches!(column.role, ColumnRole::Input { required: true, .. });
    match value {
        FieldValue::Text(text) if column.is_secret() && !required => {
            let field = service.field(column.field());
            field.map_or(text.expose(), |field| trim_copy(field, text.expose())).is_empty()
        }
        _ => false,
    }
}

/// The column of an input field. A secret inside `metadata` is for the services that have one.
fn input_column(service: &Service, name: &str) -> Option<&'static Column> {
    let column = service.table.table().input_column(name)?;
    (column.kind != ColumnKind::MetadataSecret || service.field(name).is_some()).then_some(column)
}

fn input_names(service: &'static Service) -> impl Iterator<Item = &'static str> {
    let columns = service.table.table().columns.iter();
    columns.filter_map(|column| match column.role {
        ColumnRole::Input { field, .. } => input_column(service, field).map(|_| field),
        _ => None,
    })
}

/// Reads the account details of a verification.
pub(crate) fn parse_account(
    table: &'static Table,
    fields: Fields,
) -> Result<Vec<Assignment<PlainValue>>, CredentialError> {
    let names = || {
        table.columns.iter().filter_map(|column| match column.role {
            ColumnRole::Account { field } => Some(field),
            _ => None,
        })
    };
    fields
        .into_iter()
        .map(|(name, value)| {
            let column = table.account_column(&name).ok_or_else(|| unknown_field(names()))?;
            assign_column(column, value)
        })
        .collect()
}

/// Removes the `serviceName` of an API credential's input and reads it; a value of another type
/// names no service.
pub(crate) fn take_service_name(fields: &mut Fields) -> Result<SecretString, CredentialError> {
    let position = fields
        .iter()
        .position(|(name, _)| name == "serviceName")
        .ok_or_else(|| CredentialError::field("serviceName", "serviceName is required"))?;
    match fields.swap_remove(position).1 {
        FieldValue::Text(name) => Ok(name),
        _ => Ok(SecretString::from(String::new())),
    }
}

/// Checks the text of a verification's error.
pub(crate) fn parse_error_text(text: Option<String>) -> Result<Option<String>, CredentialError> {
    text.map(|text| check_text("error", &text).map(|()| text)).transpose()
}

/// Names the fields there are and not the one that was given, which might be a misplaced secret.
fn unknown_field(known: impl Iterator<Item = &'static str>) -> CredentialError {
    let known: Vec<_> = known.collect();
    CredentialError::input(format!("Unknown field in the input: use {}", known.join(", ")))
}

fn assign(
    service: &Service,
    column: &'static Column,
    value: FieldValue,
) -> Result<Assignment<PlainValue>, CredentialError> {
    let name = column.field();
    let mut assignment = assign_column(column, value)?;
    match (service.field(name), &assignment.value) {
        (Some(field), PlainValue::Secret(text)) => {
            let clean = clean(field, text.expose())?;
            check_secret(name, &clean)?;
            assignment.value = PlainValue::Secret(SecretString::from(clean));
        }
        (Some(field), PlainValue::Public(text)) if field.kind != FieldKind::Boolean => {
            let clean = clean(field, text)?;
            assignment.value =
                if clean.is_empty() { PlainValue::Clear } else { PlainValue::Public(clean) };
        }
        (None, PlainValue::Public(json)) if column.kind == ColumnKind::JsonObject => {
            assignment.value = PlainValue::Public(clean_metadata(service, name, json)?);
        }
        _ => {}
    }
    Ok(assignment)
}

fn assign_column(
    column: &'static Column,
    value: FieldValue,
) -> Result<Assignment<PlainValue>, CredentialError> {
    let name = column.field();
    let value = match (column.kind, value) {
        (_, FieldValue::Null) => clear(column)?,
        (ColumnKind::Secret | ColumnKind::MetadataSecret, FieldValue::Text(text)) => {
            check_secret(name, text.expose())?;
            PlainValue::Secret(text)
        }
        (ColumnKind::Text | ColumnKind::OneOf(_), FieldValue::Text(text)) => {
            check_text(name, text.expose())?;
            match text.expose() {
                "" => PlainValue::Clear,
                text => PlainValue::Public(text.to_owned()),
            }
        }
        (ColumnKind::Boolean, FieldValue::Boolean(value)) => PlainValue::Public(value.to_string()),
        (ColumnKind::JsonObject | ColumnKind::JsonStrings, FieldValue::Json(text)) => {
            check_json(column.kind, name, &text)?;
            PlainValue::Public(text)
        }
        (kind, _) => return Err(wrong_type(kind, name)),
    };
    Ok(Assignment { column, value })
}

fn clear(column: &Column) -> Result<PlainValue, CredentialError> {
    match column.role {
        ColumnRole::Input { field, required: true } => {
            Err(CredentialError::field(field, format!("{field} is required")))
        }
        _ => Ok(PlainValue::Clear),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldError;
    use crate::catalog::{MAX_FIELD_BYTES, RESEND};

    fn text(value: &str) -> FieldValue {
        FieldValue::Text(SecretString::from(value.to_owned()))
    }

    fn service(id: &str) -> &'static Service {
        Service::find(id).unwrap()
    }

    fn fields<const N: usize>(fields: [(&str, FieldValue); N]) -> Fields {
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn message(result: Result<Input, CredentialError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn left_out_null_and_set_are_three_things() {
        let input = fields([("secretKey", text("sk_1")), ("webhookSecret", FieldValue::Null)]);
        let assignments = parse_input(service("stripe"), input).unwrap().assignments;
        let written: Vec<_> = assignments.iter().map(|a| (a.column.name, &a.value)).collect();
        assert!(matches!(
            written[..],
            [
                ("secret_key_encrypted", PlainValue::Secret(_)),
                ("webhook_secret_encrypted", PlainValue::Clear),
            ]
        ));
    }

    #[test]
    fn required_fields_cannot_be_cleared_and_left_out_only_where_one_is_stored() {
        let cleared = fields([("secretKey", FieldValue::Null)]);
        assert_eq!(message(parse_input(service("stripe"), cleared)), "secretKey is required");
        let left_out = parse_input(service("stripe"), fields([])).unwrap();
        assert!(left_out.keeps_key());
        let error = left_out.require_key(false).unwrap_err();
        assert_eq!(error.field_errors(), [FieldError::of("secretKey", "secretKey is required")]);
        assert_eq!(left_out.require_key(true), Ok(()));
        let given = parse_input(service("stripe"), fields([("secretKey", text("sk_1"))])).unwrap();
        assert!(!given.keeps_key());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let input = fields([
            ("secretKey", text("pk_1")),
            ("livemode", FieldValue::Other),
            ("surprise", text("x")),
            ("publishableKey", text("pk_1")),
        ]);
        let error = parse_input(service("stripe"), input).unwrap_err();
        let fields: Vec<_> = error.field_errors().iter().map(|error| error.field).collect();
        assert_eq!(fields, [Some("secretKey"), Some("livemode"), None]);
        assert_eq!(error.to_string(), error.field_errors()[0].message);
    }

    #[test]
    fn wrong_types_are_named_and_never_quoted() {
        for value in [FieldValue::Boolean(true), FieldValue::Other, FieldValue::Json("{}".into())] {
            let input = fields([("secretKey", value)]);
            assert_eq!(
                message(parse_input(service("stripe"), input)),
                "secretKey must be a string"
            );
        }
        let input = fields([("secretKey", text("sk_1")), ("livemode", text("sk_live_oops"))]);
        assert_eq!(
            message(parse_input(service("stripe"), input)),
            "livemode must be true or false"
        );
    }

    #[test]
    fn unknown_fields_are_refused_without_repeating_them() {
        let input = fields([("secretKey", text("sk_1")), ("sk_live_oops", text("x"))]);
        let message = message(parse_input(service("stripe"), input));
        assert_eq!(
            message,
            "Unknown field in the input: use secretKey, publishableKey, webhookSecret, livemode"
        );
    }

    #[test]
    fn sizes_are_limited_to_64_kib_of_utf8() {
        let save = |value: &str| parse_input(service("resend"), fields([("apiKey", text(value))]));
        assert!(save(&format!("re_{}", "x".repeat(MAX_FIELD_BYTES - 3))).is_ok());
        for long in ["x".repeat(MAX_FIELD_BYTES + 1), "ä".repeat(MAX_FIELD_BYTES / 2 + 1)] {
            assert_eq!(message(save(&long)), "apiKey must not be longer than 64 KiB");
        }
    }

    #[test]
    fn an_empty_optional_secret_is_left_out() {
        for empty in ["", "  ", "''"] {
            let input = fields([("secretKey", text("sk_1")), ("webhookSecret", text(empty))]);
            let input = parse_input(service("stripe"), input).unwrap();
            let written: Vec<_> = input.assignments.iter().map(|a| a.column.name).collect();
            assert_eq!(written, ["secret_key_encrypted"]);
        }
    }

    #[test]
    fn empty_keys_and_nul_characters_are_refused() {
        let save = |value: &str| parse_input(service("resend"), fields([("apiKey", text(value))]));
        assert!(message(save("")).starts_with("apiKey must not be empty"));
        assert_eq!(message(save("re_\0")), "apiKey must not contain NUL characters");
        for json in [r#"{"a":"\u0000"}"#, r#"{"\u0000":1}"#, r#"{"a":[{"b":"x\u0000"}]}"#] {
            let input =
                fields([("apiKey", text("k")), ("metadata", FieldValue::Json(json.into()))]);
            let message = message(parse_input(service("mux"), input));
            assert_eq!(message, "metadata must not contain NUL characters");
        }
    }

    #[test]
    fn metadata_is_an_object_and_domains_are_strings() {
        for json in ["[]", "1", "\"x\"", "null", "{", ""] {
            let input =
                fields([("apiKey", text("k")), ("metadata", FieldValue::Json(json.into()))]);
            let message = message(parse_input(service("mux"), input));
            assert_eq!(message, "metadata must be an object");
        }
        for (json, fits) in
            [("[]", true), (r#"["a.example"]"#, true), ("[1]", false), ("{}", false)]
        {
            let account = fields([("verifiedDomains", FieldValue::Json(json.into()))]);
            assert_eq!(parse_account(&RESEND, account).is_ok(), fits, "{json}");
        }
    }

    #[test]
    fn values_are_cleaned_before_they_are_stored() {
        let input = fields([("apiKey", text(" 're_1'\n")), ("defaultReplyTo", text("  "))]);
        let assignments = parse_input(service("resend"), input).unwrap().assignments;
        assert!(
            matches!(&assignments[0].value, PlainValue::Secret(text) if text.expose() == "re_1")
        );
        assert!(matches!(&assignments[1].value, PlainValue::Clear));
        let input = fields([("apiKey", text("w")), ("sourceCurrency", text(" eur "))]);
        let assignments = parse_input(service("wise"), input).unwrap().assignments;
        assert!(matches!(&assignments[1].value, PlainValue::Public(text) if text == "EUR"));
    }

    #[test]
    fn misplaced_keys_are_refused_with_a_sentence_that_says_so() {
        for (input, expected) in [
            (
                fields([("secretKey", text("pk_live_oops"))]),
                "secretKey: this is a publishable key; the secret key starts with sk_ or rk_",
            ),
            (
                fields([("secretKey", text("sk_1")), ("publishableKey", text("sk_live_oops"))]),
                "publishableKey: this is a secret key and would be stored unencrypted; the publishable key starts with pk_",
            ),
            (fields([("secretKey", text("oops"))]), "secretKey must start with sk_ or rk_"),
        ] {
            assert_eq!(message(parse_input(service("stripe"), input)), expected);
        }
    }

    #[test]
    fn metadata_properties_of_the_catalog_are_checked_and_secrets_kept_out() {
        let save = |id: &str, json: &str| {
            parse_input(
                service(id),
                fields([("apiKey", text("sk-k")), ("metadata", FieldValue::Json(json.into()))]),
            )
        };
        assert_eq!(
            message(save("cloudflare_r2", r#"{"accountId":"evil.example/"}"#)),
            "metadata.accountId must consist of hexadecimal digits"
        );
        assert_eq!(
            message(save("cloudflare_r2", r#"{"accountId":7}"#)),
            "metadata.accountId must be a string"
        );
        assert!(message(save("mux", r#"{"webhookSecret":"oops"}"#)).contains("stored unencrypted"));
        let kept = save("openai", r#"{"big":12345678901234567890123}"#).unwrap();
        assert!(
            matches!(&kept.assignments[1].value, PlainValue::Public(json) if json == r#"{"big":12345678901234567890123}"#)
        );
    }

    #[test]
    fn only_services_with_a_webhook_take_its_secret() {
        let input = || fields([("apiKey", text("sk-k")), ("webhookSecret", text("w"))]);
        assert!(parse_input(service("mux"), input()).is_ok());
        let refused = message(parse_input(service("google_maps"), input()));
        assert!(refused.starts_with("Unknown field"));
    }
}
