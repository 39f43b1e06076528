use base64ct::{Base64, Encoding};
use cgk_crypto::SecretString;
use serde::Deserialize;
use zeroize::Zeroize;

use super::response::CredentialFacts;
use super::sigv4::{S3Request, sign};
use crate::CredentialError;
use crate::catalog::{Authentication, CredentialCheck, FieldKind, ServiceTable};
use crate::input::{PlaintextCredential, is_live};
use crate::json::wipe;

/// The request that shows a credential to its vendor, as JSON text:
/// `{ request: { url, headers }, revision, known }`. It holds the credential, hence a secret.
#[derive(Debug)]
pub(crate) struct VerificationRequest(pub(crate) SecretString);

/// Scheme and host to ask instead of the vendor's own, as the configuration says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Endpoints<'a> {
    /// For all credentials but those of a sandbox.
    pub(crate) own: Option<&'a str>,
    /// For those of the vendor's sandbox.
    pub(crate) sandbox: Option<&'a str>,
}

/// What of a [`VerificationRequest`] comes back with the response.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RequestContext {
    /// The stored token that was asked about; `None` for a credential that is not stored.
    pub(crate) revision: Option<String>,
    #[serde(default)]
    #[serde(rename = "known")]
    pub(crate) facts: CredentialFacts,
}

impl RequestContext {
    pub(crate) fn parse(request: &str) -> Result<Self, CredentialError> {
        serde_json::from_str(request)
            .map_err(|_| CredentialError::input("The question is not one that was asked"))
    }
}

impl VerificationRequest {
    /// `now` is in milliseconds since 1970.
    pub(crate) fn new(
        credential: &PlaintextCredential,
        endpoints: Endpoints,
        now: i64,
        revision: Option<&str>,
        profile_id: Option<&str>,
    ) -> Result<Self, CredentialError> {
        for field in credential.service().fields {
            if field.required && field.kind != FieldKind::Boolean {
                credential.require(field.name)?;
            }
        }
        let (url, headers) = request(credential, endpoints, now)?;
        let facts = CredentialFacts {
            livemode: (credential.service().table == ServiceTable::Stripe)
                .then(|| credential.get("secretKey").and_then(|key| is_live(key.expose())))
                .flatten(),
            profile_id: profile_id.map(str::to_owned),
            account_sid: credential.get("metadata.accountSid").map(|sid| sid.expose().to_owned()),
        };
        let mut text = serde_json::json!({
            "request": { "url": url, "headers": headers },
            "revision": revision,
            "known": facts,
        });
        let request = Self(SecretString::from(text.to_string()));
        wipe(&mut text);
        Ok(request)
    }
}

/// A name that no object has: reading it is the cheapest call that every token of a bucket may make.
const ABSENT_OBJECT: &str = "cgk-integrations/no-such-object";

/// Some vendors refuse requests without it.
const USER_AGENT: &str = "cgk-integrations";

type Headers = serde_json::Map<String, serde_json::Value>;

fn request(
    credential: &PlaintextCredential,
    endpoints: Endpoints,
    now: i64,
) -> Result<(String, Headers), CredentialError> {
    let check = &credential.service().check;
    let base = base(credential, check, endpoints)?;
    let mut headers = Headers::new();
    headers.insert("user-agent".to_owned(), USER_AGENT.into());
    for (name, value) in check.headers {
        headers.insert((*name).to_owned(), (*value).into());
    }
    for (name, field) in check.field_headers {
        if credential.get(field).is_some() {
            headers.insert((*name).to_owned(), credential.require(field)?.expose().into());
        }
    }
    let mut authorize = |value: String| headers.insert("authorization".to_owned(), value.into());
    let mut url = format!("{base}{}", fill(credential, path(credential, check))?);
    match check.authentication {
        Authentication::Bearer(field) => {
            authorize(format!("Bearer {}", credential.require(field)?.expose()));
        }
        Authentication::Basic { user, password } => {
            let user = credential.require(user)?.expose();
            let password = match password {
                Some(field) => credential.require(field)?.expose(),
                None => "",
            };
            let mut pair = format!("{user}:{password}");
            authorize(format!("Basic {}", Base64::encode_string(pair.as_bytes())));
            pair.zeroize();
        }
        Authentication::Header { name, field } => {
            headers.insert(name.to_owned(), credential.require(field)?.expose().into());
        }
        Authentication::S3 => {
            let path = match credential.get("metadata.bucket") {
                Some(_) => {
                    let bucket = credential.require("metadata.bucket")?.expose();
                    format!("/{bucket}/{ABSENT_OBJECT}")
                }
                None => "/".to_owned(),
            };
            url = format!("{base}{path}");
            let signed = sign(&S3Request {
                base: &base,
                path: &path,
                query: "",
                access_key: credential.require("apiKey")?,
                secret_key: credential.require("apiSecret")?,
                now,
            });
            headers.extend(signed.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        }
    }
    Ok((url, headers))
}

/// Scheme and host: the configured ones, or those of the vendor's sandbox or region, or its own.
fn base(
    credential: &PlaintextCredential,
    check: &CredentialCheck,
    endpoints: Endpoints,
) -> Result<String, CredentialError> {
    let sandbox = check.sandbox.filter(|_| credential.is_true("sandboxMode"));
    let configured = if sandbox.is_some() { endpoints.sandbox } else { endpoints.own };
    if let Some(endpoint) = configured {
        return Ok(endpoint.trim_end_matches('/').to_owned());
    }
    let region = match check.regions {
        Some(regions) if credential.get(regions.field).is_some() => {
            regions.base(credential.require(regions.field)?.expose())
        }
        _ => None,
    };
    fill(credential, sandbox.or(region).unwrap_or(check.base))
}

/// Path and query for the kind of key that it is.
fn path(credential: &PlaintextCredential, check: &CredentialCheck) -> &'static str {
    match (&check.other_key, credential.key()) {
        (Some(other), Some(key)) if key.expose().starts_with(other.prefix) => other.path,
        _ => check.path,
    }
}

