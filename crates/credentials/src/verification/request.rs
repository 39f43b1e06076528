use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cgk_crypto::SecretString;
use serde::Deserialize;
use zeroize::Zeroize;

use super::response::Known;
use super::sigv4::{S3Request, sign};
use crate::CredentialError;
use crate::catalog::{Authentication, FieldKind, Probe, ServiceTable};
use crate::input::{Candidate, is_live};
use crate::json::wipe;

/// The request that puts a credential to its vendor, as JSON text:
/// `{ request: { url, headers }, revision, known }`. It holds the credential, hence a secret.
#[derive(Debug)]
pub(crate) struct Question(pub(crate) SecretString);

/// Scheme and host to ask instead of the vendor's own, as the configuration says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Endpoints<'a> {
    /// For all credentials but those of a sandbox.
    pub(crate) own: Option<&'a str>,
    /// For those of the vendor's sandbox.
    pub(crate) sandbox: Option<&'a str>,
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
    /// `now` is in milliseconds since 1970.
    pub(crate) fn new(
        candidate: &Candidate,
        endpoints: Endpoints,
        now: i64,
        revision: Option<&str>,
        profile_id: Option<&str>,
    ) -> Result<Self, CredentialError> {
        for field in candidate.service().fields {
            if field.required && field.kind != FieldKind::Boolean {
                candidate.require(field.name)?;
            }
        }
        let (url, headers) = request(candidate, endpoints, now)?;
        let known = Known {
            livemode: (candidate.service().table == ServiceTable::Stripe)
                .then(|| candidate.get("secretKey").and_then(|key| is_live(key.expose())))
                .flatten(),
            profile_id: profile_id.map(str::to_owned),
            account_sid: candidate.get("metadata.accountSid").map(|sid| sid.expose().to_owned()),
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

/// A name that no object has: reading it is the cheapest call that every token of a bucket may make.
const ABSENT_OBJECT: &str = "cgk-integrations/no-such-object";

/// Some vendors refuse requests without it.
const USER_AGENT: &str = "cgk-integrations";

type Headers = serde_json::Map<String, serde_json::Value>;

fn request(
    candidate: &Candidate,
    endpoints: Endpoints,
    now: i64,
) -> Result<(String, Headers), CredentialError> {
    let probe = &candidate.service().probe;
    let base = base(candidate, probe, endpoints)?;
    let mut headers = Headers::new();
    headers.insert("user-agent".to_owned(), USER_AGENT.into());
    for (name, value) in probe.headers {
        headers.insert((*name).to_owned(), (*value).into());
    }
    for (name, field) in probe.field_headers {
        if candidate.get(field).is_some() {
            headers.insert((*name).to_owned(), candidate.require(field)?.expose().into());
        }
    }
    let mut authorize = |value: String| headers.insert("authorization".to_owned(), value.into());
    let mut url = format!("{base}{}", fill(candidate, path(candidate, probe))?);
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
            let path = match candidate.get("metadata.bucket") {
                Some(_) => {
                    let bucket = candidate.require("metadata.bucket")?.expose();
                    format!("/{bucket}/{ABSENT_OBJECT}")
                }
                None => "/".to_owned(),
            };
            url = format!("{base}{path}");
            let signed = sign(&S3Request {
                base: &base,
                path: &path,
                query: "",
                access_key: candidate.require("apiKey")?,
                secret_key: candidate.require("apiSecret")?,
                now,
            });
            headers.extend(signed.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        }
    }
    Ok((url, headers))
}

/// Scheme and host: the configured ones, or those of the vendor's sandbox or region, or its own.
fn base(
    candidate: &Candidate,
    probe: &Probe,
    endpoints: Endpoints,
) -> Result<String, CredentialError> {
    let sandbox = probe.sandbox.filter(|_| candidate.is_true("sandboxMode"));
    let configured = if sandbox.is_some() { endpoints.sandbox } else { endpoints.own };
    if let Some(endpoint) = configured {
        return Ok(endpoint.trim_end_matches('/').to_owned());
    }
    let region = match probe.regions {
        Some(regions) if candidate.get(regions.field).is_some() => {
            regions.base(candidate.require(regions.field)?.expose())
        }
        _ => None,
    };
    fill(candidate, sandbox.or(region).unwrap_or(probe.base))
}

/// Path and query for the kind of key that it is.
fn path(candidate: &Candidate, probe: &Probe) -> &'static str {
    match (&probe.other_key, candidate.key()) {
        (Some(other), Some(key)) if key.expose().starts_with(other.prefix) => other.path,
        _ => probe.path,
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::catalog::Service;
    use crate::input::{FieldValue, parse_input};

    const NOW: i64 = 1_700_000_000_000;

    fn candidate(service: &str, fields: &[(&str, &str)]) -> Candidate {
        let service = Service::find(service).unwrap();
        let fields = fields.iter().map(|(name, value)| {
            let value = match *value {
                "true" => FieldValue::Boolean(true),
                json if json.starts_with('{') => FieldValue::Json(json.to_owned()),
                text => FieldValue::Text(text.to_owned().into()),
            };
            ((*name).to_owned(), value)
        });
        let mut candidate = Candidate::new(service);
        candidate.assign(&parse_input(service, fields.collect()).unwrap().assignments);
        candidate
    }

    fn request(candidate: &Candidate, endpoint: Option<&str>) -> Value {
        let endpoints = Endpoints { own: endpoint, sandbox: None };
        let question = Question::new(candidate, endpoints, NOW, None, None).unwrap();
        let question: Value = serde_json::from_str(question.0.expose()).unwrap();
        question["request"].clone()
    }

    #[test]
    fn the_vendor_is_asked_at_its_own_address_or_where_the_configuration_says() {
        let mux = candidate("mux", &[("apiKey", "id"), ("apiSecret", "secret")]);
        let own = request(&mux, None);
        assert_eq!(own["url"], "https://api.mux.com/video/v1/assets?limit=1");
        assert_eq!(own["headers"]["authorization"], "Basic aWQ6c2VjcmV0");
        let other = request(&mux, Some("http://127.0.0.1:8080/"));
        assert_eq!(other["url"], "http://127.0.0.1:8080/video/v1/assets?limit=1");
    }

    #[test]
    fn sandbox_credentials_are_put_to_the_sandbox() {
        let live = candidate("wise", &[("apiKey", "w")]);
        assert_eq!(request(&live, None)["url"], "https://api.wise.com/v2/profiles");
        let sandbox = candidate("wise", &[("apiKey", "w"), ("sandboxMode", "true")]);
        assert_eq!(request(&sandbox, None)["url"], "https://api.wise-sandbox.com/v2/profiles");
    }

    #[test]
    fn values_take_their_place_in_addresses() {
        let metadata = r#"{"accountId":"0123456789abcdef0123456789abcdef","bucket":"media"}"#;
        let r2 = candidate(
            "cloudflare_r2",
            &[("apiKey", "id"), ("apiSecret", "secret"), ("metadata", metadata)],
        );
        assert_eq!(
            request(&r2, None)["url"],
            "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/media/cgk-integrations/no-such-object"
        );
        let sid = "AC0123456789abcdef0123456789abcdef";
        let twilio = candidate("twilio", &[("apiKey", sid), ("apiSecret", "token")]);
        assert_eq!(
            request(&twilio, None)["url"],
            format!("https://api.twilio.com/2010-04-01/Accounts/{sid}.json")
        );
    }

    #[test]
    fn a_missing_part_is_named() {
        let mux = candidate("mux", &[("apiKey", "id")]);
        let error = Question::new(&mux, Endpoints::default(), NOW, None, None).unwrap_err();
        assert_eq!(error.code(), "CREDENTIAL_INCOMPLETE");
        assert!(error.to_string().contains("save it as apiSecret"));
    }

    #[test]
    fn a_value_of_a_wrong_form_never_gets_into_a_request() {
        let service = Service::find("cloudflare_r2").unwrap();
        let metadata = r#"{"accountId":"evil.example/"}"#;
        let stored = [("apiKey", "id"), ("apiSecret", "secret"), ("metadata", metadata)].map(
            |(name, value)| {
                (service.table.table().input_column(name).unwrap(), Some(value.to_owned().into()))
            },
        );
        let r2 = Candidate::of(service, stored.into_iter());
        let error =
            Question::new(&r2, Endpoints::default(), NOW, None, None).unwrap_err().to_string();
        assert!(error.contains("metadata.accountId") && !error.contains("evil"), "{error}");
    }
}
