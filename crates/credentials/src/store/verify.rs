//! Verification: questions about what is stored or given, and what becomes of the answers.

use cgk_crypto::KeyDerivation;
use serde_json::Value;

use super::clients::Stored;
use super::save::Verified;
use super::{Result, Store};
use crate::catalog::{Service, ServiceRef};
use crate::database::Database;
use crate::input::agree_on_mode;
use crate::input::{
    Assignment, Candidate, FieldValue, Fields, Input, NewValue, Verification, parse_account,
    parse_error_text, parse_input,
};
use crate::output::Answer;
use crate::sql::{self, RowKey};
use crate::verification::{Context, Endpoints, Outcome, Question, VendorAnswer, Verdict};
use crate::{CredentialError, Problem, TenantId};

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// The question about the credential as it is stored; with an `input`, as it would be after a
    /// save. `None` if nothing is stored and no input given.
    ///
    /// `now` is in milliseconds since 1970.
    pub(crate) async fn prepare_verification(
        &self,
        tenant: &str,
        service: &str,
        input: Option<Fields>,
        endpoints: Endpoints<'_>,
        now: i64,
    ) -> Result<Option<Question>> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::find(service)?);
        let input = input.map(|input| parse_input(service, input)).transpose()?;
        let stored = self.find_stored(&tenant, &service.into()).await?;
        let profile = stored.as_ref().and_then(|stored| stored.account_text("profileId"));
        let question = match (input, &stored) {
            (None, None) => return Ok(None),
            (None, Some(stored)) => {
                let candidate = self.open_whole(stored).await?;
                Question::new(&candidate, endpoints, now, stored.key_token(), profile)?
            }
            (Some(input), stored) => {
                input.require_key(stored.is_some())?;
                let kept = stored.as_ref().filter(|_| input.keeps_key());
                let candidate = match stored {
                    Some(stored) => self.open_readable(stored).await,
                    None => Candidate::new(service),
                };
                let candidate = changed(candidate, input)?;
                let token = kept.and_then(Stored::key_token);
                Question::new(&candidate, endpoints, now, token, profile)?
            }
        };
        Ok(Some(question))
    }

    /// Judges the answer to a question about the stored credential and records the outcome on the
    /// row, if it still holds what was asked about. An answer that tells nothing of the credential
    /// leaves the row alone.
    pub(crate) async fn record_verification(
        &self,
        tenant: &str,
        service: &str,
        question: &str,
        answer: &str,
    ) -> Result<Verdict> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::find(service)?);
        let (context, verdict) = judge(service, question, answer)?;
        let verification = match verdict.outcome {
            outcome if outcome.is_valid() => {
                Verification { verified: true, ..Verification::default() }
            }
            Outcome::Invalid | Outcome::Restricted(_) => Verification {
                verified: false,
                error: verdict.error().map(str::to_owned),
                ..Verification::default()
            },
            _ => return Ok(verdict),
        };
        let account = account_of(service, &verdict)?;
        let revision = context.revision.as_deref();
        self.record(&tenant, &service.into(), &verification, account, revision).await?;
        Ok(verdict)
    }

    /// Saves an input whose vendor was asked with [`Store::prepare_verification`]: not at all if the
    /// vendor refuses it, verified if it accepts it, with an error if something stands in its way,
    /// unverified if the vendor does not tell.
    pub(crate) async fn save_verified(
        &self,
        tenant: &str,
        service: &str,
        input: Fields,
        question: &str,
        answer: &str,
    ) -> Result<Answer> {
        let (tenant, service) = (TenantId::parse(tenant)?, Service::find(service)?);
        let (context, verdict) = judge(service, question, answer)?;
        if verdict.outcome == Outcome::Invalid {
            let field = service.table.table().key_field();
            let message = verdict.error().unwrap_or_default().to_owned();
            return Err(CredentialError::Rejected(Problem { field, message }));
        }
        let kept_token = context.revision;
        let verification = match verdict.outcome {
            outcome if outcome.is_valid() => {
                let account = Some(account_of(service, &verdict)?);
                Some(Verified { account, error: None, kept_token })
            }
            Outcome::Restricted(_) => {
                let error = verdict.error().map(str::to_owned);
                Some(Verified { account: None, error, kept_token })
            }
            _ => None,
        };
        self.save_with(&tenant, &service.into(), input, verification).await
    }

    /// Records what a verification made elsewhere found.
    pub(crate) async fn update_verification(
        &self,
        tenant: &str,
        service: &ServiceRef,
        mut verification: Verification,
    ) -> Result<()> {
        let tenant = TenantId::parse(tenant)?;
        verification.error = parse_error_text(verification.error)?;
        let account = std::mem::take(&mut verification.account);
        let account = parse_account(service.table.table(), account)?;
        self.record(&tenant, service, &verification, account, None).await
    }

    async fn record(
        &self,
        tenant: &TenantId,
        service: &ServiceRef,
        verification: &Verification,
        account: Vec<Assignment<NewValue>>,
        revision: Option<&str>,
    ) -> Result<()> {
        let account = self.seal_all(account).await?;
        let key = RowKey::new(tenant, service);
        let statement = sql::record_verification(key, verification, &account, revision);
        self.first_row(key, statement).await.map(drop)
    }
}

/// The question about an input alone.
pub(super) fn prepare_input_verification(
    service: &str,
    input: Fields,
    endpoints: Endpoints<'_>,
    now: i64,
) -> Result<Question> {
    let service = Service::find(service)?;
    let input = parse_input(service, input)?;
    input.require_key(false)?;
    let candidate = changed(Candidate::new(service), input)?;
    Question::new(&candidate, endpoints, now, None, None)
}

/// Judges the answer to a question without recording it.
pub(super) fn read_verification(service: &str, question: &str, answer: &str) -> Result<Verdict> {
    judge(Service::find(service)?, question, answer).map(|(_, verdict)| verdict)
}

fn judge(service: &Service, question: &str, answer: &str) -> Result<(Context, Verdict)> {
    let context = Context::parse(question)?;
    let verdict = Verdict::new(service, &context.known, &VendorAnswer::parse(answer)?);
    Ok((context, verdict))
}

/// The credential as a save would leave it.
fn changed(mut candidate: Candidate, mut input: Input) -> Result<Candidate> {
    candidate.assign(&input.assignments);
    agree_on_mode(&candidate, &mut input.assignments)?;
    Ok(candidate)
}

fn account_of(service: &Service, verdict: &Verdict) -> Result<Vec<Assignment<NewValue>>> {
    let fields = verdict.account.iter();
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
