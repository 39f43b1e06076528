//! Saves: what is given is checked against what is stored, encrypted, and written at once.

use cgk_crypto::{KeyDerivation, SecretString};
use futures_util::future::{join, try_join_all};

use super::clients::Stored;
use super::{Result, Store};
use crate::catalog::{Service, ServiceRef};
use crate::database::Database;
use crate::input::Candidate;
use crate::input::agree_on_mode;
use crate::input::{Assignment, Fields, NewValue, parse_input};
use crate::output::{Answer, render};
use crate::sql::{self, RowKey, SaveContext, StoredValue};
use crate::{CredentialError, SchemaMismatch, TenantId};

/// What a verification before a save found.
pub(super) struct Verified {
    /// What the vendor told of the account, if it accepts the credential: the row is verified then.
    pub(super) account: Option<Vec<Assignment<NewValue>>>,
    /// What stands in the way of a credential that is right.
    pub(super) error: Option<String>,
    /// The token of the key that was asked about, if the save keeps it.
    pub(super) kept_token: Option<String>,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Saves a credential and gives its configuration; fields left out keep their value.
    pub(crate) async fn save(
        &self,
        tenant: &str,
        service: &ServiceRef,
        input: Fields,
    ) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        self.save_with(&tenant, service, input, None).await
    }

    pub(super) async fn save_with(
        &self,
        tenant: &TenantId,
        service: &ServiceRef,
        input: Fields,
        verification: Option<Verified>,
    ) -> Result<Answer> {
        let key = RowKey::new(tenant, service);
        let input = parse_input(service.get(), input)?;
        let keeps_token = input.keeps_key();
        let stored = self.find_stored(tenant, service).await?;
        input.require_key(stored.is_some())?;
        let stored_token = stored.as_ref().and_then(Stored::key_token);
        if let Some(Verified { kept_token: Some(asked), .. }) = &verification
            && stored_token != Some(asked)
        {
            return Err(key_changed(service));
        }

        let mut candidate = match &stored {
            Some(stored) if keeps_token => self.open_readable(stored).await,
            Some(stored) => stored.in_clear(),
            None => Candidate::new(service.get()),
        };
        let mut assignments = input.assignments;
        candidate.assign(&assignments);
        agree_on_mode(&candidate, &mut assignments)?;

        let replaced = stored.as_ref().filter(|_| !keeps_token);
        let (old_key, sealed) = join(self.open_key(replaced), self.seal_all(assignments)).await;
        let sealed = sealed?;
        let same_key = match (&old_key, candidate.key()) {
            (Some(old), Some(new)) => old.expose() == new.expose(),
            _ => keeps_token,
        };
        let (account, error) = match verification {
            Some(Verified { account: Some(account), .. }) => {
                (Some(self.seal_all(account).await?), None)
            }
            Some(Verified { error, .. }) => (None, error),
            None => (None, None),
        };
        let context = SaveContext {
            same_key: stored_token.filter(|_| same_key),
            keeps_token,
            account: account.as_deref(),
            error: error.as_deref(),
            lacks_added: false,
        };
        let row = match self.first_row(key, sql::save(key, &sealed, &context)).await {
            Err(CredentialError::SchemaMismatch(SchemaMismatch {
                migration_helps: true, ..
            })) if !sealed.iter().any(|assignment| assignment.column.is_added) => {
                let context = SaveContext { lacks_added: true, ..context };
                self.first_row(key, sql::save(key, &sealed, &context)).await?
            }
            row => row?,
        };
        match row {
            Some(row) => Ok(Answer::Json(render(key.table, &row)?)),
            None if keeps_token => Err(key_changed(service)),
            None => Err(CredentialError::StoredDataInvalid),
        }
    }

    /// The key that is about to be replaced, where account details depend on it; none if it can not
    /// be read: it may be anything.
    async fn open_key(&self, stored: Option<&Stored>) -> Option<SecretString> {
        let stored = stored.filter(|stored| stored.has_account())?;
        let token = stored.key_token()?.to_owned();
        self.open(stored.key_field(), Some(token)).await.ok()?
    }

    pub(super) async fn seal_all(
        &self,
        assignments: Vec<Assignment<NewValue>>,
    ) -> Result<Vec<Assignment<StoredValue>>> {
        try_join_all(assignments.into_iter().map(|assignment| self.seal(assignment))).await
    }

    async fn seal(&self, field: Assignment<NewValue>) -> Result<Assignment<StoredValue>> {
        let value = match field.value {
            NewValue::Clear => None,
            NewValue::Plain(text) => Some(text),
            NewValue::Secret(text) => {
                Some(self.sealer.seal_v1(self.master()?, &text).await?.to_string())
            }
        };
        Ok(Assignment { column: field.column, value })
    }
}

/// The key that a save was to keep is no longer there: somebody else replaced or removed it.
fn key_changed(service: &Service) -> CredentialError {
    let field = service.table.table().key_field().unwrap_or_default();
    let name = service.display_name;
    CredentialError::field(
        field,
        format!("{field} is required: the stored one of {name} was changed in the meantime"),
    )
}
