//! The schemas of tenants, and their keys.

use cgk_crypto::{KeyDerivation, SecretString};

use super::{Result, Store};
use crate::database::{Database, DatabaseError, Statement};
use crate::error::CredentialError;
use crate::sql;
use crate::tenant::TenantId;

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Makes the tenant's schema and tables, unless they exist; where tenants share their tables, makes the tenant
    /// known to them.
    pub(super) async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = self.tenant(tenant)?;
        self.require_layout(&tenant).await?;
        if !self.layout.is_shared() {
            return self.migrate(&tenant, sql::create(&tenant)).await;
        }
        match self.database.query(sql::register(&tenant).run_for(&tenant)).await {
            Err(DatabaseError::SchemaMissing) => {
                self.migrate_shared().await?;
                self.migrate(&tenant, sql::register(&tenant)).await
            }
            answer => answer.map(drop).map_err(CredentialError::Database),
        }
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub(super) async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = self.tenant(tenant)?;
        self.require_layout(&tenant).await?;
        if !self.layout.is_shared() {
            return self.migrate(&tenant, sql::migrate(&tenant)).await;
        }
        self.migrate_shared().await?;
        match self.is_registered(&tenant).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(CredentialError::SchemaNotFound(tenant)),
            Err(error) => Err(CredentialError::Database(error)),
        }
    }

    /// Makes the schema and the tables that tenants share, unless that was done.
    pub(super) async fn migrate_shared(&self) -> Result<()> {
        let lacking = self.database.query(sql::shared_to_migrate(&self.layout)).await;
        if lacking.map_err(CredentialError::Database)?.is_empty() {
            return Ok(());
        }
        let migration = sql::migrate_shared(&self.layout);
        self.database.query(migration).await.map(drop).map_err(CredentialError::Database)
    }

    /// The slugs of all tenants that have a schema, or that the tables know which tenants share.
    pub(super) async fn tenants(&self) -> Result<Vec<String>> {
        if self.layout.is_shared() {
            return self.registered(sql::registered_tenants(&self.layout)).await;
        }
        self.slugs(sql::tenant_schemas()).await
    }

    /// The slugs of the tenants whose schema lacks what a migration makes.
    pub(super) async fn tenants_to_migrate(&self) -> Result<Vec<String>> {
        if self.layout.is_shared() {
            return self.registered(sql::registered_to_migrate(&self.layout)).await;
        }
        self.slugs(sql::tenants_to_migrate()).await
    }

    /// The slugs that a statement finds; none where there is no schema that tenants share.
    async fn registered(&self, slugs: Statement) -> Result<Vec<String>> {
        match self.database.query(slugs).await {
            Err(DatabaseError::SchemaMissing) => Ok(Vec::new()),
            slugs => slugs.map_err(CredentialError::Database),
        }
    }

    /// Refuses a tenant that has its tables in the other layout: what is made here would hide them.
    async fn require_layout(&self, tenant: &TenantId) -> Result<()> {
        let is_elsewhere = if self.layout.is_shared() {
            let own = self.database.query(sql::own_tables(tenant).run_for(tenant)).await;
            own.map(|tables| !tables.is_empty())
        } else {
            match self.database.query(sql::has_shared(&self.layout).run_for(tenant)).await {
                Ok(shared) if !shared.is_empty() => self.is_registered(tenant).await,
                answer => answer.map(|_| false),
            }
        };
        match is_elsewhere {
            Ok(true) => Err(CredentialError::OtherLayout(tenant.clone())),
            // There is no such schema, or it is not this role's.
            Ok(false) | Err(DatabaseError::SchemaMissing | DatabaseError::PermissionDenied) => {
                Ok(())
            }
            Err(error) => Err(CredentialError::Database(error)),
        }
    }

    /// The columns and tables that migrations add and the tenant's schema lacks.
    pub(super) async fn unmigrated(&self, tenant: &str) -> Result<Vec<String>> {
        let statement = sql::unmigrated(&self.tenant(tenant)?);
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
        let tenant = self.tenant(tenant)?;
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
