//! Saves: what is given is checked against what is stored, encrypted, and written at once.

use cgk_vault::{KeyDeriver, SecretString};
use futures_util::future::{join, try_join_all};

use super::clients::Stored;
use super::{Result, Store, answer_row};
use crate::answer::Answer;
use crate::database::Database;
use crate::input::{Assignment, Fields, NewValue, parse_input};
use crate::service::Service;
use crate::statement::{self, RowKey, SaveContext, StoredValue};
use crate::stripe_mode::agree_on_mode;
use crate::verification::Candidate;
use crate::{CredentialError, TenantId};

impl<Db: Database, D: KeyDeriver> Store<Db, D> {
    /// Saves a credential and gives its configuration; fields left out keep their value.
    pub async fn save(
        &self,
        tenant: &str,
        service: &'static Service,
        input: Fields,
    ) -> Result<Answer> {
        let tenant = TenantId::parse(tenant)?;
        self.save_with(&tenant, service, input, None).await
    }

    /// With the `account` that a verification of the new key told of, the row is verified.
    pub(super) async fn save_with(
        &self,
        tenant: &TenantId,
        service: &'static Service,
        input: Fields,
        account: Option<Vec<Assignment<NewValue>>>,
    ) -> Result<Answer> {
        let key = RowKey::new(tenant, service);
        let mut assignments = parse_input(service, input)?;
        let stored = self.find_stored(key, service).await?;
        let mut candidate = match &stored {
            Some(stored) => stored.in_clear(),
            None => Candidate::new(service),
        };
        candidate.assign(&assignments);
        agree_on_mode(&candidate, &mut assignments)?;

        let (old_key, sealed) =
            join(self.open_key(stored.as_ref()), self.seal_all(assignments)).await;
        let sealed = sealed?;
        let unchanged = match (&old_key, candidate.key()) {
            (Some(old), Some(new)) => old.expose() == new.expose(),
            _ => false,
        };
        let same_key = stored.as_ref().filter(|_| unchanged).and_then(Stored::key_token);
        let account = match account {
            Some(account) => Some(self.seal_all(account).await?),
            None => None,
        };
        let context = SaveContext { same_key, account: account.as_deref() };
        let row = self.first_row(tenant, statement::save(key, &sealed, &context)).await?;
        answer_row(service, &row.ok_or(CredentialError::StoredDataInvalid)?)
    }

    /// The key that is about to be replaced, where account details depend on it; none if it can not
    /// be read: it may be anything.
    async fn open_key(&self, stored: Option<&Stored>) -> Option<SecretString> {
        let token = stored.filter(|stored| stored.has_account())?.key_token()?;
        self.open(Some(token.to_owned())).await.ok()?
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
