//! What clients are made from: a credential whole and decrypted, in one round trip.

use cgk_crypto::{KeyDerivation, SecretString};
use futures_util::future::{join_all, try_join_all};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::read;
use super::{Result, Store};
use crate::catalog::{Column, ColumnRole, Service, Table};
use crate::database::Database;
use crate::input::{Audit, PlaintextCredential};
use crate::key::CredentialKey;
use crate::sql;

/// An active row as it is stored.
pub(super) struct StoredCredential {
    key: CredentialKey,
    row: CredentialRow,
}

#[derive(Deserialize)]
struct CredentialRow {
    /// Texts by column.
    inputs: Map<String, Value>,
    /// Account details by name.
    account: Map<String, Value>,
    /// Changes with any of the above.
    revision: String,
}

impl StoredCredential {
    /// The token of the key.
    pub(super) fn key_token(&self) -> Option<&str> {
        self.text(self.key.table().key_secret()?)
    }

    /// The input field of the key.
    pub(super) fn key_field(&self) -> &'static str {
        self.key.table().key_field().unwrap_or_default()
    }

    /// An account detail as text.
    pub(super) fn account_text(&self, name: &str) -> Option<&str> {
        self.row.account.get(name).and_then(Value::as_str)
    }

    /// Whether anything is known of the account.
    pub(super) fn has_account(&self) -> bool {
        let is_nothing = |value: &Value| value.is_null() || *value == Value::Array(Vec::new());
        !self.row.account.values().all(is_nothing)
    }

    /// What is not encrypted.
    pub(super) fn plaintext_fields(&self) -> PlaintextCredential {
        let columns =
            input_columns(self.key.table()).into_iter().filter(|column| !column.is_secret());
        let values =
            columns.map(|column| (column, self.text(column).map(|text| text.to_owned().into())));
        PlaintextCredential::of(self.service(), values)
    }

    pub(super) fn service(&self) -> &'static Service {
        self.key.service().get()
    }

    fn text(&self, column: &Column) -> Option<&str> {
        self.row.inputs.get(column.name)?.as_str()
    }
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Everything that a client of the service needs, as JSON text:
    /// `{ values, account, revision }`, `values` by the name of the input field.
    ///
    /// A credential without a part that its service needs is [`crate::CredentialError::Incomplete`].
    pub(super) async fn credential(
        &self,
        key: &CredentialKey,
        audit: Option<&Audit>,
    ) -> Result<Option<SecretString>> {
        let fields: Vec<_> = key.table().secrets().map(Column::field).collect();
        let event = audit.map(|audit| read(&fields, audit));
        let row = self.row(key, sql::find_credential(key, event.as_ref())).await?;
        let Some(stored) = row.map(|row| StoredCredential { key: key.clone(), row }) else {
            return Ok(None);
        };
        let credential = self.decrypt_all(&stored).await?;
        credential.require_complete()?;
        Ok(Some(credential.to_json(&stored.row.account, &stored.row.revision)))
    }

    /// The `revision` of [`Store::credential`] alone; nothing is decrypted.
    pub(super) async fn revision(&self, key: &CredentialKey) -> Result<Option<String>> {
        self.row(key, sql::find_revision(key)).await
    }

    pub(super) async fn find_stored(
        &self,
        key: &CredentialKey,
    ) -> Result<Option<StoredCredential>> {
        let row = self.row(key, sql::find_credential(key, None)).await?;
        Ok(row.map(|row| StoredCredential { key: key.clone(), row }))
    }

    /// All values that can be decrypted, or why one that the service needs cannot.
    pub(super) async fn decrypt_all(
        &self,
        stored: &StoredCredential,
    ) -> Result<PlaintextCredential> {
        let columns = input_columns(stored.key.table());
        let values = columns.iter().map(async |column| match self.value(stored, column).await {
            Err(_) if !stored.service().needs(column) => Ok(None),
            value => value,
        });
        let values = try_join_all(values).await?;
        Ok(PlaintextCredential::of(stored.service(), columns.into_iter().zip(values)))
    }

    /// The values that can be decrypted: those that are about to be replaced may be anything.
    pub(super) async fn decrypt_best_effort(
        &self,
        stored: &StoredCredential,
    ) -> PlaintextCredential {
        let columns = input_columns(stored.key.table());
        let values = join_all(columns.iter().map(|column| self.value(stored, column))).await;
        let values = values.into_iter().map(|value| value.unwrap_or(None));
        PlaintextCredential::of(stored.service(), columns.into_iter().zip(values))
    }

    async fn value(
        &self,
        stored: &StoredCredential,
        column: &Column,
    ) -> Result<Option<SecretString>> {
        let text = stored.text(column).map(str::to_owned);
        if column.is_secret() {
            self.decrypt(&stored.key, column.field(), text).await
        } else {
            Ok(text.map(SecretString::from))
        }
    }
}

fn input_columns(table: &'static Table) -> Vec<&'static Column> {
    let columns = table.columns.iter();
    columns.filter(|column| matches!(column.role, ColumnRole::Input { .. })).collect()
}
