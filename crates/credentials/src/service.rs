//! What a service is; [`crate::catalog`] lists them.

use crate::CredentialError;
use crate::catalog::SERVICES;
use crate::field::Field;
use crate::table::{API_CREDENTIALS, RESEND, STRIPE, Table, WISE};
use crate::verification::Probe;

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
    pub probe: Probe,
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
}

impl Category {
    /// Name shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payments => "Payments",
            Self::Email => "Email",
            Self::Media => "Media",
            Self::Ai => "AI",
            Self::Logistics => "Logistics",
            Self::Messaging => "Messaging",
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
    /// Any service of the catalog.
    pub fn find(id: &str) -> Result<&'static Self, CredentialError> {
        SERVICES
            .iter()
            .find(|service| service.id == id)
            .ok_or_else(|| CredentialError::ServiceUnknown(ids(SERVICES.iter())))
    }

    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// A service of `tenant_api_credentials`; Stripe, Resend and Wise have functions of their own.
    pub fn api(id: &str) -> Result<&'static Self, CredentialError> {
        Self::all_api()
            .find(|service| service.id == id)
            .ok_or_else(|| CredentialError::ServiceUnknown(ids(Self::all_api())))
    }

    /// The services of `tenant_api_credentials`.
    pub fn all_api() -> impl Iterator<Item = &'static Self> {
        SERVICES.iter().filter(|service| service.table == ServiceTable::ApiCredentials)
    }
}

/// The ids that an argument may take, for error messages.
fn ids<'a>(services: impl Iterator<Item = &'a Service>) -> String {
    services.map(|service| service.id).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_with_a_table_of_their_own_are_not_api_services() {
        assert_eq!(Service::api("mux").unwrap().display_name, "Mux Video");
        for id in ["stripe", "resend", "wise", "Mux", "", "paypal"] {
            assert!(Service::api(id).is_err(), "{id}");
        }
        assert_eq!(Service::find("stripe").unwrap().display_name, "Stripe");
        assert!(Service::find("Stripe").unwrap_err().to_string().contains("stripe, wise"));
    }
}
