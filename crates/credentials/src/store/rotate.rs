//! Changing keys and formats: what every stored value is under, and rewriting it under the current key.

use cgk_crypto::{BATCH_KEYS, CryptoError, KeyDerivation, Purpose, SealedText, SecretString};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use super::keys::TokenFormat;
use super::seal::place;
use super::{Result, Store};
use crate::catalog::{Column, ServiceRef};
use crate::database::Database;
use crate::error::CredentialError;
use crate::input::Audit;
use crate::json::decode_row;
use crate::key::CredentialKey;
use crate::session::KeySessions;
use crate::sql::{self, Event};
use crate::tenant::TenantId;

/// How a tenant's values are rewritten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rotation {
    /// The format to rewrite into.
    pub(super) format: TokenFormat,
    /// Only count what would be rewritten.
    pub(super) dry_run: bool,
    /// Also the values of disconnected services, which connecting again would bring back.
    pub(super) include_disconnected: bool,
}

/// What became of a tenant's values. The numbers add up to `values`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RotationReport {
    /// Values that were looked at.
    values: usize,
    /// Rewritten; in a dry run those that would be.
    rewritten: usize,
    /// Under the current key and in the format already.
    unchanged: usize,
    /// Replaced by somebody else in the meantime, whose value stays.
    changed_meanwhile: usize,
    /// Left alone, because they could not be read or written.
    failures: Vec<ValueFailure>,
}

/// What a tenant's values are under.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyUsage {
    /// The id of the key that writes; `None` for one that was not generated.
    current_key_id: Option<String>,
    values: usize,
    keys: Vec<UsedKey>,
    failures: Vec<ValueFailure>,
}

/// Values of one table that are under the same key in the same format.
#[derive(Debug, Serialize)]
struct UsedKey {
    location: KeyLocation,
    values: usize,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyLocation {
    table: &'static str,
    /// `v1` or `v2`.
    format: &'static str,
    /// The id of the key; `None` for a key that was not generated.
    key_id: Option<String>,
    /// Whether it is the key that writes.
    is_current: bool,
}

/// A value that could not be read or rewritten.
#[derive(Debug, Serialize)]
pub(crate) struct ValueFailure {
    /// The service; where nobody can name it, the table.
    service: String,
    /// The input field; `None` where a whole row or table is at fault.
    field: Option<&'static str>,
    code: &'static str,
}

/// A token where it stands.
struct StoredToken {
    key: CredentialKey,
    column: &'static Column,
    is_connected: bool,
    token: String,
}

/// What the statement selects of one row.
#[derive(Deserialize)]
struct SecretsRow {
    service: String,
    connected: Option<bool>,
    tokens: Vec<Option<String>>,
}

impl SecretsRow {
    fn tokens(
        tenant: &TenantId,
        row: &str,
    ) -> std::result::Result<impl Iterator<Item = StoredToken> + use<>, ValueFailure> {
        let unreadable = |service: &str| ValueFailure {
            service: service.to_owned(),
            field: None,
            code: CredentialError::StoredDataInvalid.code(),
        };
        let row: Self = decode_row(row).map_err(|_| unreadable(""))?;
        let service = ServiceRef::parse(&row.service).map_err(|_| unreadable(&row.service))?;
        let key = CredentialKey::of(tenant.clone(), service);
        let is_connected = row.connected.unwrap_or(false);
        let tokens = key.table().secrets().zip(row.tokens);
        Ok(tokens.filter_map(move |(column, token)| {
            let token = token.filter(|token| !token.is_empty())?;
            Some(StoredToken { key: key.clone(), column, is_connected, token })
        }))
    }
}

enum Outcome {
    Rewritten,
    Unchanged,
    ChangedMeanwhile,
}

/// What a value is rewritten to.
enum Sealed {
    New(String),
    /// It stays as it is.
    Nothing(Outcome),
}

/// The order in which the keys of a ring are tried on a v1 token, which does not name its key.
#[derive(Clone, Copy)]
enum Expected {
    Current,
    Previous,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Counts what every value of the tenant is under; each is decrypted to find out. As many as are
    /// worth it at a time, so that their keys are derived together.
    pub(super) async fn key_usage(&self, tenant: &str) -> Result<KeyUsage> {
        let tenant = self.tenant(tenant)?;
        let current_key_id = self.keys.ring()?.current_id().map(|id| id.to_string());
        let (tokens, failures) = self.stored_tokens(&tenant).await?;
        let values = tokens.len();
        let mut usage = KeyUsage { current_key_id, values, keys: Vec::new(), failures };
        for tokens in tokens.chunks(BATCH_KEYS) {
            let located = tokens.iter().map(|token| self.locate(token, Expected::Current));
            for (token, located) in tokens.iter().zip(join_all(located).await) {
                match located {
                    Ok((location, _)) => usage.count(location),
                    Err(error) => usage.failures.push(token.failure(&error)),
                }
            }
        }
        Ok(usage)
    }

    /// The sessions of the database by name, and whether they know the current key.
    pub(super) async fn key_sessions(&self) -> Result<Vec<KeySessions>> {
        let ring = self.keys.ring()?;
        let rows = self.database.query(sql::sessions()).await.map_err(CredentialError::Database)?;
        rows.iter().map(|row| Ok(KeySessions::new(decode_row(row)?, ring))).collect()
    }

