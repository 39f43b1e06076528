//! What a service is; [`super::services`] lists them.

use super::check::CredentialCheck;
use super::field::Field;
use super::table::{API_CREDENTIALS, Column, RESEND, STRIPE, Table, WISE};

/// A service whose credentials the vault keeps.
#[derive(Debug)]
pub struct Service {
    /// Stable id, as in `tenant_api_credentials.service_name`.
    pub id: &'static str,
    /// Name shown to people.
    pub display_name: &'static str,
    /// Group under which it is shown.
    pub category: Category,
    /// Where its credentials are stored.
    pub table: ServiceTable,
    /// What is asked for when it is connected.
    pub fields: &'static [Field],
    /// How it is asked whether a credential works.
    pub check: CredentialCheck,
    /// The input field of the secret that it signs webhooks with where it has none for them.
    pub webhook_key: Option<&'static str>,
}

/// The group under which a service is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// Taking and making payments.
    Payments,
    /// Sending e-mail.
    Email,
    /// Video, speech and files.
    Media,
    /// Language and voice models.
    Ai,
    /// Shipping and maps.
    Logistics,
    /// Text messages and calls.
    Messaging,
    /// What the catalog does not know.
    Other,
}

impl Category {
    /// The heading under which its services are shown.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ai => "AI Services",
            other => other.name(),
        }
    }

    /// Name in the catalog that JavaScript reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payments => "Payments",
            Self::Email => "Email",
            Self::Media => "Media",
            Self::Ai => "AI",
            Self::Logistics => "Logistics",
            Self::Messaging => "Messaging",
            Self::Other => "Other",
        }
    }
}

/// Which of the four tables a service uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceTable {
    /// `tenant_stripe_config`
    Stripe,
    /// `tenant_resend_config`
    Resend,
    /// `tenant_wise_config`
    Wise,
    /// `tenant_api_credentials`, one row for each service
    ApiCredentials,
}

impl ServiceTable {
    /// All tables.
    pub(crate) const ALL: [Self; 4] =
        [Self::Stripe, Self::Resend, Self::Wise, Self::ApiCredentials];

    /// The description of the table.
    pub fn table(self) -> &'static Table {
        match self {
            Self::Stripe => &STRIPE,
            Self::Resend => &RESEND,
            Self::Wise => &WISE,
            Self::ApiCredentials => &API_CREDENTIALS,
        }
    }
}

impl Service {
    /// A service of `tenant_api_credentials`.
    pub(super) const fn api(
        id: &'static str,
        display_name: &'static str,
        category: Category,
        fields: &'static [Field],
        check: CredentialCheck,
    ) -> Self {
        Self {
            id,
            display_name,
            category,
            table: ServiceTable::ApiCredentials,
            fields,
            check,
            webhook_key: None,
        }
    }

    /// Whether it is of no use without what a column holds.
    pub(crate) fn needs(&self, column: &Column) -> bool {
        let required = self.field(column.field()).is_some_and(|field| field.required);
        required || self.table.table().key_secret() == Some(column)
    }

    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
