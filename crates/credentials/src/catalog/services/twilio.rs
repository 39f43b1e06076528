use serde_json::Value;

use crate::catalog::account::{clip, text};
use crate::catalog::{
    Account, Authentication, Category, Charset, CredentialCheck, Field, Form, Region,
    ResponseRule as Rule, Service,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service {
    // Twilio signs with the account's auth token.
    webhook_key: Some("apiSecret"),
    ..Service::api(
        "twilio",
        "Twilio",
        Category::Messaging,
        &[
            Field::secret("apiKey", "Account SID, or SID of an API key")
                .required()
                .example("AC00000000000000000000000000000000")
                .hint("Twilio console, Account info; or API keys and tokens, as Twilio advises")
                .at("https://console.twilio.com/us1/account/keys-credentials/api-keys")
                .prefixes(&["AC", "SK"])
                .length(34, 34)
                .hex_after_prefix(),
            Field::secret("apiSecret", "Auth token, or secret of the API key")
                .required()
                .hint("Twilio console, beside the SID")
                .confused_with(&[
                    (
                        Form::Sid("AC"),
                        "this is an account SID; the auth token or key secret is shown beside it",
                    ),
                    (
                        Form::Sid("SK"),
                        "this is the SID of an API key; its secret was shown once, with it",
                    ),
                ]),
            Field::text("metadata.accountSid", "Account SID")
                .of(Charset::Token)
                .prefixes(&["AC"])
                .length(34, 34)
                .hex_after_prefix()
                .example("AC00000000000000000000000000000000")
                .hint("Needed beside an API key"),
            Field::secret("webhookSecret", "Auth token for webhooks")
                .hint("Twilio signs with the auth token: needed beside an API key"),
            Field::choice("metadata.region", "Region", REGIONS)
                .hint("Where the account's data stays; left out: United States"),
        ],
        // The account SID is a name, not a secret: Twilio's own clients have it in every URL.
        CredentialCheck::get(
            "https://api.twilio.com",
            "/2010-04-01/Accounts/{apiKey}.json",
            Authentication::Basic { user: "apiKey", password: Some("apiSecret") },
        )
        // Standard keys may not read accounts.
        .other_key("SK", "/2010-04-01/Accounts/{metadata.accountSid}/Calls.json?PageSize=1")
        .regions("metadata.region", REGIONS)
        .permission("the account's auth token, or an API key that may read calls")
        .rules(RULES)
        .account(read_account),
    )
};

/// <https://www.twilio.com/docs/api/errors>; the account's own state comes with status 200.
const RULES: &[Rule] = &[
    Rule::restricted(Restriction::Account, "/status", "suspended|closed").at(200),
    // 20403: as its documentation says, of an account that is suspended or closed.
    Rule::restricted(Restriction::Account, "/code", "10001|20005|20403"),
    Rule::under_scoped("/code", "20006|20008|70051"),
    Rule::invalid("/code", "20003|20404"),
];

const REGIONS: &[Region] = &[
    Region { value: "ie1", label: "Ireland", base: "https://api.dublin.ie1.twilio.com" },
    Region { value: "au1", label: "Australia", base: "https://api.sydney.au1.twilio.com" },
];

fn read_account(body: &Value, _: &VendorResponse, facts: &CredentialFacts) -> Account {
    let mut account = Account::default();
    let named = || facts.account_sid.as_deref().map(clip);
    account.keep("accountId", text(body, "/sid").or_else(named));
    account.show("accountName", text(body, "/friendly_name"));
    account.show_metadata(body, &[("status", "/status"), ("type", "/type")]);
    account
}
