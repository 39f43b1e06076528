use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::Account;
use super::probe::Body;
use super::question::Known;
use super::rule::ResponseRule;
use crate::CredentialError;
use crate::service::Service;

/// What a vendor's answer says of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Valid,
    /// The vendor does not accept it.
    Invalid,
    /// The vendor accepts it, but it may not make the call that was made.
    UnderScoped,
    /// It is right, but something else stands in its way.
    Restricted(Restriction),
    /// The vendor asks to wait.
    RateLimited,
    /// No answer in time.
    Timeout,
    /// No connection.
    Unreachable,
    /// The vendor has a problem of its own.
    VendorError,
    /// An answer that tells nothing: a redirect, a page of HTML, damaged JSON.
    Unexpected,
}

/// What stands in the way of a credential that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// It may not be used from the address of this server.
    Address,
    /// It is for websites or apps only.
    App,
    /// The vendor does not serve the country of this server.
    Country,
    /// It belongs to another region, whose host it must be shown to.
    Region,
    /// What the account may use is used up.
    Quota,
    /// The account has to pay first.
    Billing,
    /// The account, project or subscription is switched off, suspended or closed.
    Account,
}

impl Restriction {
    /// Name in the result that JavaScript gets.
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::App => "app",
            Self::Country => "country",
            Self::Region => "region",
            Self::Quota => "quota",
            Self::Billing => "billing",
            Self::Account => "account",
        }
    }

    /// What is wrong and what to do, after "… accepts this credential, but ".
    fn advice(self) -> &'static str {
        match self {
            Self::Address => {
                "not from the address of this server: allow the address in the key's settings"
            }
            Self::App => "only from certain websites or apps: use a key for servers",
            Self::Country => "does not serve the country of this server: run it elsewhere",
            Self::Region => "at the host of another region: choose the account's region",
            Self::Quota => "its quota is used up: raise it, or wait until it is renewed",
            Self::Billing => "the account must pay first: add credit, or check its billing",
            Self::Account => "the account is not active: look into its dashboard, or ask support",
        }
    }
}

/// What the host got for a question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VendorAnswer {
    /// Set where there was no answer.
    #[serde(default)]
    failure: Option<Failure>,
    #[serde(default)]
    pub(super) status: u16,
    /// Names in lower case.
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    retry_after_seconds: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Failure {
    Timeout,
    Network,
}

/// What became of a verification, as JavaScript gets it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    valid: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
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

impl VendorAnswer {
    /// Reads what the host handed in.
    pub(crate) fn parse(answer: &str) -> Result<Self, CredentialError> {
        serde_json::from_str(answer)
            .map_err(|_| CredentialError::input("The answer does not have the expected shape"))
    }

    /// The text of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.as_str()
    }
}

impl Verdict {
    /// Judges an answer. Texts are our own: a vendor's may quote the credential.
    pub(crate) fn new(service: &Service, known: &Known, answer: &VendorAnswer) -> Self {
        let content = Content::of(service, answer);
        let outcome = outcome(service.probe.rules, answer, &content);
        let account = match (&content, outcome) {
            (Content::Json(body), Outcome::Valid) => (service.probe.account)(body, answer, known),
            _ => Account::default(),
        };
        Self {
            valid: outcome.is_valid(),
            status: outcome.status(),
            code: outcome.code(),
            error: outcome.error(service.display_name),
            missing_permission: (outcome == Outcome::UnderScoped)
                .then_some(service.probe.permission),
            restriction: match outcome {
                Outcome::Restricted(restriction) => Some(restriction.name()),
                _ => None,
            },
            retry_after_seconds: answer
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

impl Outcome {
    /// Whether the vendor accepted the credential.
    pub(crate) fn is_valid(self) -> bool {
        matches!(self, Self::Valid | Self::UnderScoped)
    }

    fn status(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::UnderScoped => "under_scoped",
            Self::Restricted(_) => "restricted",
            Self::RateLimited => "rate_limited",
            Self::Timeout | Self::Unreachable | Self::VendorError | Self::Unexpected => {
                "unreachable"
            }
        }
    }

    fn code(self) -> Option<&'static str> {
        match self {
            Self::Valid => None,
            Self::Invalid => Some("CREDENTIAL_INVALID"),
            Self::UnderScoped => Some("PERMISSION_MISSING"),
            Self::Restricted(_) => Some("CREDENTIAL_RESTRICTED"),
            Self::RateLimited => Some("VENDOR_RATE_LIMITED"),
            Self::Timeout => Some("VENDOR_TIMEOUT"),
            Self::Unreachable => Some("VENDOR_UNREACHABLE"),
            Self::VendorError => Some("VENDOR_ERROR"),
            Self::Unexpected => Some("VENDOR_ANSWER_UNEXPECTED"),
        }
    }

    fn error(self, name: &str) -> Option<String> {
        let text = match self {
            Self::Valid | Self::UnderScoped => return None,
            Self::Invalid => format!(
                "{name} does not accept this credential: check that it was copied whole and is not revoked"
            ),
            Self::Restricted(restriction) => {
                format!("{name} accepts this credential, but {}", restriction.advice())
            }
            Self::RateLimited => format!("{name} limits the number of requests: try again later"),
            Self::Timeout => format!("{name} did not answer in time: try again later"),
            Self::Unreachable => format!("{name} could not be reached: try again later"),
            Self::VendorError => format!("{name} has a problem of its own: try again later"),
            Self::Unexpected => format!(
                "{name} gave an answer that tells nothing of the credential: try again later"
            ),
        };
        Some(text)
    }
}

/// The body of an answer.
pub(super) enum Content<'a> {
    Json(Value),
    Xml(&'a str),
    /// No body, or text.
    Plain,
    /// Something that the vendor's API does not send.
    Foreign,
}

impl<'a> Content<'a> {
    /// The body of a service's answer.
    pub(super) fn of(service: &Service, answer: &'a VendorAnswer) -> Self {
        Self::read(service.probe.body, &answer.body)
    }

