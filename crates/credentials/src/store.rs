mod clients;
mod saving;
mod verifying;

use std::sync::Arc;

use cgk_vault::{KeyDeriver, MasterKey, SecretString, Token, Vault};
use futures_util::future::{join_all, try_join, try_join_all};
use serde::de::DeserializeOwned;

use crate::config::decode_row;
use crate::database::{Database, DatabaseError, Statement};
use crate::input::{Fields, Verification, take_service_name};
use crate::service::Service;
use crate::statement::{self, RowKey};
use crate::status::{IntegrationStatus, StatusContent, StatusRow};
use crate::{
    ApiCredential, ApiKeyAndSecret, CredentialError, ResendConfig, SERVICES, StripeConfig,
    TenantId, WiseConfig, migration,
};

pub use verifying::{prepare_input_verification, read_verification};

type Result<T> = std::result::Result<T, CredentialError>;

/// The storage functions of the contract (section 6) over one database and one master key.
///
/// Holds no tenant: every call brings its own. Every method is one round trip, but for saves, which
/// read the row first: [`Store::save_stripe_config`] and its like.
///
/// ## Cancellation safety
/// Dropping the future of a read is harmless. Dropping that of a write leaves open whether it took
/// effect; it took effect wholly or not at all.
#[derive(Debug)]
pub struct Store<Db, D> {
    database: Db,
    vault: Arc<Vault<D>>,
    master: Option<Arc<MasterKey>>,
}

impl<Db: Database, D: KeyDeriver> Store<Db, D> {
    /// Without a master key, whatever needs one gives [`CredentialError::KeyMissing`].
    pub fn new(database: Db, vault: Arc<Vault<D>>, master: Option<Arc<MasterKey>>) -> Self {
        Self { database, vault, master }
    }

    /// The database that statements run on.
    pub fn database(&self) -> &Db {
        &self.database
    }

    // Stripe

    /// The tenant's Stripe configuration.
    pub async fn stripe_config(&self, tenant: &str) -> Result<Option<StripeConfig>> {
        self.config(tenant, Service::find("stripe")?).await
    }

    /// Saves the tenant's Stripe configuration; fields left out keep their value.
    pub async fn save_stripe_config(&self, tenant: &str, input: Fields) -> Result<StripeConfig> {
        self.save(tenant, Service::find("stripe")?, input).await
    }

    /// Disconnects Stripe; tells whether it was connected.
    pub async fn delete_stripe_config(&self, tenant: &str) -> Result<bool> {
        self.delete(tenant, Service::find("stripe")?).await
    }

