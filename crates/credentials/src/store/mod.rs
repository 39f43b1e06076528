mod clients;
mod operations;
mod save;
mod verify;

use std::sync::Arc;

use cgk_crypto::{KeyDerivation, MasterKey, Sealer, SecretString, v1};
use futures_util::future::{join_all, try_join, try_join_all};
use serde::de::DeserializeOwned;

use crate::catalog::{Service, ServiceRef, ServiceTable, Table};
use crate::database::{Database, DatabaseError, Statement};
use crate::json::decode_row;
use crate::output::{Answer, ApiKeyAndSecret, IntegrationStatus, StatusRow, render};
use crate::sql::{self, RowKey};
use crate::{CredentialError, Problem, SERVICES, SchemaMismatch, TenantId};

pub use operations::Argument;

type Result<T> = std::result::Result<T, CredentialError>;

/// The storage functions (compatibility.md, section 6) over one database and one master key.
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
    sealer: Arc<Sealer<D>>,
    master: Option<Arc<MasterKey>>,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Without a master key, whatever needs one gives [`CredentialError::KeyMissing`].
    pub fn new(database: Db, sealer: Arc<Sealer<D>>, master: Option<Arc<MasterKey>>) -> Self {
        Self { database, sealer, master }
    }

    /// The database that statements run on.
    pub fn database(&self) -> &Db {
        &self.database
    }

    /// The stored configuration of a service; null if there is none.
    pub(crate) async fn config(&self, tenant: &str, service: &ServiceRef) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, service);
        match self.first_row(key, sql::find(key)).await? {
            Some(row) => Ok(Answer::Json(render(service.table.table(), &row)?)),
            None => Ok(Answer::Null),
        }
    }

    /// Disconnects a service; tells whether there was a credential, connected or not.
    pub(crate) async fn delete(&self, tenant: &str, service: &ServiceRef) -> Result<bool> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, service);
        Ok(self.first_row(key, sql::deactivate(key)).await?.is_some())
    }

    /// The decrypted secret of an input field.
    pub(crate) async fn secret(
        &self,
        tenant: &str,
        service: &ServiceRef,
        field: &str,
    ) -> Result<Option<SecretString>> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, service);
        let column = key.table.input_column(field).filter(|column| column.is_secret());
        let column = column.ok_or_else(|| CredentialError::input("The field is no secret"))?;
        let statement = sql::find_inputs(key, &[field]);
        let row = self.row::<[Option<String>; 1]>(key, statement).await?;
        self.open(column.field(), row.and_then(|[token]| token)).await
    }

    /// All API credentials of the tenant, ordered by service.
    ///
    /// A row that has lost its shape is left out, so that it can not hide the others.
    pub(crate) async fn all_api_credentials(&self, tenant: &str) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        let table = ServiceTable::ApiCredentials.table();
        let rows = self.run(&tenant, table, sql::list_api_credentials(&tenant)).await?;
        let credentials: Vec<_> = rows.iter().filter_map(|row| render(table, row).ok()).collect();
        Ok(Answer::Json(format!("[{}]", credentials.join(","))))
    }

    /// The decrypted API key of a service and its secret, where it has one.
    pub(crate) async fn api_key_and_secret(
        &self,
        tenant: &str,
        service: &ServiceRef,
    ) -> Result<Option<ApiKeyAndSecret>> {
        let tenant = TenantId::parse(tenant)?;
        let key = RowKey::new(&tenant, service);
        let statement = sql::find_inputs(key, &["apiKey", "apiSecret"]);
        let Some([key, secret]) = self.row::<[Option<String>; 2]>(key, statement).await? else {
            return Ok(None);
        };
        let (key, secret) = (self.open("apiKey", key), self.open("apiSecret", secret));
        let (api_key, api_secret) = try_join(key, secret).await?;
        Ok(api_key.map(|api_key| ApiKeyAndSecret { api_key, api_secret }))
    }

    // All services

    /// The decrypted secret that a service signs its webhooks with.
    pub(crate) async fn webhook_secret(
        &self,
        tenant: &str,
        service: &str,
    ) -> Result<Option<SecretString>> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::signing(service)?);
        let signing_key = service.webhook_key.unwrap_or("webhookSecret");
        let key_field = service.table.table().key_field().unwrap_or("apiKey");
        let fields = ["webhookSecret", key_field, signing_key];
        let service_ref = service.into();
        let key = RowKey::new(&tenant, &service_ref);
        let row = self.row::<[Option<String>; 3]>(key, sql::find_inputs(key, &fields)).await?;
        let Some([secret, api_key, other]) = row else { return Ok(None) };
        if secret.is_some() || service.webhook_key.is_none() {
            return self.open("webhookSecret", secret).await;
        }
        // Keys of another kind sign nothing.
        match (self.open(key_field, api_key).await?, &service.probe.other_key) {
            (Some(key), Some(kind)) if key.expose().starts_with(kind.prefix) => Ok(None),
            _ => self.open(signing_key, other).await,
        }
    }

    /// The status of every service of the catalog, in its order, and of others that are connected.
    ///
    /// A row that can not be read or decrypted is reported as such and hurts no other.
    pub(crate) async fn statuses(&self, tenant: &str) -> Result<Vec<IntegrationStatus>> {
        let tenant = TenantId::parse(tenant)?;
        let mut stored = Vec::new();
        for (table, answers) in self.status_answers(&tenant).await? {
            match answers {
                Ok(answers) => {
                    let rows = answers.iter().map(|answer| StatusRow::decode(answer));
                    let rows = rows.filter_map(Result::transpose).collect::<Result<Vec<_>>>()?;
                    stored.extend(join_all(rows.into_iter().map(|row| self.status(row))).await);
                }
                Err(error) => {
                    let services = SERVICES.iter().filter(|service| service.table == table);
                    stored.extend(services.map(|service| {
                        IntegrationStatus::not_connected(&service.into()).unusable(&error)
                    }));
                }
            }
        }
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
    pub(crate) async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, sql::create(&tenant)).await
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub(crate) async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, sql::migrate(&tenant)).await
    }

    /// The slugs of all tenants that have a schema.
    pub(crate) async fn tenants(&self) -> Result<Vec<String>> {
        let rows =
            self.database.query(sql::tenant_schemas()).await.map_err(CredentialError::Database)?;
        let tenants = rows.iter().filter_map(|schema| TenantId::from_schema(schema));
        Ok(tenants.map(|tenant| tenant.slug().to_owned()).collect())
    }

    // The steps that the above share

    async fn migrate(&self, tenant: &TenantId, migration: Statement) -> Result<()> {
        match self.database.query(migration).await {
            Ok(_) => Ok(()),
            // Something else has a table's name: migrating again would not help.
            Err(DatabaseError::ColumnMissing) => {
                Err(CredentialError::Database(DatabaseError::Refused("42703".to_owned())))
            }
            Err(DatabaseError::SchemaMissing) => {
                Err(CredentialError::SchemaNotFound(tenant.clone()))
            }
            Err(error) => Err(CredentialError::Database(error)),
        }
    }

    /// What each table answers, in one round trip; one by one where one of them is not as it should
    /// be, so that it hurts its own services only.
    async fn status_answers(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<(ServiceTable, Result<Vec<String>>)>> {
        let all = sql::statuses(tenant, &ServiceTable::ALL);
        match self.database.query(all).await {
            Ok(answers) => return Ok(vec![(ServiceTable::ApiCredentials, Ok(answers))]),
            Err(DatabaseError::ColumnMissing | DatabaseError::SchemaMissing) => {}
            Err(error) => return Err(of_tenant(tenant, error)),
        }
        let mut answers = Vec::new();
        for table in ServiceTable::ALL {
            let statement = sql::statuses(tenant, &[table]);
            answers.push((table, self.run(tenant, table.table(), statement).await));
        }
        let is_missing =
            |answer: &Result<_>| matches!(answer, Err(CredentialError::TenantNotFound(_)));
        if answers.iter().all(|(_, answer)| is_missing(answer)) {
            return Err(CredentialError::TenantNotFound(tenant.clone()));
        }
        Ok(answers)
    }

    async fn status(&self, StatusRow { service, content }: StatusRow) -> IntegrationStatus {
        let content = match content {
            Ok(content) => content,
            Err(error) => return IntegrationStatus::not_connected(&service).unusable(&error),
        };
        let columns = service.table.table().columns.iter().filter(|column| column.is_secret());
        let secrets = columns.zip(content.secrets.iter().cloned());
        let opened =
            try_join_all(secrets.map(|(column, token)| self.open(column.field(), token))).await;
        let status = IntegrationStatus::connected(&service, content);
        match opened {
            Ok(_) => status,
            Err(error) => status.unusable(&error),
        }
    }

    /// Opens the stored token of an input field; an empty one is none.
    async fn open(
        &self,
        field: &'static str,
        token: Option<String>,
    ) -> Result<Option<SecretString>> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        let master = self.master()?;
        let opened = async { self.sealer.open_v1(master, &v1::SealedText::parse(&token)?).await };
        match opened.await {
            Ok(secret) => Ok(Some(secret)),
            Err(error) => {
                Err(CredentialError::Secret(Problem::of(field, error.to_string()), error))
            }
        }
    }

    fn master(&self) -> Result<Arc<MasterKey>> {
        self.master.clone().ok_or(CredentialError::KeyMissing)
    }

    async fn row<T: DeserializeOwned>(
        &self,
        key: RowKey<'_>,
        statement: Statement,
    ) -> Result<Option<T>> {
        let row = self.first_row(key, statement).await?;
        row.map(|row| decode_row(&row)).transpose()
    }

    async fn first_row(&self, key: RowKey<'_>, statement: Statement) -> Result<Option<String>> {
        Ok(self.run(key.tenant, key.table, statement).await?.into_iter().next())
    }

    async fn run(
        &self,
        tenant: &TenantId,
        table: &'static Table,
        statement: Statement,
    ) -> Result<Vec<String>> {
        match self.database.query(statement).await {
            Ok(rows) => Ok(rows),
            Err(DatabaseError::ColumnMissing) => Err(self.mismatch(tenant, table).await),
            Err(error) => Err(of_tenant(tenant, error)),
        }
    }

    /// Finds out what a table lacks.
    async fn mismatch(&self, tenant: &TenantId, table: &'static Table) -> CredentialError {
        match self.database.query(sql::missing_columns(tenant, table)).await {
            Ok(columns) => {
                let is_added = |name: &String| {
                    table.columns.iter().any(|column| column.name == name && column.is_added)
                };
                CredentialError::SchemaMismatch(SchemaMismatch {
                    tenant: tenant.clone(),
                    table: table.name,
                    migration_helps: columns.iter().all(is_added),
                    columns,
                })
            }
            Err(error) => of_tenant(tenant, error),
        }
    }
}

fn of_tenant(tenant: &TenantId, error: DatabaseError) -> CredentialError {
    match error {
        DatabaseError::SchemaMissing => CredentialError::TenantNotFound(tenant.clone()),
        error => CredentialError::Database(error),
    }
}
