use serde_json::Value;

use super::standard_webhooks::SVIX_SECRET;
use crate::catalog::account::{entries, text};
use crate::catalog::{
    Account, Authentication, Category, CredentialCheck, Field, Form, ResponseRule as Rule, Service,
    ServiceTable,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service {
    id: "resend",
    display_name: "Resend",
    category: Category::Email,
    table: ServiceTable::Resend,
    fields: &[
        Field::secret("apiKey", "API key")
            .required()
            .example("re_...")
            .hint("Resend, API keys: sending access suffices")
            .at("https://resend.com/api-keys")
            .confused_with(&[(
                Form::Prefix("whsec_"),
                "this is a webhook signing secret; the API key starts with re_",
            )])
            .prefixes(&["re_"]),
        Field::email("defaultFromEmail", "From address").example("shop@example.com"),
        Field::text("defaultFromName", "From name").example("Shop"),
        Field::email("defaultReplyTo", "Reply-to address").example("help@example.com"),
        SVIX_SECRET
            .hint("Resend, Webhooks, the webhook's signing secret")
            .at("https://resend.com/webhooks"),
    ],
    check: CredentialCheck::get(
        "https://api.resend.com",
        "/domains",
        Authentication::Bearer("apiKey"),
    )
    .permission("full access, for the list of domains; sending access is enough to send")
    .rules(RULES)
    .account(read_account),
    webhook_key: None,
};

/// <https://resend.com/docs/api-reference/errors>
const RULES: &[Rule] = &[
    Rule::under_scoped("/message", "restricted to only send").within(),
    Rule::under_scoped("/name", "restricted_api_key").at(401),
    // With this status the key is switched off.
    Rule::invalid("/name", "restricted_api_key").at(403),
    Rule::under_scoped("/name", "invalid_permission"),
    Rule::restricted(Restriction::Account, "/name", "suspended_api_key"),
    Rule::invalid("/name", "invalid_api_key|missing_api_key"),
    // A malformed or unknown key, with status 400.
    Rule::invalid("/message", "API key is invalid").within(),
];

fn read_account(body: &Value, _: &VendorResponse, _: &CredentialFacts) -> Account {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_verified_domains_count() {
        let body = json!({ "data": [
            { "name": "a.example", "status": "verified" },
            { "name": "c.example", "status": "partially_verified" },
            { "name": "b.example", "status": "pending" },
            { "status": "verified" },
            7,
        ] });
        let account = read_account(&body, &VendorResponse::default(), &CredentialFacts::default());
        assert_eq!(account.details["domains"], json!(["a.example", "c.example"]));
    }
}
