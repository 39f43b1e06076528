//! What clients are made from: a credential whole and in clear, in one round trip.

use cgk_crypto::{KeyDerivation, SecretString};
use futures_util::future::{join_all, try_join_all};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Result, Store};
use crate::TenantId;
use crate::catalog::{Column, ColumnRole, Service, ServiceRef};
use crate::database::Database;
use crate::input::Candidate;
use crate::sql::{self, RowKey};

/// An active row as it is stored.
pub(super) struct Stored {
    service: &'static Service,
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    /// Texts by column.
    inputs: Map<String, Value>,
    /// Account details by name.
    account: Map<String, Value>,
    /// Changes with any of the above.
    revision: String,
}

impl Stored {
    /// The token of the key.
    pub(super) fn key_token(&self) -> Option<&str> {
        self.text(self.service.table.table().key_secret()?)
    }

    /// The input field of the key.
    pub(super) fn key_field(&self) -> &'static str {
        self.service.table.table().key_field().unwrap_or_default()
    }

    /// An account detail as text.
    pub(super) fn account_text(&self, name: &str) -> Option<&str> {
        self.content.account.get(name).and_then(Value::as_str)
    }

    /// Whether anything is known of the account.
    pub(super) fn has_account(&self) -> bool {
        let is_nothing = |value: &Value| value.is_null() || *value == Value::Array(Vec::new());
        !self.content.account.values().all(is_nothing)
    }

    /// What is not encrypted.
    pub(super) fn in_clear(&self) -> Candidate {
        let columns = input_columns(self.service).into_iter().filter(|column| !column.is_secret());
        let values =
            columns.map(|column| (column, self.text(column).map(|text| text.to_owned().into())));
        Candidate::of(self.service, values)
    }

    fn text(&self, column: &Column) -> Option<&str> {
        self.content.inputs.get(column.name)?.as_str()
    }
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Everything that a client of the service needs, as JSON text:
    /// `{ values, account, revision }`, `values` by the name of the input field.
    ///
    /// A credential without a part that its service needs is [`crate::CredentialError::Incomplete`].
    pub(crate) async fn credential(
        &self,
        tenant: &str,
        service: &str,
    ) -> Result<Option<SecretString>> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::find(service)?.into());
        let Some(stored) = self.find_stored(&tenant, &service).await? else {
            return Ok(None);
        };
        let candidate = self.open_whole(&stored).await?;
        candidate.require_complete()?;
        Ok(Some(candidate.to_json(&stored.content.account, &stored.content.revision)))
    }

    /// The `revision` of [`Store::credential`] alone; nothing is decrypted.
    pub(crate) async fn revision(&self, tenant: &str, service: &str) -> Result<Option<String>> {
        let (tenant, service) = (TenantId::parse(tenant)?, ServiceRef::parse(service)?);
        let key = RowKey::new(&tenant, &service);
        self.row(key, sql::find_revision(key)).await
    }

    pub(super) async fn find_stored(
        &self,
        tenant: &TenantId,
        service: &ServiceRef,
    ) -> Result<Option<Stored>> {
        let key = RowKey::new(tenant, service);
        let content = self.row(key, sql::find_credential(key)).await?;
        Ok(content.map(|content| Stored { service: service.get(), content }))
    }

    /// All values that can be read, or the reason why one that the service needs cannot.
    pub(super) async fn open_whole(&self, stored: &Stored) -> Result<Candidate> {
        let columns = input_columns(stored.service);
        let values = columns.iter().map(async |column| match self.value(stored, column).await {
            Err(_) if !stored.service.needs(column) => Ok(None),
            value => value,
        });
        let values = try_join_all(values).await?;
        Ok(Candidate::of(stored.service, columns.into_iter().zip(values)))
    }

    /// The values that can be read: those that are about to be replaced may be anything.
    pub(super) async fn open_readable(&self, stored: &Stored) -> Candidate {
        let columns = input_columns(stored.service);
        let values = join_all(columns.iter().map(|column| self.value(stored, column))).await;
        let values = values.into_iter().map(|value| value.unwrap_or(None));
        Candidate::of(stored.service, columns.into_iter().zip(values))
    }

    async fn value(&self, stored: &Stored, column: &Column) -> Result<Option<SecretString>> {
        let text = stored.text(column).map(str::to_owned);
        if column.is_secret() {
            self.open(column.field(), text).await
        } else {
            Ok(text.map(SecretString::from))
        }
    }
}

fn input_columns(service: &Service) -> Vec<&'static Column> {
    let columns = service.table.table().columns.iter();
    columns.filter(|column| matches!(column.role, ColumnRole::Input { .. })).collect()
}
