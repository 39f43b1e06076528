//! What a vendor's response says of a credential.

use serde::Serialize;
use serde_json::{Map, Value};

use super::outcome::Outcome;
use super::response::{CredentialFacts, Failure, ResponseBody, VendorResponse};
use crate::catalog::{Account, ResponseRule, Service};

/// What became of a verification, as JavaScript gets it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationResult {
    valid: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    revoked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_permission: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restriction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    #[serde(flatten)]
    details: Map<String, Value>,
    #[serde(skip)]
    pub(crate) outcome: Outcome,
    /// For the columns of the row.
    #[serde(skip)]
    pub(crate) account: Vec<(&'static str, Value)>,
}

impl VerificationResult {
    /// Texts are our own: a vendor's may quote the credential.
    pub(crate) fn evaluate(
        service: &Service,
        facts: &CredentialFacts,
        response: &VendorResponse,
    ) -> Self {
        let body = ResponseBody::read(service.check.body, &response.body);
        let outcome = outcome(service.check.rules, response, &body);
        let account = match (&body, outcome) {
            (ResponseBody::Json(body), Outcome::Valid) => {
                (service.check.account)(body, response, facts)
            }
            _ => Account::default(),
        };
        Self {
            valid: outcome.is_valid(),
            status: outcome.status(),
            code: outcome.code(),
            error: outcome.error(service.display_name),
            revoked: outcome == Outcome::Revoked,
            missing_permission: (outcome == Outcome::UnderScoped)
                .then_some(service.check.permission),
            restriction: match outcome {
                Outcome::Restricted(restriction) => Some(restriction.name()),
                _ => None,
            },
            retry_after_seconds: response
                .retry_after_seconds
                .filter(|_| outcome == Outcome::RateLimited),
            details: account.details,
            outcome,
            account: account.columns,
        }
    }

    /// What is wrong, in words that can be shown.
    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A status alone decides little: an unknown 403 may come from a proxy or a firewall.
fn outcome(rules: &[ResponseRule], response: &VendorResponse, body: &ResponseBody) -> Outcome {
    match response.failure {
        Some(Failure::Timeout) => return Outcome::Timeout,
        Some(Failure::Network) => return Outcome::Unreachable,
        None => {}
    }
    match (response.status, body) {
        (429, _) => Outcome::RateLimited,
        (500.. | 408, _) => Outcome::VendorError,
        (_, ResponseBody::Foreign) => Outcome::Unexpected,
        (status, body) => match rules.iter().find(|rule| rule.fits(response, body)) {
            Some(rule) => rule.outcome,
            None => match (status, body) {
                (200..=299, ResponseBody::Json(_) | ResponseBody::Xml(_)) => Outcome::Valid,
                (401, _) => Outcome::Invalid,
                _ => Outcome::Unexpected,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(service: &str, status: u16, body: &str) -> VerificationResult {
        let response = serde_json::json!({ "status": status, "body": body }).to_string();
        let response = VendorResponse::parse(&response).unwrap();
        VerificationResult::evaluate(
            Service::find(service).unwrap(),
            &CredentialFacts::default(),
            &response,
        )
    }

    #[test]
    fn the_status_decides_where_no_rule_does() {
        for (status, body, expected) in [
            (200, "{}", "valid"),
            (401, "{}", "invalid"),
            (401, "", "invalid"),
            (401, "Unauthorized", "invalid"),
            (403, "{}", "unreachable"),
            (429, "{}", "rate_limited"),
            (429, "<html>", "rate_limited"),
            (500, "{}", "unreachable"),
            (503, "", "unreachable"),
            (408, "", "unreachable"),
            (404, "{}", "unreachable"),
            (302, "", "unreachable"),
            (0, "", "unreachable"),
            (200, "", "unreachable"),
            (200, "null", "unreachable"),
            (200, "{\"cut", "unreachable"),
            (200, "<!DOCTYPE html><p>", "unreachable"),
            (401, "<html>", "unreachable"),
            (403, "<!doctype HTML>", "unreachable"),
        ] {
            assert_eq!(result("mux", status, body).status, expected, "{status} {body}");
        }
    }

    #[test]
    fn rules_mean_more_than_the_status() {
        for (service, status, body, expected) in [
            ("resend", 401, r#"{"name":"restricted_api_key"}"#, "under_scoped"),
            (
                "resend",
                400,
                r#"{"name":"validation_error","message":"API key is invalid"}"#,
                "invalid",
            ),
            ("resend", 403, r#"{"name":"invalid_api_key"}"#, "invalid"),
            ("elevenlabs", 401, r#"{"detail":{"status":"missing_permissions"}}"#, "under_scoped"),
            ("elevenlabs", 401, r#"{"detail":{"status":"invalid_api_key"}}"#, "invalid"),
            (
                "openai",
                403,
                r#"{"error":{"code":"unsupported_country_region_territory"}}"#,
                "restricted",
            ),
            (
                "google_maps",
                400,
                r#"{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
                "invalid",
            ),
            (
                "google_maps",
                400,
                r#"{"error":{"status":"INVALID_ARGUMENT","details":[{},{"reason":"API_KEY_INVALID"}]}}"#,
                "invalid",
            ),
            (
                "google_maps",
                403,
                r#"{"error":{"status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}"#,
                "under_scoped",
            ),
            ("google_maps", 404, r#"{"error":{"status":"NOT_FOUND"}}"#, "valid"),
            ("cloudflare_r2", 200, "<?xml version=\"1.0\"?><ListAllMyBucketsResult/>", "valid"),
            ("cloudflare_r2", 200, "{}", "unreachable"),
            ("cloudflare_r2", 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", "invalid"),
            ("cloudflare_r2", 403, "<Error><Code>AccessDenied</Code></Error>", "under_scoped"),
            ("cloudflare_r2", 401, "<Error><Code>Unauthorized</Code></Error>", "invalid"),
        ] {
            assert_eq!(result(service, status, body).status, expected, "{service} {body}");
        }
    }

    #[test]
    fn nothing_of_a_response_is_repeated() {
        let body = r#"{"error":{"message":"Incorrect API key provided: sk-oops"}}"#;
        for status in [400, 401, 403, 429, 500] {
            let result = result("openai", status, body);
            assert!(!serde_json::to_string(&result).unwrap().contains("oops"));
        }
    }

    #[test]
    fn a_response_of_another_shape_is_an_error_without_its_text() {
        let error = VendorResponse::parse("{\"status\":\"sk-oops\"}").unwrap_err();
        assert!(!error.to_string().contains("oops"));
    }
}
