//! The schemas of tenants, and their keys.

use cgk_crypto::{KeyDerivation, SecretString};

use super::{Result, Store};
use crate::database::{Database, DatabaseError, Statement};
use crate::error::CredentialError;
use crate::sql;
use crate::tenant::TenantId;

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Makes the tenant's schema and tables, unless they exist.
    pub(super) async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, sql::create(&tenant)).await
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub(super) async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        self.migrate(&tenant, sql::migrate(&tenant)).await
    }

    /// The slugs of all tenants that have a schema.
    pub(super) async fn tenants(&self) -> Result<Vec<String>> {
        self.slugs(sql::tenant_schemas()).await
    }

    /// The slugs of the tenants whose schema lacks what a migration makes.
    pub(super) async fn tenants_to_migrate(&self) -> Result<Vec<String>> {
        self.slugs(sql::tenants_to_migrate()).await
    }

    /// The columns and tables that migrations add and the tenant's schema lacks.
    pub(super) async fn unmigrated(&self, tenant: &str) -> Result<Vec<String>> {
        let statement = sql::unmigrated(&TenantId::parse(tenant)?);
        self.database.query(statement).await.map_err(CredentialError::Database)
    }

    /// The slugs of the schemas that a statement finds.
    async fn slugs(&self, schemas: Statement) -> Result<Vec<String>> {
        let rows = self.database.query(schemas).await.map_err(CredentialError::Database)?;
        let tenants = rows.iter().filter_map(|schema| TenantId::from_schema(schema));
        Ok(tenants.map(|tenant| tenant.slug().to_owned()).collect())
    }

    /// The key of a tenant's v2 tokens: a worker that has it opens those and nothing else.
    pub(super) fn derive_tenant_key(&self, tenant: &str) -> Result<SecretString> {
        let tenant = TenantId::parse(tenant)?;
        Ok(self.keys.ring()?.derive_tenant_key(tenant.slug())?)
    }

    async fn migrate(&self, tenant: &TenantId, migration: Statement) -> Result<()> {
        match self.database.query(migration.run_for(tenant)).await {
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
}
