//! Services by their id.

use std::borrow::Cow;

use super::check::{Authentication, CredentialCheck};
use super::service::{Category, Service, ServiceTable};
use super::services::SERVICES;
use crate::CredentialError;

/// Stands for the services of `tenant_api_credentials` that the catalog does not know.
static OTHER_SERVICE: Service = Service::api(
    "",
    "The service",
    Category::Other,
    &[],
    CredentialCheck::get("", "", Authentication::Bearer("apiKey")),
);

impl Service {
    /// Any service of the catalog.
    pub fn find(id: &str) -> Result<&'static Self, CredentialError> {
        SERVICES
            .iter()
            .find(|service| service.id == id)
            .ok_or_else(|| CredentialError::ServiceUnknown(ids(SERVICES.iter())))
    }

    /// A service that signs its webhooks.
    pub(crate) fn signing(id: &str) -> Result<&'static Self, CredentialError> {
        let signs = |service: &&Self| service.field("webhookSecret").is_some();
        SERVICES
            .iter()
            .find(|service| service.id == id && signs(service))
            .ok_or_else(|| CredentialError::ServiceUnknown(ids(SERVICES.iter().filter(signs))))
    }

    /// The services of `tenant_api_credentials`.
    pub fn all_api() -> impl Iterator<Item = &'static Self> {
        SERVICES.iter().filter(|service| service.table == ServiceTable::ApiCredentials)
    }
}

/// A service by its id: one of the catalog, or another that a tenant keeps a credential of in
/// `tenant_api_credentials`. What is not in the catalog is stored and read as it is.
#[derive(Debug, Clone)]
pub struct ServiceRef {
    id: Cow<'static, str>,
    service: &'static Service,
}

impl ServiceRef {
    /// Most characters of the id of a service that is not in the catalog.
    const MAX_ID_LENGTH: usize = 64;

    /// Any service.
    pub fn parse(id: &str) -> Result<Self, CredentialError> {
        if let Ok(service) = Service::find(id) {
            return Ok(service.into());
        }
        let is_name = id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if is_name && (1..=Self::MAX_ID_LENGTH).contains(&id.len()) {
            return Ok(Self { id: Cow::Owned(id.to_owned()), service: &OTHER_SERVICE });
        }
        Err(CredentialError::ServiceNameInvalid)
    }

    /// A service of `tenant_api_credentials`; Stripe, Resend and Wise have functions of their own.
    pub fn api(id: &str) -> Result<Self, CredentialError> {
        match Self::parse(id)? {
            service if service.table == ServiceTable::ApiCredentials => Ok(service),
            _ => Err(CredentialError::ServiceUnknown(ids(Service::all_api()))),
        }
    }

    /// Its id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Its id, for a result.
    pub(crate) fn id_text(&self) -> Cow<'static, str> {
        self.id.clone()
    }

    /// What is known of it.
    pub(crate) fn get(&self) -> &'static Service {
        self.service
    }

    /// The name that people read; `None` outside the catalog.
    pub(crate) fn catalog_name(&self) -> Option<&'static str> {
        matches!(self.id, Cow::Borrowed(_)).then_some(self.service.display_name)
    }
}

impl From<&'static Service> for ServiceRef {
    fn from(service: &'static Service) -> Self {
        Self { id: Cow::Borrowed(service.id), service }
    }
}

impl std::ops::Deref for ServiceRef {
    type Target = Service;

    fn deref(&self) -> &Service {
        self.service
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
        assert_eq!(ServiceRef::api("mux").unwrap().display_name, "Mux Video");
        for id in ["stripe", "resend", "wise"] {
            assert!(ServiceRef::api(id).is_err(), "{id}");
        }
        assert_eq!(Service::find("stripe").unwrap().display_name, "Stripe");
        assert!(Service::find("Stripe").unwrap_err().to_string().contains("stripe, wise"));
    }

    #[test]
    fn other_services_are_names_of_at_most_64_characters() {
        for id in ["paypal", "x", "_", "shop_2", &"x".repeat(64)] {
            let service = ServiceRef::api(id).unwrap();
            assert_eq!((service.id(), service.catalog_name()), (id, None));
        }
        for id in ["", "Mux", "a b", "a-b", "a'b", "é", &"x".repeat(65)] {
            assert_eq!(ServiceRef::parse(id).unwrap_err().code(), "SERVICE_UNKNOWN", "{id}");
        }
        assert_eq!(ServiceRef::parse("mux").unwrap().catalog_name(), Some("Mux Video"));
    }
}
