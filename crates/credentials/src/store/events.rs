//! The events of a tenant, the chain that makes a removal visible, and what scheduled work remembers.
//!
//! A change writes its event and no more: a chain that grew with each change would need what the last
//! change wrote, which is a round trip, and would make writers wait for each other. Sealing puts the
//! events that are there into places without gaps and signs each with the one before.

use cgk_crypto::KeyDerivation;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Result, Store, of_tenant};
use crate::database::{Database, DatabaseError, Statement};
use crate::error::CredentialError;
use crate::input::Audit;
use crate::json::decode_row;
use crate::output::{JsOutput, to_json};
use crate::sql::{self, Event, EventOrder};
use crate::tenant::TenantId;

/// Places that are reported as damaged at most.
const MAX_PROBLEMS: usize = 100;

/// The SQLSTATE of a place that another process has filled.
const UNIQUE_VIOLATION: &str = "23505";

/// How often sealing is tried again where other processes seal, too.
const SEAL_ATTEMPTS: usize = 5;

/// What was sealed.
#[derive(Debug, Serialize)]
pub(crate) struct SealReport {
    sealed: usize,
}

/// What is wrong with the chain.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChainReport {
    /// Events that are in the chain.
    sealed: usize,
    /// Events that are not, so that a removal would not be seen.
    unsealed: usize,
    /// Sealed under a key that is not configured.
    unverifiable: usize,
    problems: Vec<ChainProblem>,
    /// The last place and its MAC.
    head: Option<Head>,
}

#[derive(Debug, Serialize)]
struct ChainProblem {
    position: i64,
    /// `missing` or `changed`.
    problem: &'static str,
}

#[derive(Debug, Serialize)]
struct Head {
    position: i64,
    mac: String,
}

