mod clients;
mod saving;
mod verifying;

use std::sync::Arc;

use cgk_vault::{KeyDeriver, MasterKey, SecretString, Token, Vault};
use futures_util::future::{join_all, try_join, try_join_all};
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::database::{Database, DatabaseError, Statement};
use crate::json::decode_row;
use crate::row;
use crate::service::{Service, ServiceRef, ServiceTable};
use crate::statement::{self, RowKey};
use crate::status::{IntegrationStatus, StatusRow};
use crate::{ApiKeyAndSecret, CredentialError, SERVICES, TenantId, migration};

pub use verifying::{prepare_input_verification, read_verification};

type Result<T> = std::result::Result<T, CredentialError>;

/// The storage functions of the contract (section 6) over one database and one master key.
///
/// Holds no tenant: every call brings its own. Every method is one round trip, but for saves, which
/// read the row first.
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

    /// The stored configuration of a service; null if there is none.
    pub async fn config(&self, tenant: &str, service: &ServiceRef) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        let statement = statement::find(RowKey::new(&tenant, service));
        match self.first_row(&tenant, statement).await? {
            Some(row) => Ok(Answer::Json(row::render(service.table.table(), &row)?)),
            None => Ok(Answer::Null),
        }
    }

    /// Disconnects a service; tells whether there was a credential, connected or not.
    pub async fn delete(&self, tenant: &str, service: &ServiceRef) -> Result<bool> {
        let tenant = TenantId::parse(tenant)?;
        let rows = self.run(&tenant, statement::deactivate(RowKey::new(&tenant, service))).await?;
        Ok(!rows.is_empty())
    }

    /// The decrypted secret of an input field.
    pub async fn secret(
        &self,
        tenant: &str,
        service: &ServiceRef,
        field: &'static str,
    ) -> Result<Option<SecretString>> {
        let tenant = TenantId::parse(tenant)?;
        let statement = statement::find_inputs(RowKey::new(&tenant, service), &[field]);
        let row = self.row::<[Option<String>; 1]>(&tenant, statement).await?;
        self.open(row.and_then(|[token]| token)).await
    }

    /// All API credentials of the tenant, ordered by service.
    ///
    /// A row that has lost its shape is left out, so that it can not hide the others.
    pub async fn all_api_credentials(&self, tenant: &str) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        let rows = self.run(&tenant, statement::list_api_credentials(&tenant)).await?;
        let table = ServiceTable::ApiCredentials.table();
        let credentials: Vec<_> =
            rows.iter().filter_map(|row| row::render(table, row).ok()).collect();
        Ok(Answer::Json(format!("[{}]", credentials.join(","))))
    }

    /// The decrypted API key of a service and its secret, where it has one.
    pub async fn api_key_and_secret(
        &self,
        tenant: &str,
        service: &ServiceRef,
    ) -> Result<Option<ApiKeyAndSecret>> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, service);
        let statement = statement::find_inputs(key, &["apiKey", "apiSecret"]);
        let Some([key, secret]) = self.row::<[Option<String>; 2]>(&tenant, statement).await? else {
            return Ok(None);
        };
        let (api_key, api_secret) = try_join(self.open(key), self.open(secret)).await?;
        Ok(api_key.map(|api_key| ApiKeyAndSecret { api_key, api_secret }))
    }

    // All services

    /// The decrypted secret that a service signs its webhooks with.
    pub async fn webhook_secret(
        &self,
        tenant: &str,
        service: &str,
    ) -> Result<Option<SecretString>> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::signing(service)?);
        let fields = match service.webhook_key {
            Some(field) => ["webhookSecret", "apiKey", field],
            None => ["webhookSecret"; 3],
        };
        let statement = statement::find_inputs(RowKey::new(&tenant, &service.into()), &fields);
        let row = self.row::<[Option<String>; 3]>(&tenant, statement).await?;
        let Some([secret, key, signing_key]) = row else { return Ok(None) };
        if secret.is_some() || service.webhook_key.is_none() {
            return self.open(secret).await;
        }
        // Keys of another kind sign nothing.
        match (self.open(key).await?, &service.probe.other_key) {
            (Some(key), Some(other)) if key.expose().starts_with(other.prefix) => Ok(None),
            _ => self.open(signing_key).await,
        }
    }

    /// The status of every service of the catalog, in its order, and of others that are connected.
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
        let mut stored = join_all(rows.into_iter().map(|row| self.status(row))).await;
        let mut statuses: Vec<_> = SERVICES
            .iter()
            .map(|service| {
                let found = stored.iter().position(|status| status.service == service.id);
                match found {
                    Some(position) => stored.remove(position),
                    None => IntegrationStatus::not_connected(&service.into()),
                }
            })
            .collect();
        statuses.extend(stored);
        Ok(statuses)
    }

    // Tenants

    /// Makes the tenant's schema and tables, unless they exist.
    pub async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, migration::create(&tenant)).await
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, migration::migrate(&tenant)).await
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

    async fn migrate(&self, tenant: &TenantId, migration: Statement) -> Result<()> {
        match self.run(tenant, migration).await {
            // Something else has a table's name: migrating again would not help.
            Err(CredentialError::Database(DatabaseError::ColumnMissing)) => {
                Err(CredentialError::Database(DatabaseError::Refused("42703".to_owned())))
            }
            result => result.map(drop),
        }
    }

    async fn status(&self, StatusRow { service, content }: StatusRow) -> IntegrationStatus {
        let content = match content {
            Ok(content) => content,
            Err(error) => return IntegrationStatus::not_connected(&service).unusable(&error),
        };
        let tokens = content.secrets.iter().cloned();
        let opened = try_join_all(tokens.map(|token| self.open(token))).await;
        let status = IntegrationStatus::connected(&service, content);
        match opened {
            Ok(_) => status,
            Err(error) => status.unusable(&error),
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
