use crate::CredentialError;
use crate::catalog::{Service, ServiceRef, ServiceTable, Table};
use crate::tenant::TenantId;

/// One credential of one tenant: no statement about a credential can be made without.
#[derive(Debug, Clone)]
pub struct CredentialKey {
    tenant: TenantId,
    service: ServiceRef,
}

impl CredentialKey {
    /// Any service, also one that the catalog does not know.
    pub fn parse(tenant: TenantId, service: &str) -> Result<Self, CredentialError> {
        Ok(Self { tenant, service: ServiceRef::parse(service)? })
    }

    /// A service of `tenant_api_credentials`; Stripe, Resend and Wise have functions of their own.
    pub fn parse_api(tenant: TenantId, service: &str) -> Result<Self, CredentialError> {
        Ok(Self { tenant, service: ServiceRef::api(service)? })
    }

    /// A service of the catalog.
    pub fn parse_known(tenant: TenantId, service: &str) -> Result<Self, CredentialError> {
        Ok(Self { tenant, service: Service::find(service)?.into() })
    }

    /// A service that signs its webhooks.
    pub fn parse_signing(tenant: TenantId, service: &str) -> Result<Self, CredentialError> {
        Ok(Self { tenant, service: Service::signing(service)?.into() })
    }

    pub(crate) fn of(tenant: TenantId, service: ServiceRef) -> Self {
        Self { tenant, service }
    }

    pub(crate) fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    pub(crate) fn service(&self) -> &ServiceRef {
        &self.service
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.service.table.table()
    }

    /// The value of `service_name` in the table that has one row for each service.
    pub(crate) fn service_name(&self) -> Option<&str> {
        (self.service.table == ServiceTable::ApiCredentials).then(|| self.service.id())
    }
}
