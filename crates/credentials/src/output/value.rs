use cgk_crypto::SecretString;
use serde::Serialize;
use serde_json::json;

use crate::json::wipe;
use crate::verification::VerificationRequest;
use crate::{CredentialError, IntegrationStatus, VerificationResult};

/// The decrypted secrets of one API credential.
#[derive(Debug)]
pub(crate) struct ApiKeyAndSecret {
    /// The API key.
    pub(crate) api_key: SecretString,
    /// The API secret, where one is stored.
    pub(crate) api_secret: Option<SecretString>,
}

/// The result of a storage function on its way to JavaScript.
///
/// Both bindings turn the same few shapes into values, so both answer alike.
#[derive(Debug)]
pub enum JsOutput {
    /// `undefined`
    Nothing,
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A string that is a decrypted secret, or JSON text that holds some.
    Secret(SecretString),
    /// JSON text. The npm package makes the objects, in the realm of its caller: an addon makes its
    /// values in the main one, where `instanceof Date` and `instanceof Error` fail under Jest.
    Json(String),
}

/// A result that JavaScript can be given.
pub trait IntoJs {
    /// The shape it takes there.
    fn into_js(self) -> Result<JsOutput, CredentialError>;
}

impl IntoJs for () {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        Ok(JsOutput::Nothing)
    }
}

impl IntoJs for bool {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        Ok(JsOutput::Boolean(self))
    }
}

impl IntoJs for SecretString {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        Ok(JsOutput::Secret(self))
    }
}

impl IntoJs for VerificationRequest {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        Ok(JsOutput::Secret(self.0))
    }
}

impl IntoJs for JsOutput {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        Ok(self)
    }
}

impl IntoJs for ApiKeyAndSecret {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        let api_secret = self.api_secret.as_ref().map(SecretString::expose);
        let mut json = json!({ "apiKey": self.api_key.expose(), "apiSecret": api_secret });
        let text = SecretString::from(json.to_string());
        wipe(&mut json);
        Ok(JsOutput::Secret(text))
    }
}

impl<T: IntoJs> IntoJs for Option<T> {
    fn into_js(self) -> Result<JsOutput, CredentialError> {
        self.map_or(Ok(JsOutput::Null), T::into_js)
    }
}

macro_rules! answers_as_json {
    ($($shape:ty),+ $(,)?) => {
        $(impl IntoJs for $shape {
            fn into_js(self) -> Result<JsOutput, CredentialError> {
                to_json(&self)
            }
        })+
    };
}

answers_as_json!(Vec<IntegrationStatus>, Vec<String>, String, VerificationResult);

pub(crate) fn to_json(value: &impl Serialize) -> Result<JsOutput, CredentialError> {
    let text = serde_json::to_string(value).map_err(|_| CredentialError::StoredDataInvalid)?;
    Ok(JsOutput::Json(text))
}