/// An event as the statements of the chain select it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChainedEvent {
    seq: i64,
    position: Option<i64>,
    mac: Option<String>,
    sealed_under: Option<String>,
    text: String,
}

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Events after the one of the cursor, as a JSON array.
    pub(super) async fn events(
        &self,
        tenant: &str,
        order: EventOrder,
        cursor: Option<&str>,
        limit: &str,
        service: Option<&str>,
    ) -> Result<JsOutput> {
        let is_number =
            |text: &str| text.parse::<u64>().is_ok_and(|n| n < u64::from(u32::MAX) << 20);
        if !cursor.is_none_or(is_number) || !is_number(limit) {
            return Err(CredentialError::input("The cursor and the limit must be whole numbers"));
        }
        let tenant = self.tenant(tenant)?;
        let rows = self.query(&tenant, sql::events(&tenant, order, cursor, limit, service)).await?;
        Ok(JsOutput::Json(format!("[{}]", rows.join(","))))
    }

    /// Puts the events that are in no place yet into the chain.
    pub(super) async fn seal_events(&self, tenant: &str) -> Result<SealReport> {
        let tenant = self.tenant(tenant)?;
        let (mut sealed, mut attempts) = (0, 0);
        loop {
            let rows = self.query(&tenant, sql::unsealed_events(&tenant)).await?;
            let mut events = rows.iter().map(|row| decode_row(row)).collect::<Result<Vec<_>>>()?;
            let head = events.iter().position(|event: &ChainedEvent| event.position.is_some());
            let head = head.map(|at| events.remove(at));
            if events.is_empty() {
                return Ok(SealReport { sealed });
            }
            let (seals, key_id) = self.seals(&tenant, head.as_ref(), &events)?;
            match self.query(&tenant, sql::seal_events(&tenant, &seals, &key_id)).await {
                Ok(rows) => sealed += rows.len(),
                Err(CredentialError::Database(DatabaseError::Refused(state)))
                    if state == UNIQUE_VIOLATION && attempts < SEAL_ATTEMPTS =>
                {
                    attempts += 1;
                }
                Err(error) => return Err(error),
            }
            if events.len() < sql::SEALED_AT_A_TIME {
                return Ok(SealReport { sealed });
            }
        }
    }

    /// Follows the chain from its beginning.
    pub(super) async fn verify_events(&self, tenant: &str) -> Result<ChainReport> {
        let tenant = self.tenant(tenant)?;
        let mut report = ChainReport::default();
        loop {
            let after = report.head.as_ref().map_or(0, |head| head.position);
            let rows = self.query(&tenant, sql::sealed_events(&tenant, after)).await?;
            for row in &rows {
                let event: ChainedEvent = decode_row(row)?;
                self.verify_event(&tenant, event, &mut report)?;
            }
            if rows.len() < sql::SEALED_AT_A_TIME {
                break;
            }
        }
        let unsealed = self.query(&tenant, sql::count_unsealed_events(&tenant)).await?;
        report.unsealed = unsealed.first().and_then(|count| count.parse().ok()).unwrap_or(0);
        Ok(report)
    }

    /// What scheduled work knows of the tenant, as a JSON object.
    pub(super) async fn schedule(&self, tenant: &str) -> Result<JsOutput> {
        let tenant = self.tenant(tenant)?;
        let states = self.query(&tenant, sql::states(&tenant)).await?;
        let mut credentials = Vec::new();
        for (_, answers) in self.answers_by_table(&tenant, sql::connected).await? {
            credentials.extend(answers.unwrap_or_default());
        }
        Ok(JsOutput::Json(format!(
            "{{\"credentials\":[{}],\"states\":[{}]}}",
            credentials.join(","),
            states.join(",")
        )))
    }

    /// Puts a state in the place of the one of a version; whether that one was still there.
    pub(super) async fn swap_state(
        &self,
        tenant: &str,
        name: &str,
        version: &str,
        state: &str,
        audit: Option<&Audit>,
    ) -> Result<bool> {
        let tenant = self.tenant(tenant)?;
        let service = audit.and_then(|audit| audit.service.as_deref()).unwrap_or_default();
        let event = audit.and_then(|audit| {
            Some(Event {
                name: audit.event.as_deref()?,
                fields: Vec::new(),
                outcome: audit.outcome.as_deref(),
                key_id: None,
                details: audit.details.as_deref(),
                audit,
            })
        });
        let statement = sql::swap_state(&tenant, name, version, state, service, event.as_ref());
        Ok(!self.query(&tenant, statement).await?.is_empty())
    }

    /// The places of events, as a JSON array, and the id of the key that they are signed under.
    fn seals(
        &self,
        tenant: &TenantId,
        head: Option<&ChainedEvent>,
        events: &[ChainedEvent],
    ) -> Result<(String, String)> {
        let ring = self.keys.ring()?;
        let mut position = head.and_then(|head| head.position).unwrap_or(0);
        let mut previous = head.and_then(|head| head.mac.clone()).unwrap_or_default();
        let (mut seals, mut key_id) = (Vec::with_capacity(events.len()), String::new());
        for event in events {
            position += 1;
            let (id, mac) =
                ring.sign_event(tenant.slug(), &message(position, &previous, &event.text))?;
            seals.push(json!({ "seq": event.seq, "position": position, "mac": mac }));
            previous = mac;
            key_id = id.to_string();
        }
        match to_json(&seals)? {
            JsOutput::Json(seals) => Ok((seals, key_id)),
            _ => Err(CredentialError::StoredDataInvalid),
        }
    }

    fn verify_event(
        &self,
        tenant: &TenantId,
        event: ChainedEvent,
        report: &mut ChainReport,
    ) -> Result<()> {
        let (Some(position), mac) = (event.position, event.mac.unwrap_or_default()) else {
            return Ok(());
        };
        let (expected, previous) = match &report.head {
            Some(head) => (head.position + 1, head.mac.as_str()),
            None => (1, ""),
        };
        let problem = if position == expected {
            let text = message(position, previous, &event.text);
            let key_id = event.sealed_under.unwrap_or_default();
            match self.keys.ring()?.verify_event(tenant.slug(), &text, &key_id, &mac)? {
                Some(true) => None,
                Some(false) => Some((position, "changed")),
                None => {
                    report.unverifiable += 1;
                    None
                }
            }
        } else {
            Some((expected, "missing"))
        };
        if let Some((position, problem)) = problem
            && report.problems.len() < MAX_PROBLEMS
        {
            report.problems.push(ChainProblem { position, problem });
        }
        report.sealed += 1;
        report.head = Some(Head { position, mac });
        Ok(())
    }

    /// Runs a statement about events and states.
    async fn query(&self, tenant: &TenantId, statement: Statement) -> Result<Vec<String>> {
        match self.ask(tenant, statement).await {
            Ok(rows) => Ok(rows),
            Err(DatabaseError::SchemaMissing) => Err(self.missing_tables(tenant).await),
            Err(error) => Err(of_tenant(tenant, error)),
        }
    }
}

/// What the MAC of an event is of.
fn message(position: i64, previous: &str, text: &str) -> String {
    format!("{position}\n{previous}\n{text}")
}
