//! Who makes a change, for the event that is written of it.

use super::parse::{FieldValue, Fields};

/// Who makes a change, and what else belongs to its event. The npm package has checked the texts.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    /// Such as `user`, `job` or `cli`.
    pub(crate) actor_type: Option<String>,
    pub(crate) actor_id: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The network address of the one who asks.
    pub(crate) address: Option<String>,
    /// JSON that is kept with the event, such as when a credential expires.
    pub(crate) details: Option<String>,
    /// For an event that no change of a credential makes: its name, service and outcome.
    pub(crate) event: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) outcome: Option<String>,
    /// Whether processes that listen are to hear of the change.
    pub(crate) notifies: bool,
}

impl Audit {
    /// Reads what an object has of it.
    pub(crate) fn of(fields: Fields) -> Self {
        let mut audit = Self::default();
        for (name, value) in fields {
            let text = match value {
                FieldValue::Text(text) => text.expose().to_owned(),
                FieldValue::Json(json) => json,
                FieldValue::Boolean(value) if name == "notifies" => {
                    audit.notifies = value;
                    continue;
                }
                _ => continue,
            };
            let place = match name.as_str() {
                "type" => &mut audit.actor_type,
                "id" => &mut audit.actor_id,
                "requestId" => &mut audit.request_id,
                "address" => &mut audit.address,
                "details" => &mut audit.details,
                "event" => &mut audit.event,
                "service" => &mut audit.service,
                "outcome" => &mut audit.outcome,
                _ => continue,
            };
            *place = Some(text);
        }
        audit
    }
}
