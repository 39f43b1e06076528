//! Saves: what is given is checked against what is stored, encrypted, and written at once.

use cgk_crypto::{KeyDerivation, Purpose, SecretString};
use futures_util::future::{join, try_join_all};

use super::clients::StoredCredential;
use super::{Result, Store};
use crate::catalog::Service;
use crate::database::Database;
use crate::error::CredentialError;
use crate::input::{
    Assignment, Audit, Fields, PlainValue, PlaintextCredential, parse_input, reconcile_livemode,
};
use crate::key::CredentialKey;
use crate::output::{JsOutput, render};
use crate::sql::{self, Event, SaveContext, SqlValue};

/// What a verification before a save found.
pub(super) struct Verified {
    /// The account, if the vendor accepts the credential: the row is verified then.
    pub(super) account: Option<Vec<Assignment<PlainValue>>>,
    /// What stands in the way of a credential that is right.
    pub(super) error: Option<String>,
    /// The token of the key that the vendor was asked about, if the save keeps it.
    pub(super) kept_token: Option<String>,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Saves a credential and gives its configuration; fields left out keep their value.
    pub(super) async fn save(
        &self,
        key: &CredentialKey,
        input: Fields,
        verification: Option<Verified>,
        audit: Option<&Audit>,
    ) -> Result<JsOutput> {
        let service = key.service().get();
        let input = parse_input(service, input)?;
        let keeps_token = input.keeps_key();
        let stored = self.find_stored(key).await?;
        input.require_key(stored.is_some())?;
        let stored_token = stored.as_ref().and_then(StoredCredential::key_token);
        if let Some(Verified { kept_token: Some(asked), .. }) = &verification
            && stored_token != Some(asked)
        {
            let is_rewritten = match &stored {
                Some(stored) => self.is_rewritten(key, stored, asked).await,
                None => false,
            };
            if !is_rewritten {
                return Err(key_changed(service));
            }
        }

        let mut credential = match &stored {
            Some(stored) if keeps_token => self.decrypt_best_effort(stored).await,
            Some(stored) => stored.plaintext_fields(),
            None => PlaintextCredential::new(service),
        };
        let mut assignments = input.assignments;
        credential.assign(&assignments);
        reconcile_livemode(&credential, &mut assignments)?;

        let replaced = stored.as_ref().filter(|_| !keeps_token);
        let (old_key, sealed) =
            join(self.decrypt_key(key, replaced), self.seal_all(key, assignments)).await;
        let sealed = sealed?;
        let same_key = match (&old_key, credential.key()) {
            (Some(old), Some(new)) => old.expose() == new.expose(),
            _ => keeps_token,
        };
        let (account, error) = match verification {
            Some(Verified { account: Some(account), .. }) => {
                (Some(self.seal_all(key, account).await?), None)
            }
            Some(Verified { error, .. }) => (None, error),
            None => (None, None),
        };
        let event = audit.map(|audit| Event {
            name: "credential.saved",
            fields: sealed.iter().map(|assignment| assignment.column.field()).collect(),
            outcome: Some(match (&account, &error) {
                (Some(_), _) => "valid",
                (None, Some(_)) => "restricted",
                (None, None) => "unverified",
            }),
            key_id: self.current_key_id(),
            // Another key is another credential, of which nothing is known that is not said now.
            details: audit.details.as_deref().or((!keeps_token).then_some("{}")),
            audit,
        });
        let context = SaveContext {
            same_key: stored_token.filter(|_| same_key),
            keeps_token,
            account: account.as_deref(),
            error: error.as_deref(),
            lacks_added: false,
            event: event.as_ref(),
        };
        let mut row = self.write(key, &sealed, &context).await?;
        if let (None, true, Some(former)) = (&row, keeps_token, stored_token)
            && let Some(token) = self.rewritten(key, former).await?
        {
            let context = SaveContext { same_key: Some(&token), ..context };
            row = self.write(key, &sealed, &context).await?;
        }
        match row {
            Some(row) => Ok(JsOutput::Json(render(key.table(), &row)?)),
            None if keeps_token => Err(key_changed(service)),
            None => Err(CredentialError::StoredDataInvalid),
        }
    }

    /// Disconnects a service; whether there was a credential, connected or not.
    pub(super) async fn delete(&self, key: &CredentialKey, audit: Option<&Audit>) -> Result<bool> {
        let event = audit.map(|audit| Event {
            name: "credential.disconnected",
            fields: Vec::new(),
            outcome: None,
            key_id: None,
            details: None,
            audit,
        });
        Ok(self.first_row(key, sql::deactivate(key, event.as_ref())).await?.is_some())
    }

    /// The id of the key that values are sealed under; none for a key that was not generated.
    pub(super) fn current_key_id(&self) -> Option<String> {
        Some(self.keys.ring().ok()?.current_id()?.to_string())
    }

    /// Writes the row, also in a schema without the columns that were added, unless one of them is
    /// assigned.
    async fn write(
        &self,
        key: &CredentialKey,
        sealed: &[Assignment<SqlValue>],
        context: &SaveContext<'_>,
    ) -> Result<Option<String>> {
        let statement =
            |lacks_added| sql::save(key, sealed, &SaveContext { lacks_added, ..*context });
        if sealed.iter().any(|assignment| assignment.column.is_added) {
            return self.first_row(key, statement(false)).await;
        }
        self.first_row_in_any_schema(key, statement).await
    }

    /// The key that is about to be replaced, where account details depend on it; none if it cannot
    /// be decrypted: it may be anything.
    async fn decrypt_key(
        &self,
        key: &CredentialKey,
        stored: Option<&StoredCredential>,
    ) -> Option<SecretString> {
        let stored = stored.filter(|stored| stored.has_account())?;
        let token = stored.key_token()?.to_owned();
        self.decrypt(key, stored.key_field(), Some(token)).await.ok()?
    }

    pub(super) async fn seal_all(
        &self,
        key: &CredentialKey,
        assignments: Vec<Assignment<PlainValue>>,
    ) -> Result<Vec<Assignment<SqlValue>>> {
        try_join_all(assignments.into_iter().map(|assignment| self.seal(key, assignment))).await
    }

    async fn seal(
        &self,
        key: &CredentialKey,
        Assignment { column, value }: Assignment<PlainValue>,
    ) -> Result<Assignment<SqlValue>> {
        let value = match value {
            PlainValue::Clear => None,
            PlainValue::Public(text) => Some(text),
            PlainValue::Secret(text) => {
                let format = self.keys.format();
                Some(self.encrypt(key, column.field(), &text, format, Purpose::Save).await?)
            }
        };
        Ok(Assignment { column, value })
    }
}

/// The key that a save was to keep is no longer there, because somebody else replaced or removed it.
fn key_changed(service: &Service) -> CredentialError {
    let field = service.table.table().key_field().unwrap_or_default();
    let name = service.display_name;
    CredentialError::field(
        field,
        format!("{field} is required: the stored one of {name} was changed in the meantime"),
    )
}
