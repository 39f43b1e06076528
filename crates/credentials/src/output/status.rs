//! The status of each service, for admin pages and health checks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::catalog::ServiceRef;
use crate::json::{JsonObject, Timestamp, decode_row};
use crate::{CredentialError, FieldError};

/// Whether a service is connected, and how it is doing: `TenantIntegrationStatus` of the npm package.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationStatus {
    /// Id of the service.
    pub service: Cow<'static, str>,
    /// Name of the service as shown to people.
    pub display_name: Cow<'static, str>,
    /// Whether an active credential is stored.
    pub connected: bool,
    /// When the vendor last accepted the stored credential.
    pub last_verified_at: Option<Timestamp>,
    /// Whether the credential cannot be used as it is.
    pub has_error: bool,
    /// What is wrong, in plain words.
    pub error_message: Option<String>,
    /// The `code` of the error that reading the stored credential gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'static str>,
    /// Since when the vendor has been refusing the stored credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// What is known of the account at the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_info: Option<JsonObject>,
    /// What is stored unencrypted, by the name of the input field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<JsonObject>,
    /// The input fields whose secrets are stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets_set: Option<Vec<&'static str>>,
}

/// What the status statement selects of one active row.
#[derive(Debug)]
pub(crate) struct StatusRow {
    pub(crate) service: ServiceRef,
    pub(crate) content: Result<StatusContent, CredentialError>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StatusContent {
    last_verified_at: Option<Timestamp>,
    last_error: Option<String>,
    /// See `failing_since` of the statement.
    failing_since: Option<String>,
    /// The tokens of the row in the order of its columns, `None` where a secret is not set.
    pub(crate) secrets: Vec<Option<String>>,
    values: JsonObject,
    account_info: JsonObject,
}

impl StatusRow {
    /// Reads one answer; `None` for a row whose service nobody could name.
    pub(crate) fn decode(answer: &str) -> Result<Option<Self>, CredentialError> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            service: String,
            #[serde(borrow)]
            row: &'a RawValue,
        }
        let envelope: Envelope =
            serde_json::from_str(answer).map_err(|_| CredentialError::StoredDataInvalid)?;
        let service = ServiceRef::parse(&envelope.service).ok();
        Ok(service.map(|service| Self { service, content: decode_row(envelope.row.get()) }))
    }
}

impl IntegrationStatus {
    /// A service without an active credential.
    pub(crate) fn not_connected(service: &ServiceRef) -> Self {
        let id = service.id_text();
        Self {
            display_name: service.catalog_name().map_or_else(|| id.clone(), Cow::Borrowed),
            service: id,
            connected: false,
            last_verified_at: None,
            has_error: false,
            error_message: None,
            error_code: None,
            failing_since: None,
            account_info: None,
            values: None,
            secrets_set: None,
        }
    }

    /// A service whose row was read.
    pub(crate) fn connected(service: &ServiceRef, content: StatusContent) -> Self {
        let secrets = service.table.table().columns.iter().filter(|column| column.is_secret());
        let secrets_set = secrets
            .zip(&content.secrets)
            .filter_map(|(column, token)| token.as_ref().map(|_| column.field()))
            .collect();
        Self {
            connected: true,
            last_verified_at: content.last_verified_at,
            has_error: content.last_error.is_some(),
            error_message: content.last_error,
            failing_since: content.failing_since.and_then(|times| times.split(',').find_map(time)),
            account_info: Some(content.account_info).filter(|account| !account.is_empty()),
            values: Some(content.values),
            secrets_set: Some(secrets_set),
            ..Self::not_connected(service)
        }
    }

    /// The same, where the row cannot be read or a secret not be decrypted.
    pub(crate) fn unusable(self, error: &CredentialError) -> Self {
        Self {
            connected: true,
            has_error: true,
            error_message: Some(match error.field_errors() {
                [FieldError { field: Some(field), .. }] => {
                    format!("The stored {field} cannot be used: {error}")
                }
                _ => format!("The stored credential cannot be used: {error}"),
            }),
            error_code: Some(error.code()),
            ..self
        }
    }
}

/// A time in milliseconds that a JavaScript `Date` can be: not `infinity`, nor after the year 275 760.
fn time(milliseconds: &str) -> Option<Timestamp> {
    const LAST: i64 = 8_640_000_000_000_000;
    milliseconds.parse().ok().filter(|time| (-LAST..=LAST).contains(time)).map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_an_unexpected_shape_is_reported_for_its_service_only() {
        let row = StatusRow::decode(r#"{"service":"wise","row":{"secrets":7}}"#).unwrap().unwrap();
        assert_eq!(row.service.id(), "wise");
        assert_eq!(row.content.unwrap_err(), CredentialError::StoredDataInvalid);
    }

    #[test]
    fn what_is_no_time_is_not_when_a_credential_began_to_fail() {
        let cases = [
            (r#""1000,2000""#, Some(1000)),
            (r#"",2000""#, Some(2000)),
            (r#""Infinity,2000""#, Some(2000)),
            (r#""-Infinity,Infinity""#, None),
            (r#""8640000000000001,-8640000000000001""#, None),
            ("null", None),
        ];
        for (times, expected) in cases {
            let row = format!(
                r#"{{"service":"wise","row":{{"secrets":[],"last_error":"Refused","failing_since":{times}}}}}"#
            );
            let row = StatusRow::decode(&row).unwrap().unwrap();
            let status = IntegrationStatus::connected(&row.service, row.content.unwrap());
            assert_eq!(status.failing_since, expected.map(Timestamp), "{times}");
        }
    }

    #[test]
    fn a_service_outside_the_catalog_has_its_id_for_a_name() {
        let row = r#"{"service":"paypal","row":{}}"#;
        let row = StatusRow::decode(row).unwrap().unwrap();
        let status = IntegrationStatus::not_connected(&row.service);
        assert_eq!((&*status.service, &*status.display_name), ("paypal", "paypal"));
        assert!(StatusRow::decode(r#"{"service":"no name","row":{}}"#).unwrap().is_none());
    }
}
