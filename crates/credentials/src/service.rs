//! The service catalog (contract, section 5): the one place that lists the services.

use crate::CredentialError;
use crate::table::{API_CREDENTIALS, RESEND, STRIPE, Table, WISE};

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

/// All services, in the order in which they are shown.
pub static SERVICES: &[Service] = &[
    Service {
        id: "stripe",
        display_name: "Stripe",
        category: Category::Payments,
        table: ServiceTable::Stripe,
    },
    Service {
        id: "wise",
        display_name: "Wise",
        category: Category::Payments,
        table: ServiceTable::Wise,
    },
    Service {
        id: "resend",
        display_name: "Resend",
        category: Category::Email,
        table: ServiceTable::Resend,
    },
    api_service("mux", "Mux Video", Category::Media),
    api_service("assemblyai", "AssemblyAI", Category::Media),
    api_service("cloudflare_r2", "Cloudflare R2", Category::Media),
    api_service("anthropic", "Anthropic (Claude)", Category::Ai),
    api_service("openai", "OpenAI", Category::Ai),
    api_service("elevenlabs", "ElevenLabs", Category::Ai),
    api_service("google_maps", "Google Maps", Category::Logistics),
    api_service("easypost", "EasyPost Shipping", Category::Logistics),
    api_service("twilio", "Twilio", Category::Messaging),
];

const fn api_service(id: &'static str, display_name: &'static str, category: Category) -> Service {
    Service { id, display_name, category, table: ServiceTable::ApiCredentials }
}

impl Service {
    /// A service of `tenant_api_credentials`; Stripe, Resend and Wise have functions of their own.
    pub fn api(id: &str) -> Result<&'static Self, CredentialError> {
        Self::all_api().find(|service| service.id == id).ok_or(CredentialError::ServiceUnknown)
    }

    /// The services of `tenant_api_credentials`.
    pub fn all_api() -> impl Iterator<Item = &'static Self> {
        SERVICES.iter().filter(|service| service.table == ServiceTable::ApiCredentials)
    }
}

/// The ids that `serviceName` may take, for error messages.
pub(crate) fn api_service_ids() -> String {
    Service::all_api().map(|service| service.id).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_catalog_has_the_twelve_services_once_each() {
        let ids: HashSet<_> = SERVICES.iter().map(|service| service.id).collect();
        assert_eq!((SERVICES.len(), ids.len()), (12, 12));
        assert_eq!(Service::all_api().count(), 9);
    }

    #[test]
    fn services_with_a_table_of_their_own_are_not_api_services() {
        assert_eq!(Service::api("mux").unwrap().display_name, "Mux Video");
        for id in ["stripe", "resend", "wise", "Mux", "", "paypal"] {
            assert!(Service::api(id).is_err(), "{id}");
        }
    }
}
