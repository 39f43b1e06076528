//! The stored configurations as callers see them (contract, section 6): ciphertext, never plaintext.
//!
//! Read from the database in `snake_case`, handed to JavaScript in `camelCase`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
#[cfg(feature = "typescript")]
use ts_rs::TS;

use crate::CredentialError;

/// The fields that the npm package turns into a JavaScript `Date`.
pub const TIMESTAMP_FIELDS: [&str; 4] =
    ["lastVerifiedAt", "failingSince", "createdAt", "updatedAt"];

/// Milliseconds since 1970, UTC: what a JavaScript `Date` is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "typescript", derive(TS), ts(type = "Date"))]
pub struct Timestamp(pub i64);

/// What every stored configuration has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
#[cfg_attr(
    feature = "typescript",
    derive(TS),
    ts(rename = "BaseTenantConfig", rename_all = "camelCase")
)]
pub struct BaseConfig {
    /// Primary key (UUID).
    pub id: String,
    /// Slug of the tenant that the row belongs to.
    pub tenant_id: String,
    /// Always true: reads see active rows only.
    pub is_active: bool,
    /// When the vendor last accepted the stored credential.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Timestamp>"))]
    pub last_verified_at: Option<Timestamp>,
    /// What the last verification found wrong.
    pub last_error: Option<String>,
    /// When the row was first saved.
    #[serde(deserialize_with = "null_as_default")]
    pub created_at: Timestamp,
    /// When the row last changed.
    #[serde(deserialize_with = "null_as_default")]
    pub updated_at: Timestamp,
}

/// A tenant's Stripe account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
#[cfg_attr(
    feature = "typescript",
    derive(TS),
    ts(rename = "TenantStripeConfig", rename_all = "camelCase")
)]
pub struct StripeConfig {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// The secret key as a v1 token.
    pub secret_key_encrypted: String,
    /// The publishable key, in clear.
    pub publishable_key: Option<String>,
    /// The webhook signing secret as a v1 token.
    pub webhook_secret_encrypted: Option<String>,
    /// `acct_…`, from the last verification.
    pub stripe_account_id: Option<String>,
    /// Account name, from the last verification.
    pub account_name: Option<String>,
    /// Two-letter country, from the last verification.
    pub account_country: Option<String>,
    /// Whether the keys are live keys.
    #[serde(deserialize_with = "null_as_default")]
    pub livemode: bool,
    /// Whether the platform uses Stripe Connect for this tenant.
    #[serde(deserialize_with = "null_as_default")]
    pub connect_enabled: bool,
    /// Stripe Connect client id.
    pub connect_client_id: Option<String>,
}

/// A tenant's Resend account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
#[cfg_attr(
    feature = "typescript",
    derive(TS),
    ts(rename = "TenantResendConfig", rename_all = "camelCase")
)]
pub struct ResendConfig {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// The API key as a v1 token.
    pub api_key_encrypted: String,
    /// Resend team, from the last verification.
    pub resend_team_id: Option<String>,
    /// Account name, from the last verification.
    pub account_name: Option<String>,
    /// Address that mail is sent from.
    pub default_from_email: Option<String>,
    /// Name that mail is sent from.
    pub default_from_name: Option<String>,
    /// Address that answers go to.
    pub default_reply_to: Option<String>,
    /// Domains that Resend has verified.
    #[serde(deserialize_with = "strings_or_empty")]
    pub verified_domains: Vec<String>,
}

/// A tenant's Wise account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
#[cfg_attr(
    feature = "typescript",
    derive(TS),
    ts(rename = "TenantWiseConfig", rename_all = "camelCase")
)]
pub struct WiseConfig {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// The API token as a v1 token.
    pub api_key_encrypted: String,
    /// Wise profile that payments are made from.
    pub profile_id: Option<String>,
    /// Kind of that profile; anything else in the row reads as none.
    #[serde(deserialize_with = "profile_type_or_none")]
    pub profile_type: Option<WiseProfileType>,
    /// Holder of the account, from the last verification.
    pub account_holder_name: Option<String>,
    /// Balance that payments are made from.
    pub source_balance_id: Option<String>,
    /// Currency that payments are made in (ISO 4217).
    #[serde(deserialize_with = "null_as_usd")]
    pub source_currency: String,
    /// The webhook secret as a v1 token.
    pub webhook_secret_encrypted: Option<String>,
    /// Whether the key belongs to the Wise sandbox.
    #[serde(deserialize_with = "null_as_default")]
    pub sandbox_mode: bool,
}

/// The kinds of Wise profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(TS))]
pub enum WiseProfileType {
    /// A company.
    Business,
    /// A person.
    Personal,
}

/// A tenant's credential for one of the services without a table of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
#[cfg_attr(
    feature = "typescript",
    derive(TS),
    ts(rename = "TenantApiCredential", rename_all = "camelCase")
)]
pub struct ApiCredential {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// Id of the service in the catalog.
    #[cfg_attr(feature = "typescript", ts(type = "TenantApiService"))]
    pub service_name: String,
    /// Name of the service as shown to people.
    pub service_display_name: Option<String>,
    /// The API key as a v1 token.
    pub api_key_encrypted: String,
    /// The API secret as a v1 token.
    pub api_secret_encrypted: Option<String>,
    /// Account at the vendor, from the last verification.
    pub account_id: Option<String>,
    /// What the service needs besides its secrets.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: JsonObject,
}

/// A JSON object that is passed on as the text it was stored as: numbers that Rust could not hold
/// must not make a row unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(String);

impl JsonObject {
    fn from_text(text: Option<String>) -> Self {
        Self(text.filter(|text| text.starts_with('{')).unwrap_or_else(|| "{}".to_owned()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0 == "{}"
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from_text)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

/// The decrypted secrets of one API credential.
#[derive(Debug)]
pub struct ApiKeyAndSecret {
    /// The API key.
    pub api_key: cgk_vault::SecretString,
    /// The API secret, where one is stored.
    pub api_secret: Option<cgk_vault::SecretString>,
}

/// Reads the JSON text of one row.
pub(crate) fn decode_row<T: DeserializeOwned>(row: &str) -> Result<T, CredentialError> {
    serde_json::from_str(row).map_err(|_| CredentialError::StoredDataInvalid)
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn null_as_usd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_else(|| "USD".to_owned()))
}

/// Rows are also written by others: an odd list loses its odd entries, not the whole row.
fn strings_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let entries: Vec<Value> =
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(entries.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn profile_type_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<WiseProfileType>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(match text.as_deref() {
        Some("business") => Some(WiseProfileType::Business),
        Some("personal") => Some(WiseProfileType::Personal),
        _ => None,
    })
}
