//! Events: written in the statement of their change, read, and sealed into a chain.

use super::builder::{Sql, json_object, milliseconds, schema};
use crate::database::Statement;
use crate::input::Audit;
use crate::key::CredentialKey;
use crate::tenant::TenantId;

/// The table of events. A schema may lack it.
pub(super) const EVENTS: &str = "tenant_credential_events";

/// Where processes that listen hear of changes: `<tenant> <service>`.
const CHANNEL: &str = "cgk_integrations";

/// Unsealed events that are sealed at a time, and events that are verified at a time.
pub(crate) const SEALED_AT_A_TIME: usize = 500;

/// What happened to a credential.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    /// Such as `credential.saved`.
    pub(crate) name: &'a str,
    /// Input fields that were set or read.
    pub(crate) fields: Vec<&'a str>,
    /// What came of it.
    pub(crate) outcome: Option<&'a str>,
    /// The key that values were sealed under.
    pub(crate) key_id: Option<String>,
    /// JSON that belongs to it.
    pub(crate) details: Option<&'a str>,
    /// By whom.
    pub(crate) audit: &'a Audit,
}

/// In which order events are read, and what the cursor is of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum EventOrder {
    /// By number, the last one first.
    Newest,
    /// By number.
    Oldest,
    /// By place in the chain; what is not sealed is left out.
    Sealed,
}

impl EventOrder {
    /// `None` for a text that names no order.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "newest" => Some(Self::Newest),
            "oldest" => Some(Self::Oldest),
            "sealed" => Some(Self::Sealed),
            _ => None,
        }
    }
}

/// Whether a statement needs the table of events.
pub(crate) fn writes_event(statement: &Statement) -> bool {
    statement.sql().contains(EVENTS)
}

impl Sql {
    /// A change, and an answer made of its rows `t`, with an event for each of them if there is one.
    ///
    /// One statement, so that there is no change without its event, whatever ends the process.
    pub(super) fn push_change(
        &mut self,
        key: &CredentialKey,
        change: &str,
        answer: &str,
        event: Option<&Event>,
    ) {
        self.push(&format!("with changed as (\n{change}\nreturning t.*\n)"));
        self.push_event(key.tenant(), key.service().id(), "changed", event);
        self.push(&format!("\nselect {answer} as answer\nfrom changed as t"));
        if event.is_some_and(|event| event.audit.notifies) {
            let payload = format!("{} {}", key.tenant().slug(), key.service().id());
            let payload = self.bind_text(&payload);
            self.push(&format!(", pg_catalog.pg_notify('{CHANNEL}', {payload}) as notified"));
        }
    }

    /// The part that writes an event for each row of another part.
    pub(super) fn push_event(
        &mut self,
        tenant: &TenantId,
        service: &str,
        source: &str,
        event: Option<&Event>,
    ) {
        let Some(Event { name, fields, outcome, key_id, details, audit }) = event else { return };
        let fields = serde_json::to_string(fields).unwrap_or_default();
        let texts = [
            ("event", Some(*name)),
            ("service", Some(service)),
            ("outcome", *outcome),
            ("key_id", key_id.as_deref()),
            ("actor_type", audit.actor_type.as_deref()),
            ("actor_id", audit.actor_id.as_deref()),
            ("request_id", audit.request_id.as_deref()),
            ("address", audit.address.as_deref()),
        ];
        let jsons = [("fields", Some(fields.as_str())), ("details", *details)];
        let (mut names, mut values) = (vec!["tenant_id"], vec!["t.tenant_id".to_owned()]);
        for (name, text) in texts {
            if let Some(text) = text {
                names.push(name);
                values.push(self.bind_text(text));
            }
        }
        for (name, json) in jsons {
            if let Some(json) = json {
                names.push(name);
                values.push(format!("{}::jsonb", self.bind_text(json)));
            }
        }
        let (names, values) = (names.join(", "), values.join(", "));
        self.push(&format!(
            ",\nevent as (\ninsert into {} ({names})\nselect {values} from {source} as t\n)",
            table(tenant, EVENTS),
        ));
    }
}

