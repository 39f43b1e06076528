//! JSON between the database, this crate and JavaScript.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use zeroize::Zeroize;

use crate::CredentialError;

/// The fields that the npm package turns into a JavaScript `Date`.
pub const TIMESTAMP_FIELDS: [&str; 4] =
    ["lastVerifiedAt", "failingSince", "createdAt", "updatedAt"];

/// Milliseconds since 1970, UTC: what a JavaScript `Date` is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A JSON object that is passed on as the text it was stored as: numbers that Rust could not hold
/// must not make a row unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(String);

impl JsonObject {
    /// Anything but an object is taken for an empty one.
    pub(crate) fn from_text(text: Option<&str>) -> Self {
        Self(text.filter(|text| text.starts_with('{')).unwrap_or("{}").to_owned())
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0 == "{}"
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(|text| Self::from_text(text.as_deref()))
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(|_| serde::ser::Error::custom("not JSON"))?
            .serialize(serializer)
    }
}

/// Reads the JSON text of one row.
pub(crate) fn decode_row<T: DeserializeOwned>(row: &str) -> Result<T, CredentialError> {
    serde_json::from_str(row).map_err(|_| CredentialError::StoredDataInvalid)
}

/// Overwrites the texts of a JSON value that held a secret.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(entries) => entries.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}
