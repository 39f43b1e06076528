//! What each vendor's answer tells of the account.

use serde_json::{Map, Value, json};

use super::question::Known;
use super::verdict::VendorAnswer;

/// Longest text that is taken over, in characters.
const MAX_TEXT: usize = 500;

/// Reads the account from the body of an answer.
pub(crate) type ReadAccount = fn(&Value, &VendorAnswer, &Known) -> Account;

/// What was told.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// For the row, by the names of account details.
    pub(crate) columns: Vec<(&'static str, Value)>,
    /// For the caller.
    pub(crate) details: Map<String, Value>,
}

pub(crate) fn none(_: &Value, _: &VendorAnswer, _: &Known) -> Account {
    Account::default()
}

pub(crate) fn stripe(body: &Value, _: &VendorAnswer, known: &Known) -> Account {
    let mut account = Account::default();
    account.keep("accountId", text(body, "/id"));
    let names = ["/business_profile/name", "/settings/dashboard/display_name"];
    account.keep("accountName", names.iter().find_map(|place| text(body, place)));
    account.keep("accountCountry", text(body, "/country"));
    account.show("livemode", known.livemode.map(Value::from));
    account
}

pub(crate) fn resend(body: &Value, _: &VendorAnswer, _: &Known) -> Account {
    let domains: Vec<Value> = entries(body, "/data")
        .iter()
        .filter(|domain| {
            let status = domain.get("status").and_then(Value::as_str);
            // A domain may be verified for sending and not yet for receiving.
            matches!(status, Some("verified" | "partially_verified"))
        })
        .filter_map(|domain| text(domain, "/name"))
        .collect();
    let mut account = Account::default();
    account.columns.push(("verifiedDomains", domains.clone().into()));
    account.show("domains", Some(domains.into()));
    account
}

/// The profile that the tenant uses, if the token still reaches it; else the first business
/// profile, else the first.
pub(crate) fn wise(body: &Value, _: &VendorAnswer, known: &Known) -> Account {
    let profiles: Vec<Value> = entries(body, "").iter().filter_map(wise_profile).collect();
    let used = profiles.iter().find(|profile| id_of(profile) == known.profile_id);
    let business = || profiles.iter().find(|profile| profile["type"] == "business");
    let mut account = Account::default();
    if let Some(profile) = used.or_else(business).or_else(|| profiles.first()) {
        account.columns.push(("profileId", id_of(profile).into()));
        account.columns.push(("profileType", profile["type"].clone()));
        account.columns.push(("accountHolderName", holder(profile)));
    }
    account.show("profiles", Some(profiles.into()));
    account
}

pub(crate) fn anthropic(_: &Value, answer: &VendorAnswer, _: &Known) -> Account {
    organization(answer, "anthropic-organization-id")
}

pub(crate) fn openai(_: &Value, answer: &VendorAnswer, _: &Known) -> Account {
    organization(answer, "openai-organization")
}

pub(crate) fn elevenlabs(body: &Value, _: &VendorAnswer, _: &Known) -> Account {
    let mut account = Account::default();
    account.keep("accountId", text(body, "/user_id"));
    account.show("accountName", text(body, "/first_name"));
    account.show_metadata(body, &[("tier", "/subscription/tier")]);
    account
}

pub(crate) fn twilio(body: &Value, _: &VendorAnswer, known: &Known) -> Account {
    let mut account = Account::default();
    let named = || known.account_sid.as_deref().map(clip);
    account.keep("accountId", text(body, "/sid").or_else(named));
    account.show("accountName", text(body, "/friendly_name"));
    account.show_metadata(body, &[("status", "/status"), ("type", "/type")]);
    account
}

fn organization(answer: &VendorAnswer, header: &str) -> Account {
    let mut account = Account::default();
    account.keep("accountId", answer.header(header).map(clip));
    account
}

impl Account {
    /// For the row and for the caller.
    fn keep(&mut self, name: &'static str, value: Option<Value>) {
        if let Some(value) = value {
            self.columns.push((name, value.clone()));
            self.details.insert(name.to_owned(), value);
        }
    }

    fn show(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.details.insert(name.to_owned(), value);
        }
    }

    fn show_metadata(&mut self, body: &Value, places: &[(&str, &str)]) {
        let metadata = texts(body, places);
        if !metadata.is_empty() {
            self.show("metadata", Some(metadata.into()));
        }
    }
}