/// Puts values in the place of `{field}`. They fit their rules, so they cannot break out.
fn fill(credential: &PlaintextCredential, template: &str) -> Result<String, CredentialError> {
    let mut text = template.to_owned();
    for field in credential.service().fields {
        let place = format!("{{{}}}", field.name);
        if text.contains(&place) {
            text = text.replace(&place, credential.require(field.name)?.expose());
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

    fn credential(service: &str, fields: &[(&str, &str)]) -> PlaintextCredential {
        let service = Service::find(service).unwrap();
        let fields = fields.iter().map(|(name, value)| {
            let value = match *value {
                "true" => FieldValue::Boolean(true),
                json if json.starts_with('{') => FieldValue::Json(json.to_owned()),
                text => FieldValue::Text(text.to_owned().into()),
            };
            ((*name).to_owned(), value)
        });
        let mut credential = PlaintextCredential::new(service);
        credential.assign(&parse_input(service, fields.collect()).unwrap().assignments);
        credential
    }

    fn request(credential: &PlaintextCredential, endpoint: Option<&str>) -> Value {
        let endpoints = Endpoints { own: endpoint, sandbox: None };
        let request = VerificationRequest::new(credential, endpoints, NOW, None, None).unwrap();
        let request: Value = serde_json::from_str(request.0.expose()).unwrap();
        request["request"].clone()
    }

    #[test]
    fn the_vendor_is_asked_at_its_own_address_or_where_the_configuration_says() {
        let mux = credential("mux", &[("apiKey", "id"), ("apiSecret", "secret")]);
        let own = request(&mux, None);
        assert_eq!(own["url"], "https://api.mux.com/video/v1/assets?limit=1");
        assert_eq!(own["headers"]["authorization"], "Basic aWQ6c2VjcmV0");
        let other = request(&mux, Some("http://127.0.0.1:8080/"));
        assert_eq!(other["url"], "http://127.0.0.1:8080/video/v1/assets?limit=1");
    }

    #[test]
    fn sandbox_credentials_are_verified_in_the_sandbox() {
        let live = credential("wise", &[("apiKey", "w")]);
        assert_eq!(request(&live, None)["url"], "https://api.wise.com/v2/profiles");
        let sandbox = credential("wise", &[("apiKey", "w"), ("sandboxMode", "true")]);
        assert_eq!(request(&sandbox, None)["url"], "https://api.wise-sandbox.com/v2/profiles");
    }

    #[test]
    fn values_take_their_place_in_addresses() {
        let metadata = r#"{"accountId":"0123456789abcdef0123456789abcdef","bucket":"media"}"#;
        let r2 = credential(
            "cloudflare_r2",
            &[("apiKey", "id"), ("apiSecret", "secret"), ("metadata", metadata)],
        );
        assert_eq!(
            request(&r2, None)["url"],
            "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/media/cgk-integrations/no-such-object"
        );
        let sid = "AC0123456789abcdef0123456789abcdef";
        let twilio = credential("twilio", &[("apiKey", sid), ("apiSecret", "token")]);
        assert_eq!(
            request(&twilio, None)["url"],
            format!("https://api.twilio.com/2010-04-01/Accounts/{sid}.json")
        );
    }

    #[test]
    fn a_missing_part_is_named() {
        let mux = credential("mux", &[("apiKey", "id")]);
        let error =
            VerificationRequest::new(&mux, Endpoints::default(), NOW, None, None).unwrap_err();
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
        let r2 = PlaintextCredential::of(service, stored.into_iter());
        let error = VerificationRequest::new(&r2, Endpoints::default(), NOW, None, None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("metadata.accountId") && !error.contains("evil"), "{error}");
    }
}
