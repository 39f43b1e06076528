//! The storage functions: the only place that does anything.

mod clients;
mod events;
mod keys;
mod moving;
mod operations;
mod read;
mod rotate;
mod save;
mod seal;
mod tenants;
mod verify;

use std::sync::Arc;

use cgk_crypto::{KeyDerivation, Sealer};
use serde::de::DeserializeOwned;

use crate::catalog::{FAILING_SINCE, ServiceTable, Table};
use crate::database::{Database, DatabaseError, Retry, Statement};
use crate::error::{CredentialError, SchemaMismatch};
use crate::json::decode_row;
use crate::key::CredentialKey;
use crate::sql;
use crate::tenant::{Layout, TenantId};

pub use keys::{KeyOptions, Keys};
pub use operations::Argument;

/// The SQLSTATE of a row of a tenant that the tables which tenants share do not know.
const FOREIGN_KEY_VIOLATION: &str = "23503";

type Result<T> = std::result::Result<T, CredentialError>;

/// The storage functions of compatibility.md (section 6) over one database and the keys of one configuration.
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
    keys: Keys,
    layout: Layout,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Without a usable key, whatever needs one gives [`CredentialError::KeyMissing`].
    pub fn new(database: Db, sealer: Arc<Sealer<D>>, keys: Keys, layout: Layout) -> Self {
        Self { database, sealer, keys, layout }
    }

    /// The database that statements run on.
    pub fn database(&self) -> &Db {
        &self.database
    }

    /// A tenant, whose tables are where the configuration says.
    fn tenant(&self, slug: &str) -> Result<TenantId> {
        Ok(TenantId::parse_in(slug, &self.layout)?)
    }

    /// Runs a statement about a tenant.
    ///
    /// Tables that tenants share say nothing of one that they do not know: reads are made to say it, and a
    /// change of nothing asks.
    async fn ask(
        &self,
        tenant: &TenantId,
        statement: Statement,
    ) -> std::result::Result<Vec<String>, DatabaseError> {
        let is_write = statement.retry() == Retry::Never;
        let answer = self.database.query(statement.run_for(tenant)).await;
        if !tenant.layout().is_shared() {
            return answer;
        }
        match answer {
            Ok(rows) if rows.last().is_some_and(|row| row == sql::NO_TENANT) => {
                Err(DatabaseError::TenantMissing)
            }
            Ok(rows) if is_write && rows.is_empty() && !self.is_registered(tenant).await? => {
                Err(DatabaseError::TenantMissing)
            }
            Err(DatabaseError::Refused(state)) if state == FOREIGN_KEY_VIOLATION => {
                Err(DatabaseError::TenantMissing)
            }
            answer => answer,
        }
    }

    /// Whether the tables that tenants share know a tenant.
    async fn is_registered(&self, tenant: &TenantId) -> std::result::Result<bool, DatabaseError> {
        let statement = sql::is_registered(tenant).run_for(tenant);
        Ok(!self.database.query(statement).await?.is_empty())
    }

    async fn row<T: DeserializeOwned>(
        &self,
        key: &CredentialKey,
        statement: Statement,
    ) -> Result<Option<T>> {
        let row = self.first_row(key, statement).await?;
        row.map(|row| decode_row(&row)).transpose()
    }

    async fn first_row(&self, key: &CredentialKey, statement: Statement) -> Result<Option<String>> {
        Ok(self.run(key.tenant(), key.table(), statement).await?.into_iter().next())
    }

    /// The first row of a statement that is made with the columns that were added, or again without
    /// them where the schema lacks some.
    async fn first_row_in_any_schema(
        &self,
        key: &CredentialKey,
        statement: impl Fn(bool) -> Statement,
    ) -> Result<Option<String>> {
        match self.first_row(key, statement(false)).await {
            Err(CredentialError::SchemaMismatch(SchemaMismatch {
                migration_helps: true, ..
            })) => self.first_row(key, statement(true)).await,
            row => row,
        }
    }

    async fn run(
        &self,
        tenant: &TenantId,
        table: &'static Table,
        statement: Statement,
    ) -> Result<Vec<String>> {
        let writes_event = sql::writes_event(&statement);
        match self.ask(tenant, statement).await {
            Ok(rows) => Ok(rows),
            Err(DatabaseError::ColumnMissing) => Err(self.mismatch(tenant, table).await),
            Err(DatabaseError::SchemaMissing) if writes_event => {
                Err(self.missing_tables(tenant).await)
            }
            Err(error) => Err(of_tenant(tenant, error)),
        }
    }

    /// Finds out whether a schema lacks the table of events or those of credentials.
    async fn missing_tables(&self, tenant: &TenantId) -> CredentialError {
        let table = ServiceTable::ApiCredentials.table();
        match self.database.query(sql::missing_columns(tenant, table).run_for(tenant)).await {
            Ok(columns) if columns.iter().any(|column| column == "tenant_id") => {
                CredentialError::TenantNotFound(tenant.clone())
            }
            Ok(_) => CredentialError::EventsMissing(tenant.clone()),
            Err(error) => of_tenant(tenant, error),
        }
    }

    /// Finds out what a table lacks.
    async fn mismatch(&self, tenant: &TenantId, table: &'static Table) -> CredentialError {
        match self.database.query(sql::missing_columns(tenant, table).run_for(tenant)).await {
            Ok(columns) => {
                let is_added = |name: &String| {
                    let mut columns = table.columns.iter();
                    name == FAILING_SINCE
                        || columns.any(|column| column.name == name && column.is_added)
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
        DatabaseError::SchemaMissing | DatabaseError::TenantMissing => {
            CredentialError::TenantNotFound(tenant.clone())
        }
        error => CredentialError::Database(error),
    }
}
