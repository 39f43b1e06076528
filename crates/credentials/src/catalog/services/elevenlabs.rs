use serde_json::Value;

use crate::catalog::account::text;
use crate::catalog::{
    Account, Authentication, Category, CredentialCheck, Field, Form, Region, ResponseRule as Rule,
    Service,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service::api(
    "elevenlabs",
    "ElevenLabs",
    Category::Ai,
    &[
        Field::secret("apiKey", "API key")
            .required()
            .hint("ElevenLabs, Developers, API keys")
            .at("https://elevenlabs.io/app/developers/api-keys")
            .confused_with(&[(
                Form::Prefix("wsec_"),
                "this is the secret of a webhook; use an API key",
            )]),
        Field::secret("webhookSecret", "Webhook secret")
            .example("wsec_...")
            .hint("ElevenLabs, Settings, Webhooks: shown once"),
        Field::choice("metadata.region", "Region", REGIONS)
            .hint("Of an account with data residency"),
    ],
    CredentialCheck::get(
        "https://api.elevenlabs.io",
        "/v1/user",
        Authentication::Header { name: "xi-api-key", field: "apiKey" },
    )
    .regions("metadata.region", REGIONS)
    .permission("User: read (user_read)")
    .rules(RULES)
    .account(read_account),
);

/// <https://elevenlabs.io/docs/eleven-api/resources/errors>. Newer responses have `code` beside `status`.
const RULES: &[Rule] = &[
    Rule::under_scoped(
        "/detail/status|/detail/code",
        "missing_permissions|insufficient_permissions",
    ),
    Rule::rate_limited("/detail/status|/detail/code", "quota_exceeded").at(401),
    Rule::restricted(
        Restriction::Quota,
        "/detail/status|/detail/code",
        "quota_exceeded|insufficient_credits",
    ),
    Rule::restricted(
        Restriction::Billing,
        "/detail/status|/detail/code|/detail/type",
        "payment_required|paid_plan_required|feature_not_available",
    ),
    Rule::restricted(Restriction::Address, "/detail/status|/detail/code", "ip_not_allowed"),
    Rule::restricted(Restriction::Address, "/detail/message", "IP address").within(),
    // Also said of servers of a hoster, whatever their key.
    Rule::unexpected("/detail/status|/detail/code", "detected_unusual_activity"),
    Rule::invalid("/detail/status|/detail/code", "invalid_api_key|missing_api_key"),
];

const REGIONS: &[Region] = &[
    Region { value: "us", label: "United States", base: "https://api.us.elevenlabs.io" },
    Region { value: "eu", label: "European Union", base: "https://api.eu.residency.elevenlabs.io" },
    Region { value: "in", label: "India", base: "https://api.in.residency.elevenlabs.io" },
    Region { value: "sg", label: "Singapore", base: "https://api.sg.residency.elevenlabs.io" },
];

fn read_account(body: &Value, _: &VendorResponse, _: &CredentialFacts) -> Account {
    let mut account = Account::default();
    account.keep("accountId", text(body, "/user_id"));
    account.show("accountName", text(body, "/first_name"));
    account.show_metadata(body, &[("tier", "/subscription/tier")]);
    account
}
