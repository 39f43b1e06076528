//! The schemas of tenants, and their keys.

use cgk_crypto::{KeyDerivation, SecretString};
use serde_json::Value;

use super::{Result, Store};
use crate::database::{Database, DatabaseError, Statement};
use crate::error::CredentialError;
use crate::json::decode_row;
use crate::sql::{self, MigrationScript, ServerFacts};
use crate::tenant::TenantId;

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Makes the tenant's schema and tables, unless they exist; where tenants share their tables, makes the tenant
    /// known to them.
    pub(super) async fn create_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = self.tenant(tenant)?;
        if !self.layout.is_shared() {
            return self.migrate(&tenant, sql::create, sql::create_by_script).await;
        }
        let mut made = self.database.query(sql::register(&tenant).run_for(&tenant)).await;
        if let Err(DatabaseError::SchemaMissing) = made {
            self.migrate_shared().await?;
            made = self.database.query(sql::register(&tenant).run_for(&tenant)).await;
        }
        match made {
            Ok(rows) if rows.is_empty() => self.refuse_own_tables(&tenant).await,
            made => made.map(drop).map_err(CredentialError::Database),
        }
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    pub(super) async fn migrate_tenant(&self, tenant: &str) -> Result<()> {
        let tenant = self.tenant(tenant)?;
        if !self.layout.is_shared() {
            return self.migrate(&tenant, sql::migrate, sql::migrate_by_script).await;
        }
        self.refuse_own_tables(&tenant).await?;
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
        let (_, registered) = self.facts_and(sql::registered_tenants(&self.layout)).await?;
        self.slugs(sql::tenant_schemas(&registered)).await
    }

    /// The slugs of the tenants whose schema lacks what a migration makes, and of those that a move has left.
    pub(super) async fn tenants_to_migrate(&self) -> Result<Vec<String>> {
        if self.layout.is_shared() {
            return self.registered(sql::registered_to_migrate(&self.layout)).await;
        }
        let server = self.server_facts().await?;
        self.slugs(sql::tenants_to_migrate(server.distributes_schemas)).await
    }

    /// What is wrong with tenants whose slugs have commas in between, a problem an element; where they share their
    /// tables, with these, too, and without slugs with these alone.
    pub(super) async fn diagnose(&self, slugs: &str) -> Result<Vec<Value>> {
        for slug in slugs.split(',').filter(|_| !slugs.is_empty()) {
            self.tenant(slug)?;
        }
        let (server, registered) = self.facts_and(sql::registered_of(slugs, &self.layout)).await?;
        let statement = sql::diagnose(slugs, &registered, &self.layout, server);
        let rows = self.database.query(statement).await.map_err(CredentialError::Database)?;
        rows.iter().map(|row| decode_row(row)).collect()
    }

    async fn server_facts(&self) -> Result<ServerFacts> {
        let names = self.database.query(ServerFacts::statement(&self.layout)).await;
        Ok(ServerFacts::read(&names.map_err(CredentialError::Database)?))
    }

    /// What the server has, and the slugs that a statement about the tables finds which tenants share, if it has them.
    async fn facts_and(&self, registered: Statement) -> Result<(ServerFacts, Vec<String>)> {
        let server = self.server_facts().await?;
        let registered =
            if server.has_registry { self.registered(registered).await? } else { Vec::new() };
        Ok((server, registered))
    }

    /// The slugs that a statement finds; none where there is no schema that tenants share.
    pub(super) async fn registered(&self, slugs: Statement) -> Result<Vec<String>> {
        match self.database.query(slugs).await {
            Err(DatabaseError::SchemaMissing) => Ok(Vec::new()),
            slugs => slugs.map_err(CredentialError::Database),
        }
    }

    /// Refuses a tenant that has tables of its own: what is made elsewhere would hide them.
    async fn refuse_own_tables(&self, tenant: &TenantId) -> Result<()> {
        let tables = self.database.query(sql::own_tables(tenant).run_for(tenant)).await;
        match tables.map_err(CredentialError::Database)?.as_slice() {
            [] => Ok(()),
            _ => Err(CredentialError::OtherLayout(tenant.clone())),
        }
    }

    /// The columns and tables that migrations add and the tenant's schema lacks.
    pub(super) async fn unmigrated(&self, tenant: &str) -> Result<Vec<String>> {
        let statement = sql::unmigrated(&self.tenant(tenant)?);
        self.database.query(statement).await.map_err(CredentialError::Database)
    }

    /// The slugs of the schemas that a statement finds.
    pub(super) async fn slugs(&self, schemas: Statement) -> Result<Vec<String>> {
        let rows = self.database.query(schemas).await.map_err(CredentialError::Database)?;
        let tenants = rows.iter().filter_map(|schema| TenantId::from_schema(schema));
        Ok(tenants.map(|tenant| tenant.slug().to_owned()).collect())
    }

    /// The key of a tenant's v2 tokens: a worker that has it opens those and nothing else.
    pub(super) fn derive_tenant_key(&self, tenant: &str) -> Result<SecretString> {
        let tenant = self.tenant(tenant)?;
        Ok(self.keys.ring()?.derive_tenant_key(tenant.slug())?)
    }

    /// Migrates by statements of a transaction where the database has such, else by one statement.
    async fn migrate(
        &self,
        tenant: &TenantId,
        statement: impl Fn(&TenantId) -> Statement,
        script: impl Fn(&TenantId) -> MigrationScript,
    ) -> Result<()> {
        let migrated = if Db::HAS_TRANSACTIONS {
            let mut script = script(tenant);
            let next = move |answer| script.next(answer);
            self.database.transact(tenant, next).await.map_err(DatabaseError::of_write)
        } else {
            self.database.query(statement(tenant).run_for(tenant)).await.map(drop)
        };
        match migrated {
            Ok(()) => Ok(()),
            // Something else has a table's name: migrating again would not help.
            Err(DatabaseError::ColumnMissing) => {
                Err(CredentialError::Database(DatabaseError::Refused("42703".to_owned())))
            }
            Err(DatabaseError::Refused(state)) if state == sql::OTHER_LAYOUT => {
                Err(CredentialError::OtherLayout(tenant.clone()))
            }
            Err(DatabaseError::SchemaMissing) => {
                Err(CredentialError::SchemaNotFound(tenant.clone()))
            }
            Err(error) => Err(CredentialError::Database(error)),
        }
    }
}