/// The texts that are there, by name. Not collected: `Map` would sort them first, by code that
/// WebAssembly has no other use for.
fn texts(value: &Value, places: &[(&str, &str)]) -> Map<String, Value> {
    let mut texts = Map::new();
    for (name, place) in places {
        if let Some(text) = text(value, place) {
            texts.insert((*name).to_owned(), text);
        }
    }
    texts
}

/// The text at a JSON pointer, unless it is empty.
fn text(value: &Value, place: &str) -> Option<Value> {
    value.pointer(place)?.as_str().filter(|text| !text.is_empty()).map(clip)
}

fn clip(text: &str) -> Value {
    text.chars()
        .filter(|character| !character.is_control())
        .take(MAX_TEXT)
        .collect::<String>()
        .into()
}

fn entries<'a>(value: &'a Value, place: &str) -> &'a [Value] {
    value.pointer(place).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The fields of the contract's `WiseProfile`.
fn wise_profile(profile: &Value) -> Option<Value> {
    let id = profile.get("id").filter(|id| id.is_u64())?;
    let kind = match profile.get("type")?.as_str()? {
        kind if kind.eq_ignore_ascii_case("business") => "business",
        kind if kind.eq_ignore_ascii_case("personal") => "personal",
        _ => return None,
    };
    // The names of the API's second version, and those of its first.
    let places: &[_] = match kind {
        "business" => &[("name", "/businessName"), ("name", "/details/name")],
        _ => &[
            ("firstName", "/firstName"),
            ("firstName", "/details/firstName"),
            ("lastName", "/lastName"),
            ("lastName", "/details/lastName"),
        ],
    };
    let details = texts(profile, places);
    Some(json!({ "id": id, "type": kind, "details": details }))
}

fn id_of(profile: &Value) -> Option<String> {
    profile.get("id").map(Value::to_string)
}

fn holder(profile: &Value) -> Value {
    let part = |name: &str| profile.get("details")?.get(name)?.as_str();
    match (part("name"), part("firstName"), part("lastName")) {
        (Some(name), _, _) => name.into(),
        (None, Some(first), Some(last)) => format!("{first} {last}").into(),
        (None, first, last) => first.or(last).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> VendorAnswer {
        VendorAnswer::parse("{}").unwrap()
    }

    #[test]
    fn wise_keeps_the_profile_in_use_and_else_prefers_a_business() {
        let body = json!([
            { "id": 1, "type": "personal", "details": { "firstName": "A", "lastName": "B" } },
            { "id": 2, "type": "BUSINESS", "businessName": "C", "fullName": "Someone" },
        ]);
        for (used, chosen, name) in
            [(None, "2", "C"), (Some("1"), "1", "A B"), (Some("9"), "2", "C")]
        {
            let known = Known { profile_id: used.map(str::to_owned), ..Known::default() };
            let account = wise(&body, &answer(), &known);
            assert_eq!(account.columns[0], ("profileId", chosen.into()));
            assert_eq!(account.columns[2], ("accountHolderName", name.into()));
        }
        assert!(wise(&json!([]), &answer(), &Known::default()).columns.is_empty());
        assert!(wise(&json!({}), &answer(), &Known::default()).columns.is_empty());
    }

    #[test]
    fn only_verified_domains_count() {
        let body = json!({ "data": [
            { "name": "a.example", "status": "verified" },
            { "name": "c.example", "status": "partially_verified" },
            { "name": "b.example", "status": "pending" },
            { "status": "verified" },
            7,
        ] });
        let account = resend(&body, &answer(), &Known::default());
        assert_eq!(account.details["domains"], json!(["a.example", "c.example"]));
    }

    #[test]
    fn what_a_vendor_tells_is_limited_in_length_and_kind() {
        let body = json!({ "id": "x".repeat(1000), "country": 7, "business_profile": { "name": "a\u{0}b" } });
        let account = stripe(&body, &answer(), &Known::default());
        assert_eq!(account.details["accountId"].as_str().map(str::len), Some(MAX_TEXT));
        assert_eq!(account.details["accountName"], "ab");
        assert!(!account.details.contains_key("accountCountry"));
    }
}
