//! Verification: requests about what is stored or given, and what becomes of the responses.

use cgk_crypto::KeyDerivation;
use futures_util::future::join;
use serde_json::Value;

use super::clients::StoredCredential;
use super::save::Verified;
use super::{Result, Store};
use crate::catalog::Service;
use crate::database::Database;
use crate::error::{CredentialError, FieldError};
use crate::input::{
    Assignment, Audit, FieldValue, Fields, Input, PlainValue, PlaintextCredential, Verification,
    parse_account, parse_error_text, parse_input, reconcile_livemode,
};
use crate::key::CredentialKey;
use crate::output::JsOutput;
use crate::sql::{self, Event, SqlValue};
use crate::verification::{
    Endpoints, Outcome, RequestContext, VendorResponse, VerificationRequest, VerificationResult,
};

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// The request about the credential as it is stored; with an `input`, as it would be after a
    /// save. `None` if nothing is stored and no input given.
    ///
    /// `now` is in milliseconds since 1970.
    pub(super) async fn prepare_verification(
        &self,
        key: &CredentialKey,
        input: Option<Fields>,
        endpoints: Endpoints<'_>,
        now: i64,
    ) -> Result<Option<VerificationRequest>> {
        let service = key.service().get();
        let input = input.map(|input| parse_input(service, input)).transpose()?;
        let stored = self.find_stored(key).await?;
        let profile = stored.as_ref().and_then(|stored| stored.account_text("profileId"));
        let request = match (input, &stored) {
            (None, None) => return Ok(None),
            (None, Some(stored)) => {
                let credential = self.decrypt_all(stored).await?;
                VerificationRequest::new(&credential, endpoints, now, stored.key_token(), profile)?
            }
            (Some(input), stored) => {
                input.require_key(stored.is_some())?;
                let kept = stored.as_ref().filter(|_| input.keeps_key());
                let credential = match stored {
                    Some(stored) => self.decrypt_best_effort(stored).await,
                    None => PlaintextCredential::new(service),
                };
                let credential = after_save(credential, input)?;
                let token = kept.and_then(StoredCredential::key_token);
                VerificationRequest::new(&credential, endpoints, now, token, profile)?
            }
        };
        Ok(Some(request))
    }

    /// Evaluates the response about the stored credential and records the outcome on the row, if it
    /// still holds what the vendor was asked about. A response that says nothing of the credential
    /// leaves the row alone.
    pub(super) async fn record_verification(
        &self,
        key: &CredentialKey,
        request: &str,
        response: &str,
        audit: Option<&Audit>,
    ) -> Result<VerificationResult> {
        let service = key.service().get();
        let (context, result) = evaluate(service, request, response)?;
        let verification = match result.outcome {
            outcome if outcome.is_valid() => {
                Verification { verified: true, ..Verification::default() }
            }
            Outcome::Invalid | Outcome::Revoked | Outcome::Restricted(_) => Verification {
                verified: false,
                error: result.error().map(str::to_owned),
                ..Verification::default()
            },
            _ => return Ok(result),
        };
        let account = account_of(service, &result)?;
        let event = audit.map(|audit| verified(result.outcome.status(), audit));
        self.record(key, &verification, account, context.revision.as_deref(), event).await?;
        Ok(result)
    }

    /// Saves an input whose vendor was asked with [`Store::prepare_verification`]: not at all if the
    /// vendor refuses it, verified if it accepts it, with an error if something stands in its way,
    /// unverified if the response says nothing of it.
    pub(super) async fn save_verified(
        &self,
        key: &CredentialKey,
        input: Fields,
        request: &str,
        response: &str,
        audit: Option<&Audit>,
    ) -> Result<JsOutput> {
        let service = key.service().get();
        let (context, result) = evaluate(service, request, response)?;
        if result.outcome.is_refusal() {
            let field = key.table().key_field();
            let message = result.error().unwrap_or_default().to_owned();
            return Err(CredentialError::Rejected(FieldError { field, message }));
        }
        let kept_token = context.revision;
        let verification = match result.outcome {
            outcome if outcome.is_valid() => {
                let account = Some(account_of(service, &result)?);
                Some(Verified { account, error: None, kept_token })
            }
            Outcome::Restricted(_) => {
                let error = result.error().map(str::to_owned);
                Some(Verified { account: None, error, kept_token })
            }
            _ => None,
        };
        self.save(key, input, verification, audit).await
    }

    /// Records what a verification made elsewhere found.
    pub(super) async fn update_verification(
        &self,
        key: &CredentialKey,
        mut verification: Verification,
        audit: Option<&Audit>,
    ) -> Result<()> {
        verification.error = parse_error_text(verification.error)?;
        let account = std::mem::take(&mut verification.account);
        let account = parse_account(key.table(), account)?;
        let outcome = if verification.verified { "valid" } else { "invalid" };
        let event = audit.map(|audit| verified(outcome, audit));
        self.record(key, &verification, account, None, event).await
    }

    async fn record(
        &self,
        key: &CredentialKey,
        verification: &Verification,
        account: Vec<Assignment<PlainValue>>,
        revision: Option<&str>,
        event: Option<Event<'_>>,
    ) -> Result<()> {
        let account = self.seal_all(key, account).await?;
        let event = event.as_ref();
        let recorded =
            self.write_verification(key, verification, &account, revision, event).await?;
        if let (false, Some(revision)) = (recorded, revision)
            && let Some(rewritten) = self.rewritten(key, revision).await?
        {
            self.write_verification(key, verification, &account, Some(&rewritten), event).await?;
        }
        Ok(())
    }

    /// Whether there was a row that still holds what was asked about.
    async fn write_verification(
        &self,
        key: &CredentialKey,
        verification: &Verification,
        account: &[Assignment<SqlValue>],
        revision: Option<&str>,
        event: Option<&Event<'_>>,
    ) -> Result<bool> {
        let statement = |lacks_added| {
            sql::record_verification(key, verification, account, revision, lacks_added, event)
        };
        Ok(self.first_row_in_any_schema(key, statement).await?.is_some())
    }

    /// The token of the key that is stored now, if it holds what another one held, which was stored
    /// before: keys were rotated in the meantime.
    pub(super) async fn rewritten(
        &self,
        key: &CredentialKey,
        former: &str,
    ) -> Result<Option<String>> {
        let Some(stored) = self.find_stored(key).await? else { return Ok(None) };
        let is_rewritten = self.is_rewritten(key, &stored, former).await;
        Ok(stored.key_token().filter(|_| is_rewritten).map(str::to_owned))
    }

    /// Whether the stored token of the key is another than the former one, and holds the same.
    pub(super) async fn is_rewritten(
        &self,
        key: &CredentialKey,
        stored: &StoredCredential,
        former: &str,
    ) -> bool {
        let Some(token) = stored.key_token().filter(|token| *token != former) else {
            return false;
        };
        let field = stored.key_field();
        let [now, before] = [token, former]
            .map(|token| async { self.decrypt(key, field, Some(token.to_owned())).await.ok()? });
        match join(now, before).await {
            (Some(now), Some(before)) => now.expose() == before.expose(),
            _ => false,
        }
    }
}

