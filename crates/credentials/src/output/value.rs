use cgk_crypto::SecretString;
use serde::Serialize;
use serde_json::json;

use crate::json::wipe;
use crate::verification::Question;
use crate::{CredentialError, IntegrationStatus, Verdict};

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
pub enum Answer {
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
pub trait IntoAnswer {
    /// The shape it takes there.
    fn into_answer(self) -> Result<Answer, CredentialError>;
}

impl IntoAnswer for () {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        Ok(Answer::Nothing)
    }
}

impl IntoAnswer for bool {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        Ok(Answer::Boolean(self))
    }
}

impl IntoAnswer for SecretString {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        Ok(Answer::Secret(self))
    }
}

impl IntoAnswer for Question {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        Ok(Answer::Secret(self.0))
    }
}

impl IntoAnswer for Answer {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        Ok(self)
    }
}

impl IntoAnswer for ApiKeyAndSecret {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        let api_secret = self.api_secret.as_ref().map(SecretString::expose);
        let mut json = json!({ "apiKey": self.api_key.expose(), "apiSecret": api_secret });
        let text = SecretString::from(json.to_string());
        wipe(&mut json);
        Ok(Answer::Secret(text))
    }
}

impl<T: IntoAnswer> IntoAnswer for Option<T> {
    fn into_answer(self) -> Result<Answer, CredentialError> {
        self.map_or(Ok(Answer::Null), T::into_answer)
    }
}

macro_rules! answers_as_json {
    ($($shape:ty),+ $(,)?) => {
        $(impl IntoAnswer for $shape {
            fn into_answer(self) -> Result<Answer, CredentialError> {
                to_json(&self)
            }
        })+
    };
}

answers_as_json!(Vec<IntegrationStatus>, Vec<String>, String, Verdict);

fn to_json(value: &impl Serialize) -> Result<Answer, CredentialError> {
    let text = serde_json::to_string(value).map_err(|_| CredentialError::StoredDataInvalid)?;
    Ok(Answer::Json(text))
}