    /// Rewrites the tenant's values under the current key. Repeatable: what is rewritten already
    /// stays as it is, and what somebody else saved in the meantime stays theirs.
    pub(super) async fn rotate(
        &self,
        tenant: &str,
        rotation: Rotation,
        audit: Option<&Audit>,
    ) -> Result<RotationReport> {
        let tenant = self.tenant(tenant)?;
        let ring = self.keys.ring()?;
        if rotation.format != TokenFormat::V1 && ring.current_id().is_none() {
            return Err(CryptoError::KeyNotGenerated.into());
        }
        let (tokens, failures) = self.stored_tokens(&tenant).await?;
        let mut report = RotationReport { failures, ..RotationReport::default() };
        let is_meant = |token: &&StoredToken| token.is_connected || rotation.include_disconnected;
        let tokens: Vec<_> = tokens.iter().filter(is_meant).collect();
        report.values += tokens.len();
        for tokens in tokens.chunks(BATCH_KEYS) {
            // Their keys are derived together; the writes wait for each other anyway.
            let sealed = tokens.iter().map(|token| self.seal_again(token, rotation));
            for (token, sealed) in tokens.iter().zip(join_all(sealed).await) {
                match self.rewrite(token, sealed, audit).await {
                    Ok(Outcome::Rewritten) => report.rewritten += 1,
                    Ok(Outcome::Unchanged) => report.unchanged += 1,
                    Ok(Outcome::ChangedMeanwhile) => report.changed_meanwhile += 1,
                    Err(error) => report.failures.push(token.failure(&error)),
                }
            }
        }
        Ok(report)
    }

    /// What a value is to be rewritten to, or what becomes of it without a write.
    async fn seal_again(&self, token: &StoredToken, rotation: Rotation) -> Result<Sealed> {
        let (location, plaintext) = self.locate(token, Expected::Previous).await?;
        if location.is_current && location.format == rotation.format.written() {
            return Ok(Sealed::Nothing(Outcome::Unchanged));
        }
        if rotation.dry_run {
            return Ok(Sealed::Nothing(Outcome::Rewritten));
        }
        let StoredToken { key, column, .. } = token;
        let sealed = self.encrypt(key, column.field(), &plaintext, rotation.format, Purpose::Sweep);
        sealed.await.map(Sealed::New)
    }

    async fn rewrite(
        &self,
        StoredToken { key, column, token: old, .. }: &StoredToken,
        sealed: Result<Sealed>,
        audit: Option<&Audit>,
    ) -> Result<Outcome> {
        let new = match sealed? {
            Sealed::New(token) => token,
            Sealed::Nothing(outcome) => return Ok(outcome),
        };
        let event = audit.map(|audit| Event {
            name: "credential.rotated",
            fields: vec![column.field()],
            outcome: None,
            key_id: self.current_key_id(),
            details: None,
            audit,
        });
        let statement = sql::replace_secret(key, column, old, &new, event.as_ref());
        Ok(match self.first_row(key, statement).await? {
            Some(_) => Outcome::Rewritten,
            None => Outcome::ChangedMeanwhile,
        })
    }

    /// Decrypts a token, and finds the key that it is under.
    async fn locate(
        &self,
        StoredToken { key, column, token, .. }: &StoredToken,
        expected: Expected,
    ) -> Result<(KeyLocation, SecretString)> {
        let ring = self.keys.ring()?;
        let text = SealedText::parse(token)?;
        let format = match text {
            SealedText::V1(_) => "v1",
            SealedText::V2(_) => "v2",
        };
        let mut positions: Vec<_> = (0..ring.len()).collect();
        if let Expected::Previous = expected {
            positions.reverse();
        }
        let place = place(key, column.field())?;
        let (position, plaintext) =
            self.sealer.open_and_locate(ring, &place, &text, &positions).await?;
        let location = KeyLocation {
            table: key.table().name,
            format,
            key_id: ring.id(position).map(|id| id.to_string()),
            is_current: position == 0,
        };
        Ok((location, plaintext))
    }

    /// Every token of the tenant, and the rows and tables that cannot be read.
    async fn stored_tokens(
        &self,
        tenant: &TenantId,
    ) -> Result<(Vec<StoredToken>, Vec<ValueFailure>)> {
        let (mut tokens, mut failures) = (Vec::new(), Vec::new());
        for (table, rows) in self.answers_by_table(tenant, sql::all_secrets).await? {
            match rows {
                Ok(rows) => {
                    for row in rows {
                        match SecretsRow::tokens(tenant, &row) {
                            Ok(row) => tokens.extend(row),
                            Err(failure) => failures.push(failure),
                        }
                    }
                }
                Err(error) => failures.push(ValueFailure {
                    service: table.table().name.to_owned(),
                    field: None,
                    code: error.code(),
                }),
            }
        }
        Ok((tokens, failures))
    }
}

impl KeyUsage {
    fn count(&mut self, location: KeyLocation) {
        match self.keys.iter_mut().find(|key| key.location == location) {
            Some(key) => key.values += 1,
            None => self.keys.push(UsedKey { location, values: 1 }),
        }
    }
}

impl StoredToken {
    fn failure(&self, error: &CredentialError) -> ValueFailure {
        ValueFailure {
            service: self.key.service().id().to_owned(),
            field: Some(self.column.field()),
            code: error.code(),
        }
    }
}