/// The event of a verification.
fn verified<'a>(outcome: &'a str, audit: &'a Audit) -> Event<'a> {
    Event {
        name: "credential.verified",
        fields: Vec::new(),
        outcome: Some(outcome),
        key_id: None,
        details: None,
        audit,
    }
}

/// The request about an input alone.
pub(super) fn prepare_input_verification(
    service: &str,
    input: Fields,
    endpoints: Endpoints<'_>,
    now: i64,
) -> Result<VerificationRequest> {
    let service = Service::find(service)?;
    let input = parse_input(service, input)?;
    input.require_key(false)?;
    let credential = after_save(PlaintextCredential::new(service), input)?;
    VerificationRequest::new(&credential, endpoints, now, None, None)
}

/// Evaluates the response to a request without recording it.
pub(super) fn read_verification(
    service: &str,
    request: &str,
    response: &str,
) -> Result<VerificationResult> {
    evaluate(Service::find(service)?, request, response).map(|(_, result)| result)
}

fn evaluate(
    service: &Service,
    request: &str,
    response: &str,
) -> Result<(RequestContext, VerificationResult)> {
    let context = RequestContext::parse(request)?;
    let response = VendorResponse::parse(response)?;
    let result = VerificationResult::evaluate(service, &context.facts, &response);
    Ok((context, result))
}

/// The credential as a save would leave it.
fn after_save(
    mut credential: PlaintextCredential,
    mut input: Input,
) -> Result<PlaintextCredential> {
    credential.assign(&input.assignments);
    reconcile_livemode(&credential, &mut input.assignments)?;
    Ok(credential)
}

fn account_of(
    service: &Service,
    result: &VerificationResult,
) -> Result<Vec<Assignment<PlainValue>>> {
    let fields = result.account.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), field_value(value)));
    parse_account(service.table.table(), fields.collect())
}

fn field_value(value: &Value) -> FieldValue {
    match value {
        Value::Null => FieldValue::Null,
        Value::Bool(value) => FieldValue::Boolean(*value),
        Value::String(text) => FieldValue::Text(text.clone().into()),
        value => FieldValue::Json(value.to_string()),
    }
}
