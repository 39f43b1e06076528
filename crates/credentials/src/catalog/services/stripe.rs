use serde_json::Value;

use crate::catalog::account::text;
use crate::catalog::{
    Account, Authentication, Category, Charset, CredentialCheck, Field, Form, ModeSwitch,
    ResponseRule as Rule, Service, ServiceTable,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service {
    id: "stripe",
    display_name: "Stripe",
    category: Category::Payments,
    table: ServiceTable::Stripe,
    fields: &[
        Field::secret("secretKey", "Secret key")
            .required()
            .examples("sk_test_...", "sk_live_...")
            .hint("Stripe dashboard, Developers, API keys: a secret (sk_) or restricted (rk_) key")
.at("https://dashboard.stripe.com/apikeys")
            .confused_with(&[
                (Form::Prefix("pk_"), "this is a publishable key; the secret key starts with sk_ or rk_"),
                (Form::Prefix("whsec_"), "this is a webhook signing secret; the secret key starts with sk_ or rk_"),
                (Form::Prefix("sk_org_"), "this is a key of an organization, which would have to say on every call which account it is for; use a key of the account itself"),
                (Form::Prefix("ek_"), "this is an ephemeral key, which is gone within an hour; the secret key starts with sk_ or rk_"),
                (Form::Prefix("acct_"), "this is the id of the account; the secret key starts with sk_ or rk_"),
            ])
            .prefixes(&["sk_", "rk_"]),
        Field::text("publishableKey", "Publishable key")
            .of(Charset::Token)
            .examples("pk_test_...", "pk_live_...")
            .hint("Of the same mode, live or test, as the secret key")
.at("https://dashboard.stripe.com/apikeys")
            .confused_with(&[
                (Form::Prefix("sk_"), "this is a secret key and would be stored unencrypted; the publishable key starts with pk_"),
                (Form::Prefix("rk_"), "this is a restricted key and would be stored unencrypted; the publishable key starts with pk_"),
            ])
            .prefixes(&["pk_"]),
        Field::secret("webhookSecret", "Webhook signing secret")
            .example("whsec_...")
            .hint("Stripe dashboard, Developers, Webhooks, the endpoint's signing secret")
.at("https://dashboard.stripe.com/webhooks")
            .confused_with(&[
                (Form::Prefix("sk_"), "this is a secret key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("rk_"), "this is a restricted key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("pk_"), "this is a publishable key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("we_"), "this is the id of the webhook endpoint; its signing secret starts with whsec_"),
            ]),
        Field::boolean("livemode", "Live mode").chooses(ModeSwitch::Live).hint("The secret key decides"),
    ],
    check: CredentialCheck::get("https://api.stripe.com", "/v1/account", Authentication::Bearer("secretKey"))
        .permission("Accounts: read, for the account's name")
        .rules(RULES)
        .account(read_account),
    webhook_key: None,
};

/// <https://docs.stripe.com/error-codes>, <https://docs.stripe.com/keys>
const RULES: &[Rule] = &[
    Rule::restricted(Restriction::Address, "/error/message", "your IP address").within(),
    Rule::restricted(Restriction::Account, "/error/code", "testmode_charges_only"),
    Rule::restricted(Restriction::Account, "/error/message", "cannot currently make live charges")
        .within(),
    // Documented for keys that have expired or were rolled: <https://docs.stripe.com/error-codes>
    Rule::revoked("/error/code", "api_key_expired|platform_api_key_expired"),
    Rule::invalid("/error/message", "Stripe-Context").within(),
    // Sent also where the platform's access to the account was revoked.
    Rule::invalid("/error/code", "account_invalid"),
    Rule::under_scoped("/error/code", "more_permissions_required"),
    Rule::under_scoped("/error/message", "the required permissions").within(),
];

fn read_account(body: &Value, _: &VendorResponse, facts: &CredentialFacts) -> Account {
    let mut account = Account::default();
    account.keep("accountId", text(body, "/id"));
    let names = ["/business_profile/name", "/settings/dashboard/display_name"];
    account.keep("accountName", names.iter().find_map(|place| text(body, place)));
    account.keep("accountCountry", text(body, "/country"));
    account.show("livemode", facts.livemode.map(Value::from));
    account
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::account::MAX_TEXT;

    #[test]
    fn what_a_vendor_says_is_limited_in_length_and_kind() {
        let body = json!({ "id": "x".repeat(1000), "country": 7, "business_profile": { "name": "a\u{0}b" } });
        let account = read_account(&body, &VendorResponse::default(), &CredentialFacts::default());
        assert_eq!(account.details["accountId"].as_str().map(str::len), Some(MAX_TEXT));
        assert_eq!(account.details["accountName"], "ab");
        assert!(!account.details.contains_key("accountCountry"));
    }
}