    fn read(expected: Body, body: &'a str) -> Self {
        let body = body.trim_start_matches('\u{feff}').trim();
        let start = body.get(..15).unwrap_or(body).to_ascii_lowercase();
        if start.starts_with("<!doctype html") || start.starts_with("<html") {
            return Self::Foreign;
        }
        match expected {
            Body::Json => match serde_json::from_str(body) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => Self::Json(value),
                _ if body.starts_with(['<', '{', '[']) => Self::Foreign,
                _ => Self::Plain,
            },
            Body::Xml if body.starts_with('<') => Self::Xml(body),
            Body::Xml if body.is_empty() => Self::Plain,
            Body::Xml => Self::Foreign,
        }
    }

    /// What stands at a place: texts, and numbers as text.
    pub(super) fn texts_at(&self, place: &str) -> Vec<String> {
        match self {
            Self::Json(value) => values_at(value, place)
                .into_iter()
                .filter_map(|value| match value {
                    Value::String(text) => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                })
                .collect(),
            Self::Xml(text) => element(text, place).map(str::to_owned).into_iter().collect(),
            Self::Plain | Self::Foreign => Vec::new(),
        }
    }
}

/// The text of the first element of a name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0.trim())
}

/// A status alone decides little: an unknown 403 may come from a proxy or a firewall.
fn outcome(rules: &[ResponseRule], answer: &VendorAnswer, content: &Content) -> Outcome {
    match answer.failure {
        Some(Failure::Timeout) => return Outcome::Timeout,
        Some(Failure::Network) => return Outcome::Unreachable,
        None => {}
    }
    match (answer.status, content) {
        (429, _) => Outcome::RateLimited,
        (500.. | 408, _) => Outcome::VendorError,
        (_, Content::Foreign) => Outcome::Unexpected,
        (status, content) => match rules.iter().find(|rule| rule.fits(answer, content)) {
            Some(rule) => rule.outcome,
            None => match (status, content) {
                (200..=299, Content::Json(_) | Content::Xml(_)) => Outcome::Valid,
                (401, _) => Outcome::Invalid,
                _ => Outcome::Unexpected,
            },
        },
    }
}

fn values_at<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    pointer.split('/').skip(1).fold(vec![value], |found, step| {
        found
            .into_iter()
            .flat_map(|value| match (step, value) {
                ("*", Value::Array(entries)) => entries.iter().collect(),
                (name, value) => value.get(name).into_iter().collect::<Vec<_>>(),
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(service: &str, status: u16, body: &str) -> Verdict {
        let answer = serde_json::json!({ "status": status, "body": body }).to_string();
        let answer = VendorAnswer::parse(&answer).unwrap();
        Verdict::new(Service::find(service).unwrap(), &Known::default(), &answer)
    }

    #[test]
    fn the_status_decides_where_no_sign_does() {
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
            assert_eq!(verdict("mux", status, body).status, expected, "{status} {body}");
        }
    }

    #[test]
    fn signs_mean_more_than_the_status() {
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
            assert_eq!(verdict(service, status, body).status, expected, "{service} {body}");
        }
    }

    #[test]
    fn nothing_of_an_answer_is_repeated() {
        let body = r#"{"error":{"message":"Incorrect API key provided: sk-oops"}}"#;
        for status in [400, 401, 403, 429, 500] {
            let verdict = verdict("openai", status, body);
            assert!(!serde_json::to_string(&verdict).unwrap().contains("oops"));
        }
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error_without_its_text() {
        let error = VendorAnswer::parse("{\"status\":\"sk-oops\"}").unwrap_err();
        assert!(!error.to_string().contains("oops"));
    }
}
