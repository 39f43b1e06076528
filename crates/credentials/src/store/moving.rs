//! Moving tenants from one layout to the other.

use cgk_crypto::KeyDerivation;

use super::{Result, Store};
use crate::database::{Database, DatabaseError};
use crate::error::{CredentialError, MoveRefusal};
use crate::sql;
use crate::tenant::{Layout, TenantId};

/// The SQLSTATE of a table that something else depends on.
const DEPENDENT_OBJECTS: &str = "2BP01";

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Moves a tenant's rows to the other tables; whether they were not there already.
    pub(super) async fn move_tenant(&self, tenant: &str, to: &Layout) -> Result<bool> {
        let tenant = TenantId::parse_in(tenant, to)?;
        let own = self.database.query(sql::own_tables(&tenant).run_for(&tenant)).await;
        let has_own = !own.map_err(CredentialError::Database)?.is_empty();
        let is_registered = match self.is_registered(&tenant).await {
            Err(DatabaseError::SchemaMissing) => false,
            answer => answer.map_err(CredentialError::Database)?,
        };
        let (is_there, is_elsewhere) =
            if to.is_shared() { (is_registered, has_own) } else { (has_own, is_registered) };
        if !is_elsewhere {
            return if is_there { Ok(false) } else { Err(CredentialError::TenantNotFound(tenant)) };
        }
        let moving = if to.is_shared() {
            self.migrate_shared().await?;
            sql::move_to_shared(&tenant)
        } else {
            sql::move_to_schema(&tenant)
        };
        match self.database.query(moving.run_for(&tenant)).await {
            Ok(_) => Ok(true),
            Err(DatabaseError::Refused(state)) => Err(match refusal(&state) {
                Some(refusal) => CredentialError::MoveRefused(tenant, refusal),
                None => CredentialError::Database(DatabaseError::Refused(state)),
            }),
            Err(error) => Err(CredentialError::Database(error)),
        }
    }

    /// The slugs of the tenants that are not in a layout yet.
    pub(super) async fn tenants_to_move(&self, to: &Layout) -> Result<Vec<String>> {
        if to.is_shared() {
            self.slugs(sql::schemas_with_tables()).await
        } else {
            self.registered(sql::registered_tenants(to)).await
        }
    }
}

fn refusal(state: &str) -> Option<MoveRefusal> {
    match state {
        sql::WOULD_LOSE => Some(MoveRefusal::WouldLose),
        sql::IN_BOTH => Some(MoveRefusal::InBoth),
        sql::DIFFERS => Some(MoveRefusal::Differs),
        DEPENDENT_OBJECTS => Some(MoveRefusal::Depended),
        _ => None,
    }
}
