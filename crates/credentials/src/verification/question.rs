use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cgk_vault::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::candidate::Candidate;
use super::probe::{Authentication, Probe};
use super::s3_signature::{S3Request, sign};
use super::wipe;
use crate::CredentialError;
use crate::field::FieldKind;
use crate::service::ServiceTable;
use crate::stripe_mode::is_live;

/// The request that puts a credential to its vendor, as JSON text:
/// `{ request: { url, headers }, revision, known }`. It holds the credential, hence a secret.
#[derive(Debug)]
pub struct Question(pub SecretString);

/// What the reader of an answer has to know of the credential.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    /// Mode of a Stripe key.
    pub(crate) livemode: Option<bool>,
    /// Wise profile that the tenant uses.
    pub(crate) profile_id: Option<String>,
}

/// What of a question comes back with its answer.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Context {
    /// The stored token that was asked about; `None` for a credential that is not stored.
    pub(crate) revision: Option<String>,
    #[serde(default)]
    pub(crate) known: Known,
}

impl Context {
    pub(crate) fn parse(question: &str) -> Result<Self, CredentialError> {
        serde_json::from_str(question)
            .map_err(|_| CredentialError::input("The question is not one that was asked"))
    }
}

impl Question {
    /// `endpoint` replaces the vendor's scheme and host; `now` is in milliseconds since 1970.
    pub(crate) fn new(
        candidate: &Candidate,
        endpoint: Option<&str>,
        now: i64,
        revision: Option<&str>,
        profile_id: Option<&str>,
    ) -> Result<Self, CredentialError> {
        for field in candidate.service().fields {
            if field.required && field.kind != FieldKind::Boolean {
                candidate.require(field.name)?;
            }
        }
        let (url, headers) = request(candidate, endpoint, now)?;
        let known = Known {
            livemode: (candidate.service().table == ServiceTable::Stripe)
                .then(|| candidate.get("secretKey").and_then(|key| is_live(key.expose())))
                .flatten(),
            profile_id: profile_id.map(str::to_owned),
        };
        let mut text = serde_json::json!({
            "request": { "url": url, "headers": headers },
            "revision": revision,
            "known": known,
        });
        let question = Self(SecretString::from(text.to_string()));
        wipe(&mut text);
        Ok(question)
    }
}

type Headers = serde_json::Map<String, serde_json::Value>;

fn request(
    candidate: &Candidate,
    endpoint: Option<&str>,
    now: i64,
) -> Result<(String, Headers), CredentialError> {
    let probe = &candidate.service().probe;
    let base = match endpoint {
        Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
        None => fill(candidate, vendor_base(candidate, probe))?,
    };
    let mut headers = Headers::new();
    for (name, value) in probe.headers {
        headers.insert((*name).to_owned(), (*value).into());
    }
    let mut authorize = |value: String| headers.insert("authorization".to_owned(), value.into());
    let mut url = format!("{base}{}", fill(candidate, probe.path)?);
    match probe.authentication {
        Authentication::Bearer(field) => {
            authorize(format!("Bearer {}", candidate.require(field)?.expose()));
        }
        Authentication::Basic { user, password } => {
            let user = candidate.require(user)?.expose();
            let password = match password {
                Some(field) => candidate.require(field)?.expose(),
                None => "",
            };
            let mut pair = format!("{user}:{password}");
            authorize(format!("Basic {}", STANDARD.encode(&pair)));
            pair.zeroize();
        }
        Authentication::Header { name, field } => {
            headers.insert(name.to_owned(), candidate.require(field)?.expose().into());
        }
        Authentication::S3 => {
            let (path, query) = match candidate.get("metadata.bucket") {
                Some(_) => {
                    let bucket = candidate.require("metadata.bucket")?.expose();
                    (format!("/{bucket}"), "location=")
                }
                None => ("/".to_owned(), ""),
            };
            url = format!("{base}{path}");
            if !query.is_empty() {
                let _ = write!(url, "?{query}");
            }
            let signed = sign(&S3Request {
                base: &base,
                path: &path,
                query,
                access_key: candidate.require("apiKey")?,
                secret_key: candidate.require("apiSecret")?,
                now,
            });
            headers.extend(signed.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        }
    }
    Ok((url, headers))
}

fn vendor_base(candidate: &Candidate, probe: &Probe) -> &'static str {
    match probe.sandbox {
        Some(sandbox) if candidate.is_true("sandboxMode") => sandbox,
        _ => probe.base,
    }
}

/// Puts values in the place of `{field}`. They fit their rules, so they can not break out.
fn fill(candidate: &Candidate, template: &str) -> Result<String, CredentialError> {
    let mut text = template.to_owned();
    for field in candidate.service().fields {
        let place = format!("{{{}}}", field.name);
        if text.contains(&place) {
            text = text.replace(&place, candidate.require(field.name)?.expose());
        }
    }
    Ok(text)
}
