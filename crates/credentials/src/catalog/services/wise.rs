use serde_json::{Value, json};

use crate::catalog::account::{entries, texts};
use crate::catalog::{
    Account, Authentication, Category, CredentialCheck, Field, ModeSwitch, ResponseRule as Rule,
    Service, ServiceTable,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service {
    id: "wise",
    display_name: "Wise",
    category: Category::Payments,
    table: ServiceTable::Wise,
    fields: &[
        Field::secret("apiKey", "API token")
            .required()
            .example("00000000-0000-0000-0000-000000000000")
            .hint("Wise, Settings, API tokens")
            .at("https://docs.wise.com/guides/developer/auth-and-security/personal-api-token"),
        Field::secret("webhookSecret", "Webhook key")
            .public_key()
            .example("-----BEGIN PUBLIC KEY-----")
            .hint("Wise's public key for webhooks; left out, the one that Wise publishes is used"),
        Field::boolean("sandboxMode", "Sandbox")
            .chooses(ModeSwitch::Sandbox)
            .hint("Whether the token belongs to Wise's sandbox"),
        Field::currency("sourceCurrency", "Currency")
            .example("USD")
            .hint("Payments are made in it"),
    ],
    check: CredentialCheck::get(
        "https://api.wise.com",
        "/v2/profiles",
        Authentication::Bearer("apiKey"),
    )
    .sandbox("https://api.wise-sandbox.com")
    .permission("read")
    .rules(RULES)
    .account(read_account),
    webhook_key: None,
};

/// <https://docs.wise.com/guides/developer/errors>; a demand of strong customer authentication (PSD2)
/// comes with a header of its own.
const RULES: &[Rule] = &[
    Rule::under_scoped("header:x-2fa-approval|header:x-2fa-approval-result", "").any(),
    Rule::under_scoped("/error", "insufficient_scope"),
    Rule::restricted(Restriction::Address, "/message", "IP address").within(),
];

/// The profile that the tenant uses, if the token still reaches it; else the first business
/// profile, else the first.
fn read_account(body: &Value, _: &VendorResponse, facts: &CredentialFacts) -> Account {
    let profiles: Vec<Value> = entries(body, "").iter().filter_map(wise_profile).collect();
    let used = profiles.iter().find(|profile| id_of(profile) == facts.profile_id);
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

    #[test]
    fn wise_keeps_the_profile_in_use_and_else_prefers_a_business() {
        let body = json!([
            { "id": 1, "type": "personal", "details": { "firstName": "A", "lastName": "B" } },
            { "id": 2, "type": "BUSINESS", "businessName": "C", "fullName": "Someone" },
        ]);
        for (used, chosen, name) in
            [(None, "2", "C"), (Some("1"), "1", "A B"), (Some("9"), "2", "C")]
        {
            let facts = CredentialFacts {
                profile_id: used.map(str::to_owned),
                ..CredentialFacts::default()
            };
            let account = read_account(&body, &VendorResponse::default(), &facts);
            assert_eq!(account.columns[0], ("profileId", chosen.into()));
            assert_eq!(account.columns[2], ("accountHolderName", name.into()));
        }
        assert!(
            read_account(&json!([]), &VendorResponse::default(), &CredentialFacts::default())
                .columns
                .is_empty()
        );
        assert!(
            read_account(&json!({}), &VendorResponse::default(), &CredentialFacts::default())
                .columns
                .is_empty()
        );
    }
}
