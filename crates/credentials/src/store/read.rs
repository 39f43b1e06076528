//! Configurations, secrets and statuses, as they are stored.

use cgk_crypto::{KeyDerivation, SecretString};
use futures_util::future::{join_all, try_join, try_join_all};

use super::{Result, Store, of_tenant};
use crate::catalog::{SERVICES, ServiceTable};
use crate::database::{Database, DatabaseError, Statement};
use crate::error::CredentialError;
use crate::input::Audit;
use crate::key::CredentialKey;
use crate::output::{ApiKeyAndSecret, IntegrationStatus, JsOutput, StatusRow, render};
use crate::sql::{self, Event};
use crate::tenant::TenantId;

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// The stored configuration of a service; null if there is none.
    pub(super) async fn config(&self, key: &CredentialKey) -> Result<JsOutput> {
        match self.first_row(key, sql::find(key)).await? {
            Some(row) => Ok(JsOutput::Json(render(key.table(), &row)?)),
            None => Ok(JsOutput::Null),
        }
    }

    /// All API credentials of the tenant, ordered by service.
    ///
    /// A row that has lost its shape is left out, so that it cannot hide the others.
    pub(super) async fn all_api_credentials(&self, tenant: &str) -> Result<JsOutput> {
        let tenant = self.tenant(tenant)?;
        let table = ServiceTable::ApiCredentials.table();
        let rows = self.run(&tenant, table, sql::list_api_credentials(&tenant)).await?;
        let credentials: Vec<_> = rows.iter().filter_map(|row| render(table, row).ok()).collect();
        Ok(JsOutput::Json(format!("[{}]", credentials.join(","))))
    }

    /// The decrypted secret of an input field.
    pub(super) async fn secret(
        &self,
        key: &CredentialKey,
        field: &str,
        audit: Option<&Audit>,
    ) -> Result<Option<SecretString>> {
        let column = key.table().input_column(field).filter(|column| column.is_secret());
        let column = column.ok_or_else(|| CredentialError::input("The field is no secret"))?;
        let event = audit.map(|audit| read(&[field], audit));
        let statement = sql::find_inputs(key, &[field], event.as_ref());
        let row = self.row::<[Option<String>; 1]>(key, statement).await?;
        self.decrypt(key, column.field(), row.and_then(|[token]| token)).await
    }

    /// The decrypted API key of a service and its secret, where it has one.
    pub(super) async fn api_key_and_secret(
        &self,
        key: &CredentialKey,
        audit: Option<&Audit>,
    ) -> Result<Option<ApiKeyAndSecret>> {
        let fields = ["apiKey", "apiSecret"];
        let event = audit.map(|audit| read(&fields, audit));
        let statement = sql::find_inputs(key, &fields, event.as_ref());
        let Some([api_key, secret]) = self.row::<[Option<String>; 2]>(key, statement).await? else {
            return Ok(None);
        };
        let (api_key, secret) =
            (self.decrypt(key, "apiKey", api_key), self.decrypt(key, "apiSecret", secret));
        let (api_key, api_secret) = try_join(api_key, secret).await?;
        Ok(api_key.map(|api_key| ApiKeyAndSecret { api_key, api_secret }))
    }

    /// The decrypted secret that a service signs its webhooks with.
    pub(super) async fn webhook_secret(
        &self,
        key: &CredentialKey,
        audit: Option<&Audit>,
    ) -> Result<Option<SecretString>> {
        let service = key.service();
        let signing_key = service.webhook_key.unwrap_or("webhookSecret");
        let key_field = key.table().key_field().unwrap_or("apiKey");
        let event = audit.map(|audit| read(&["webhookSecret"], audit));
        let fields = ["webhookSecret", key_field, signing_key];
        let statement = sql::find_inputs(key, &fields, event.as_ref());
        let row = self.row::<[Option<String>; 3]>(key, statement).await?;
        let Some([secret, api_key, other]) = row else { return Ok(None) };
        if secret.is_some() || service.webhook_key.is_none() {
            return self.decrypt(key, "webhookSecret", secret).await;
        }
        // Keys of another kind sign nothing.
        match (self.decrypt(key, key_field, api_key).await?, &service.check.other_key) {
            (Some(key), Some(kind)) if key.expose().starts_with(kind.prefix) => Ok(None),
            _ => self.decrypt(key, signing_key, other).await,
        }
    }

    /// The status of every service of the catalog, in its order, and of others that are connected.
    ///
    /// A row that cannot be read or decrypted is reported as such and hurts no other.
    pub(super) async fn statuses(&self, tenant: &str) -> Result<Vec<IntegrationStatus>> {
        let tenant = self.tenant(tenant)?;
        let mut stored = Vec::new();
        for (table, answers) in self.answers_by_table(&tenant, sql::statuses).await? {
            match answers {
                Ok(answers) => {
                    let rows = answers.iter().map(|answer| StatusRow::decode(answer));
                    let rows = rows.filter_map(Result::transpose).collect::<Result<Vec<_>>>()?;
                    stored.extend(
                        join_all(rows.into_iter().map(|row| self.status(&tenant, row))).await,
                    );
                }
                Err(error) => {
                    let services = SERVICES.iter().filter(|service| service.table == table);
                    stored.extend(services.map(|service| {
                        IntegrationStatus::not_connected(&service.into()).unusable(&error)
                    }));
                }
            }
        }
        let mut statuses: Vec<_> = SERVICES
            .iter()
            .map(|service| {
                let found = stored.iter().position(|status| status.service == service.id);
                match found {
                    Some(position) => stored.remove(position),
                    None => IntegrationStatus::not_connected(&service.into()),
                }
            })
            .collect();
        statuses.extend(stored);
        Ok(statuses)
    }

    /// What each table answers to a statement about all, in one round trip; one by one where one of
    /// them is not as it should be, so that it hurts its own services only.
    pub(super) async fn answers_by_table(
        &self,
        tenant: &TenantId,
        statement: fn(&TenantId, &[ServiceTable]) -> Statement,
    ) -> Result<Vec<(ServiceTable, Result<Vec<String>>)>> {
        match self.ask(tenant, statement(tenant, &ServiceTable::ALL)).await {
            Ok(answers) => return Ok(vec![(ServiceTable::ApiCredentials, Ok(answers))]),
            Err(DatabaseError::ColumnMissing | DatabaseError::SchemaMissing) => {}
            Err(error) => return Err(of_tenant(tenant, error)),
        }
        let mut answers = Vec::new();
        for table in ServiceTable::ALL {
            let answer = self.run(tenant, table.table(), statement(tenant, &[table])).await;
            answers.push((table, answer));
        }
        let is_missing =
            |answer: &Result<_>| matches!(answer, Err(CredentialError::TenantNotFound(_)));
        if answers.iter().all(|(_, answer)| is_missing(answer)) {
            return Err(CredentialError::TenantNotFound(tenant.clone()));
        }
        Ok(answers)
    }

    async fn status(
        &self,
        tenant: &TenantId,
        StatusRow { service, content }: StatusRow,
    ) -> IntegrationStatus {
        let content = match content {
            Ok(content) => content,
            Err(error) => return IntegrationStatus::not_connected(&service).unusable(&error),
        };
        let key = CredentialKey::of(tenant.clone(), service.clone());
        let secrets = key.table().secrets().zip(content.secrets.iter().cloned());
        let decrypted =
            try_join_all(secrets.map(|(column, token)| self.decrypt(&key, column.field(), token)))
                .await;
        let status = IntegrationStatus::connected(&service, content);
        match decrypted {
            Ok(_) => status,
            Err(error) => status.unusable(&error),
        }
    }
}

/// The event of a read of secrets.
pub(super) fn read<'a>(fields: &[&'a str], audit: &'a Audit) -> Event<'a> {
    Event {
        name: "credential.read",
        fields: fields.to_vec(),
        outcome: None,
        key_id: None,
        details: None,
        audit,
    }
}