/// Events after the one of the cursor, as JSON objects.
pub(crate) fn events(
    tenant: &TenantId,
    order: EventOrder,
    cursor: Option<&str>,
    limit: &str,
    service: Option<&str>,
) -> Statement {
    let mut sql = Sql::default();
    let mut conditions = vec![sql.of_tenant(tenant)];
    let (column, comparison, direction) = match order {
        EventOrder::Newest => ("seq", "<", " desc"),
        EventOrder::Oldest => ("seq", ">", ""),
        EventOrder::Sealed => ("position", ">", ""),
    };
    if let EventOrder::Sealed = order {
        conditions.push("t.position is not null".to_owned());
    }
    if let Some(cursor) = cursor {
        let cursor = sql.bind_text(cursor);
        conditions.push(format!("t.{column} operator(pg_catalog.{comparison}) {cursor}::bigint"));
    }
    if let Some(service) = service {
        conditions.push(format!("t.service = {}", sql.bind_text(service)));
    }
    let limit = sql.bind_text(limit);
    let members = [
        "'seq', t.seq".to_owned(),
        format!("'occurredAt', {}", milliseconds("occurred_at")),
        "'event', t.event".to_owned(),
        "'service', t.service".to_owned(),
        "'fields', t.fields".to_owned(),
        "'outcome', t.outcome".to_owned(),
        "'keyId', t.key_id".to_owned(),
        "'actorType', t.actor_type".to_owned(),
        "'actorId', t.actor_id".to_owned(),
        "'requestId', t.request_id".to_owned(),
        "'address', t.address".to_owned(),
        "'details', t.details".to_owned(),
        "'position', t.position".to_owned(),
        "'mac', t.mac".to_owned(),
    ];
    sql.push(&format!(
        "select {}::text as answer\nfrom {} as t\nwhere {}\norder by t.{column}{direction}\nlimit {limit}::bigint",
        json_object(&members),
        table(tenant, EVENTS),
        conditions.join(" and "),
    ));
    sql.read()
}

/// The last sealed event, and the first that are not sealed, as the texts that MACs are of.
pub(crate) fn unsealed_events(tenant: &TenantId) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let (events, answer) = (table(tenant, EVENTS), chained());
    sql.push(&format!(
        "(select {answer} as answer\nfrom {events} as t\nwhere {condition} and t.position is not null\norder by t.position desc\nlimit 1)\nunion all\n(select {answer} as answer\nfrom {events} as t\nwhere {condition} and t.position is null\norder by t.seq\nlimit {SEALED_AT_A_TIME})",
    ));
    sql.read()
}

/// Puts events that are not sealed into their places; `seals` is a JSON array of `seq`, `position` and
/// `mac`. One answer for each.
pub(crate) fn seal_events(tenant: &TenantId, seals: &str, key_id: &str) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let (seals, key_id) = (sql.bind_text(seals), sql.bind_text(key_id));
    let member = |name: &str| format!("(s.value operator(pg_catalog.->>) '{name}'::text)");
    sql.push(&format!(
        "update {} as t set position = {}::bigint, mac = {}, sealed_under = {key_id}\nfrom pg_catalog.json_array_elements({seals}::json) as s\nwhere {condition} and t.seq = {}::bigint and t.position is null\nreturning '{{}}' as answer",
        table(tenant, EVENTS),
        member("position"),
        member("mac"),
        member("seq"),
    ));
    sql.write()
}

/// Sealed events after a place in the chain, as the texts that MACs are of, in their order.
pub(crate) fn sealed_events(tenant: &TenantId, after: i64) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    let after = sql.bind_text(&after.to_string());
    sql.push(&format!(
        "select {} as answer\nfrom {} as t\nwhere {condition} and t.position operator(pg_catalog.>) {after}::bigint\norder by t.position\nlimit {SEALED_AT_A_TIME}",
        chained(),
        table(tenant, EVENTS),
    ));
    sql.read()
}

/// How many events are not sealed.
pub(crate) fn count_unsealed_events(tenant: &TenantId) -> Statement {
    let mut sql = Sql::default();
    let condition = sql.of_tenant(tenant);
    sql.push(&format!(
        "select pg_catalog.count(*)::text as answer\nfrom {} as t\nwhere {condition} and t.position is null",
        table(tenant, EVENTS),
    ));
    sql.read()
}

/// An event of row `t`, where it is in the chain, and the text that its MAC is of.
fn chained() -> String {
    let text = "pg_catalog.json_build_array(t.seq, pg_catalog.floor(extract(epoch from t.occurred_at) \
                operator(pg_catalog.*) 1000000)::bigint, t.event, t.service, t.fields, t.outcome, t.key_id, \
                t.actor_type, t.actor_id, t.request_id, t.address, t.details)::text";
    let members = [
        "'seq', t.seq".to_owned(),
        "'position', t.position".to_owned(),
        "'mac', t.mac".to_owned(),
        "'sealedUnder', t.sealed_under".to_owned(),
        format!("'text', {text}"),
    ];
    format!("{}::text", json_object(&members))
}

/// A table of the tenant that is none of credentials.
pub(super) fn table(tenant: &TenantId, name: &str) -> String {
    format!("{}.{name}", schema(tenant))
}