    /// The decrypted Stripe secret key.
    pub async fn stripe_secret_key(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("stripe")?, "secretKey").await
    }

    /// The decrypted Stripe webhook signing secret.
    pub async fn stripe_webhook_secret(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("stripe")?, "webhookSecret").await
    }

    /// Records what a verification of the Stripe key found.
    pub async fn update_stripe_verification(
        &self,
        tenant: &str,
        verification: Verification,
    ) -> Result<()> {
        self.update_verification(tenant, Service::find("stripe")?, verification).await
    }

    // Resend

    /// The tenant's Resend configuration.
    pub async fn resend_config(&self, tenant: &str) -> Result<Option<ResendConfig>> {
        self.config(tenant, Service::find("resend")?).await
    }

    /// Saves the tenant's Resend configuration; fields left out keep their value.
    pub async fn save_resend_config(&self, tenant: &str, input: Fields) -> Result<ResendConfig> {
        self.save(tenant, Service::find("resend")?, input).await
    }

    /// Disconnects Resend; tells whether it was connected.
    pub async fn delete_resend_config(&self, tenant: &str) -> Result<bool> {
        self.delete(tenant, Service::find("resend")?).await
    }

    /// The decrypted Resend API key.
    pub async fn resend_api_key(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("resend")?, "apiKey").await
    }

    /// Records what a verification of the Resend key found.
    pub async fn update_resend_verification(
        &self,
        tenant: &str,
        verification: Verification,
    ) -> Result<()> {
        self.update_verification(tenant, Service::find("resend")?, verification).await
    }

    // Wise

    /// The tenant's Wise configuration.
    pub async fn wise_config(&self, tenant: &str) -> Result<Option<WiseConfig>> {
        self.config(tenant, Service::find("wise")?).await
    }

    /// Saves the tenant's Wise configuration; fields left out keep their value.
    pub async fn save_wise_config(&self, tenant: &str, input: Fields) -> Result<WiseConfig> {
        self.save(tenant, Service::find("wise")?, input).await
    }

    /// Disconnects Wise; tells whether it was connected.
    pub async fn delete_wise_config(&self, tenant: &str) -> Result<bool> {
        self.delete(tenant, Service::find("wise")?).await
    }

    /// The decrypted Wise API token.
    pub async fn wise_api_key(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("wise")?, "apiKey").await
    }

    /// The decrypted Wise webhook secret.
    pub async fn wise_webhook_secret(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("wise")?, "webhookSecret").await
    }

    /// Records what a verification of the Wise token found.
    pub async fn update_wise_verification(
        &self,
        tenant: &str,
        verification: Verification,
    ) -> Result<()> {
        self.update_verification(tenant, Service::find("wise")?, verification).await
    }

    // The services without a table of their own

    /// One API credential of the tenant.
    pub async fn api_credential(
        &self,
        tenant: &str,
        service: &str,
    ) -> Result<Option<ApiCredential>> {
        self.config(tenant, Service::api(service)?).await
    }

    /// All API credentials of the tenant, ordered by service.
    ///
    /// A row that has lost its shape is left out, so that it can not hide the others.
    pub async fn all_api_credentials(&self, tenant: &str) -> Result<Vec<ApiCredential>> {
        let tenant = TenantId::parse(tenant)?;
        let rows = self.run(&tenant, statement::list_api_credentials(&tenant)).await?;
        Ok(rows.iter().filter_map(|row| decode_row(row).ok()).collect())
    }

    /// Saves an API credential; fields left out keep their value.
    pub async fn save_api_credential(
        &self,
        tenant: &str,
        mut input: Fields,
    ) -> Result<ApiCredential> {
        let service = Service::api(take_service_name(&mut input)?.expose())?;
        self.save(tenant, service, input).await
    }

    /// Disconnects a service; tells whether it was connected.
    pub async fn delete_api_credential(&self, tenant: &str, service: &str) -> Result<bool> {
        self.delete(tenant, Service::api(service)?).await
    }

    /// The decrypted API key of a service.
    pub async fn api_key(&self, tenant: &str, service: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::api(service)?, "apiKey").await
    }

    /// The decrypted Mux webhook signing secret.
    pub async fn mux_webhook_secret(&self, tenant: &str) -> Result<Option<SecretString>> {
        self.secret(tenant, Service::find("mux")?, "webhookSecret").await
    }

    /// The decrypted API key of a service and its secret, where it has one.
    pub async fn api_key_and_secret(
        &self,
        tenant: &str,
        service: &str,
    ) -> Result<Option<ApiKeyAndSecret>> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, Service::api(service)?);
        let statement = statement::find_inputs(key, &["apiKey", "apiSecret"]);
        let Some([key, secret]) = self.row::<[Option<String>; 2]>(&tenant, statement).await? else {
            return Ok(None);
        };
        let (api_key, api_secret) = try_join(self.open(key), self.open(secret)).await?;
        Ok(api_key.map(|api_key| ApiKeyAndSecret { api_key, api_secret }))
    }

    /// Records what a verification of an API credential found.
    pub async fn update_api_credential_verification(
        &self,
        tenant: &str,
        service: &str,
        verification: Verification,
    ) -> Result<()> {
        self.update_verification(tenant, Service::api(service)?, verification).await
    }

    // All services

    /// The status of every service, in the order of the catalog.
    ///
    /// A row that can not be read or decrypted is reported as such and hurts no other.
    pub async fn statuses(&self, tenant: &str) -> Result<Vec<IntegrationStatus>> {
        let tenant = TenantId::parse(tenant)?;
        let answers = self.run(&tenant, statement::statuses(&tenant)).await?;
        let rows: Vec<_> = answers
            .iter()
            .map(|answer| StatusRow::decode(answer))
            .filter_map(Result::transpose)
            .collect::<Result<_>>()?;
        let stored = join_all(rows.into_iter().map(|row| self.status(row))).await;
        Ok(SERVICES
            .iter()
            .map(|service| {
                stored
                    .iter()
                    .find(|status| status.service == service.id)
                    .cloned()
                    .unwrap_or_else(|| IntegrationStatus::not_connected(service))
            })
            .collect())
    }

    // Tenants

    /// Makes the tenant's schema and tables, unless they exist.
    pub async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.run(&tenant, migration::create(&tenant)).await.map(drop)
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.run(&tenant, migration::migrate(&tenant)).await.map(drop)
    }

    /// The slugs of all tenants that have a schema.
    pub async fn tenants(&self) -> Result<Vec<String>> {
        let rows = self
            .database
            .query(statement::tenant_schemas())
            .await
            .map_err(CredentialError::Database)?;
        let tenants = rows.iter().filter_map(|schema| TenantId::from_schema(schema));
        Ok(tenants.map(|tenant| tenant.slug().to_owned()).collect())
    }

    // The steps that the above share

    async fn config<T: DeserializeOwned>(
        &self,
        tenant: &str,
        service: &'static Service,
    ) -> Result<Option<T>> {
        let tenant = TenantId::parse(tenant)?;
        self.row(&tenant, statement::find(RowKey::new(&tenant, service))).await
    }

    async fn delete(&self, tenant: &str, service: &'static Service) -> Result<bool> {
        let tenant = TenantId::parse(tenant)?;
        let rows = self.run(&tenant, statement::deactivate(RowKey::new(&tenant, service))).await?;
        Ok(!rows.is_empty())
    }

    async fn secret(
        &self,
        tenant: &str,
        service: &'static Service,
        field: &str,
    ) -> Result<Option<SecretString>> {
        let tenant = TenantId::parse(tenant)?;
        let statement = statement::find_inputs(RowKey::new(&tenant, service), &[field]);
        let row = self.row::<[Option<String>; 1]>(&tenant, statement).await?;
        self.open(row.and_then(|[token]| token)).await
    }

    async fn status(&self, row: StatusRow) -> IntegrationStatus {
        let opened = async {
            let content = row.content?;
            try_join_all(content.secrets.iter().cloned().map(|token| self.open(token))).await?;
            Ok::<StatusContent, CredentialError>(content)
        };
        match opened.await {
            Ok(content) => IntegrationStatus::connected(row.service, content),
            Err(error) => IntegrationStatus::unusable(row.service, &error),
        }
    }

    async fn open(&self, token: Option<String>) -> Result<Option<SecretString>> {
        let Some(token) = token else { return Ok(None) };
        let token = Token::parse(&token)?;
        Ok(Some(self.vault.open(self.master()?, token).await?))
    }

    fn master(&self) -> Result<Arc<MasterKey>> {
        self.master.clone().ok_or(CredentialError::KeyMissing)
    }

    async fn row<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        statement: Statement,
    ) -> Result<Option<T>> {
        let row = self.first_row(tenant, statement).await?;
        row.map(|row| decode_row(&row)).transpose()
    }

    async fn first_row(&self, tenant: &TenantId, statement: Statement) -> Result<Option<String>> {
        Ok(self.run(tenant, statement).await?.into_iter().next())
    }

    async fn run(&self, tenant: &TenantId, statement: Statement) -> Result<Vec<String>> {
        self.database.query(statement).await.map_err(|error| match error {
            DatabaseError::SchemaMissing => CredentialError::TenantNotFound(tenant.clone()),
            error => CredentialError::Database(error),
        })
    }
}
