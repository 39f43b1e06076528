//! The stored configurations as callers see them (compatibility.md, section 6): ciphertext, never
//! plaintext. Only their TypeScript types are made from these; [`crate::output`] writes the values.

use ts_rs::TS;

use crate::Timestamp;

/// What every stored configuration has.
#[derive(Debug, TS)]
#[ts(rename = "BaseTenantConfig", rename_all = "camelCase")]
pub struct BaseConfig {
    /// Primary key (UUID).
    pub id: String,
    /// Slug of the tenant that the row belongs to.
    pub tenant_id: String,
    /// Always true: reads see active rows only.
    pub is_active: bool,
    /// When the vendor last accepted the stored credential.
    #[ts(as = "Option<Timestamp>")]
    pub last_verified_at: Option<Timestamp>,
    /// What the last verification found wrong.
    pub last_error: Option<String>,
    /// When the row was first saved.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

/// A tenant's Stripe account.
#[derive(Debug, TS)]
#[ts(rename = "TenantStripeConfig", rename_all = "camelCase")]
pub struct StripeConfig {
    #[ts(flatten)]
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
    pub livemode: bool,
    /// Whether the platform uses Stripe Connect for this tenant.
    pub connect_enabled: bool,
    /// Stripe Connect client id.
    pub connect_client_id: Option<String>,
}

/// A tenant's Resend account.
#[derive(Debug, TS)]
#[ts(rename = "TenantResendConfig", rename_all = "camelCase")]
pub struct ResendConfig {
    #[ts(flatten)]
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
    pub verified_domains: Vec<String>,
    /// The webhook signing secret as a v1 token; left out by schemas without its column.
    #[ts(optional = nullable)]
    pub webhook_secret_encrypted: Option<String>,
}

/// A tenant's Wise account.
#[derive(Debug, TS)]
#[ts(rename = "TenantWiseConfig", rename_all = "camelCase")]
pub struct WiseConfig {
    #[ts(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// The API token as a v1 token.
    pub api_key_encrypted: String,
    /// Wise profile that payments are made from.
    pub profile_id: Option<String>,
    /// Kind of that profile; anything else in the row reads as none.
    pub profile_type: Option<WiseProfileType>,
    /// Holder of the account, from the last verification.
    pub account_holder_name: Option<String>,
    /// Balance that payments are made from.
    pub source_balance_id: Option<String>,
    /// Currency that payments are made in (ISO 4217).
    pub source_currency: String,
    /// The webhook secret as a v1 token.
    pub webhook_secret_encrypted: Option<String>,
    /// Whether the key belongs to the Wise sandbox.
    pub sandbox_mode: bool,
}

/// The kinds of Wise profile.
#[derive(Debug, TS)]
#[ts(rename_all = "lowercase")]
pub enum WiseProfileType {
    /// A company.
    Business,
    /// A person.
    Personal,
}

/// A tenant's credential for one of the services without a table of their own.
#[derive(Debug, TS)]
#[ts(rename = "TenantApiCredential", rename_all = "camelCase")]
pub struct ApiCredential {
    #[ts(flatten)]
    #[allow(missing_docs)]
    pub base: BaseConfig,
    /// Id of the service in the catalog.
    #[ts(type = "TenantApiService")]
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
    #[ts(type = "Record<string, unknown>")]
    pub metadata: (),
}
