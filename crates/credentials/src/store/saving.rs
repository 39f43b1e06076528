//! Saves: what is given is checked against what is stored, encrypted, and written at once.

use cgk_vault::{KeyDeriver, SecretString};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use super::{Result, Store};
use crate::config::decode_row;
use crate::database::Database;
use crate::input::{Assignment, Fields, NewValue, parse_input};
use crate::service::Service;
use crate::statement::{self, RowKey, SaveContext, StoredValue};
use crate::stripe_mode::agree_on_mode;
use crate::verification::Candidate;
use crate::{CredentialError, TenantId};

impl<Db: Database, D: KeyDeriver> Store<Db, D> {
    pub(super) async fn save<T: DeserializeOwned>(
        &self,
        tenant: &str,
        service: &'static Service,
        input: Fields,
    ) -> Result<T> {
        let tenant = TenantId::parse(tenant)?;
        decode_row(&self.save_with(&tenant, service, input, None).await?)
    }

    /// Gives the row as JSON text. With the `account` that a verification of the new key told of,
    /// the row is verified.
    pub(super) async fn save_with(
        &self,
        tenant: &TenantId,
        service: &'static Service,
        input: Fields,
        account: Option<Vec<Assignment<NewValue>>>,
    ) -> Result<String> {
        let key = RowKey::new(tenant, service);
        let mut assignments = parse_input(service, input)?;
        let stored = self.find_stored(key, service).await?;
        let mut candidate = match &stored {
            Some(stored) => self.open_readable(stored).await,
            None => Candidate::new(service),
        };
        let old_key = candidate.key().map(|key| SecretString::from(key.expose().to_owned()));
        candidate.assign(&assignments);
        agree_on_mode(&candidate, &mut assignments)?;

        let unchanged = old_key
            .is_some_and(|old| candidate.key().is_some_and(|key| key.expose() == old.expose()));
        let same_key = stored.as_ref().filter(|_| unchanged).and_then(|stored| stored.key_token());
        let sealed = self.seal_all(assignments).await?;
        let account = match account {
            Some(account) => Some(self.seal_all(account).await?),
            None => None,
        };
        let context = SaveContext { same_key, account: account.as_deref() };
        let row = self.first_row(tenant, statement::save(key, &sealed, &context)).await?;
        row.ok_or(CredentialError::StoredDataInvalid)
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
                Some(self.vault.seal(self.master()?, &text).await?.to_string())
            }
        };
        Ok(Assignment { column: field.column, value })
    }
}
