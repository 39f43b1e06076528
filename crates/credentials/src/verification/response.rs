//! What a vendor answered, before anything is made of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::CredentialError;

/// What the host got for a request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VendorResponse {
    /// Set where there was no response.
    #[serde(default)]
    pub(super) failure: Option<Failure>,
    #[serde(default)]
    pub(crate) status: u16,
    /// Names in lower case.
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    pub(super) body: String,
    #[serde(default)]
    pub(super) retry_after_seconds: Option<u32>,
}

/// Why there was no response.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Failure {
    Timeout,
    Network,
}

impl VendorResponse {
    /// Reads what the host handed in.
    pub(crate) fn parse(response: &str) -> Result<Self, CredentialError> {
        serde_json::from_str(response)
            .map_err(|_| CredentialError::input("The answer does not have the expected shape"))
    }

    /// The text of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.as_str()
    }
}

/// What the reader of a response has to know of the credential.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct CredentialFacts {
    /// Mode of a Stripe key.
    pub(crate) livemode: Option<bool>,
    /// Wise profile that the tenant uses.
    pub(crate) profile_id: Option<String>,
    /// Twilio account of an API key.
    #[serde(default)]
    pub(crate) account_sid: Option<String>,
}

/// The format of a vendor's responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFormat {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// The body of a response.
pub(crate) enum ResponseBody<'a> {
    Json(Value),
    Xml(&'a str),
    /// No body, or text.
    Plain,
    /// Something that the vendor's API does not send.
    Foreign,
}

impl<'a> ResponseBody<'a> {
    pub(super) fn read(expected: BodyFormat, body: &'a str) -> Self {
        let body = body.trim_start_matches('\u{feff}').trim();
        let start = body.get(..15).unwrap_or(body).to_ascii_lowercase();
        if start.starts_with("<!doctype html") || start.starts_with("<html") {
            return Self::Foreign;
        }
        match expected {
            BodyFormat::Json => match serde_json::from_str(body) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => Self::Json(value),
                _ if body.starts_with(['<', '{', '[']) => Self::Foreign,
                _ => Self::Plain,
            },
            BodyFormat::Xml if body.starts_with('<') => Self::Xml(body),
            BodyFormat::Xml if body.is_empty() => Self::Plain,
            BodyFormat::Xml => Self::Foreign,
        }
    }

    /// What stands at a place: texts, and numbers as text.
    pub(crate) fn texts_at(&self, place: &str) -> Vec<String> {
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
