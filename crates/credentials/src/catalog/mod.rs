//! The service catalog (contract, section 5), as data: what a service is called, what it needs,
//! how it is asked whether a credential works. Forms, validation, verification, documentation and
//! TypeScript types come from here. A new service is one entry.

mod services;

use crate::field::Field;
use crate::service::{Category, Service, ServiceTable};
use crate::verification::{Authentication, Probe};

/// All services, in the order in which they are shown.
pub static SERVICES: &[Service] = &[
    services::stripe::SERVICE,
    services::wise::SERVICE,
    services::resend::SERVICE,
    services::mux::SERVICE,
    services::assemblyai::SERVICE,
    services::cloudflare_r2::SERVICE,
    services::anthropic::SERVICE,
    services::openai::SERVICE,
    services::elevenlabs::SERVICE,
    services::google_maps::SERVICE,
    services::easypost::SERVICE,
    services::twilio::SERVICE,
];

/// Stands for the services of `tenant_api_credentials` that the catalog does not know.
pub(crate) static OTHER_SERVICE: Service = api_service(
    "",
    "The service",
    Category::Other,
    &[],
    Probe::get("", "", Authentication::Bearer("apiKey")),
);

const fn api_service(
    id: &'static str,
    display_name: &'static str,
    category: Category,
    fields: &'static [Field],
    probe: Probe,
) -> Service {
    Service {
        id,
        display_name,
        category,
        table: ServiceTable::ApiCredentials,
        fields,
        probe,
        webhook_key: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::field::FieldKind;

    #[test]
    fn the_catalog_has_the_twelve_services_once_each() {
        let ids: HashSet<_> = SERVICES.iter().map(|service| service.id).collect();
        assert_eq!((SERVICES.len(), ids.len()), (12, 12));
        assert_eq!(Service::all_api().count(), 9);
    }

    #[test]
    fn every_field_has_a_column() {
        for service in SERVICES {
            for field in service.fields {
                let column = field.name.split('.').next().unwrap();
                assert!(service.table.table().input_column(column).is_some(), "{field:?}");
            }
        }
    }

    #[test]
    fn examples_fit_their_own_rules() {
        for field in SERVICES.iter().flat_map(|service| service.fields) {
            let whole = field.placeholder.ends_with("...") || field.placeholder.is_empty();
            if field.kind != FieldKind::Boolean && !whole {
                assert!(field.check(field.placeholder).is_ok(), "{field:?}");
            }
        }
    }
}
