use crate::field::{Field, ModeSwitch};
use crate::service::{Category, Service, ServiceTable};
use crate::verification::{Authentication, Probe, ResponseRule as Rule, Restriction, account};

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
    probe: Probe::get("https://api.wise.com", "/v2/profiles", Authentication::Bearer("apiKey"))
        .sandbox("https://api.wise-sandbox.com")
        .permission("read")
        .rules(RULES)
        .account(account::wise),
    webhook_key: None,
};

/// <https://docs.wise.com/guides/developer/errors>; a demand of strong customer authentication (PSD2)
/// comes with a header of its own.
const RULES: &[Rule] = &[
    Rule::under_scoped("header:x-2fa-approval|header:x-2fa-approval-result", "").any(),
    Rule::under_scoped("/error", "insufficient_scope"),
    Rule::restricted(Restriction::Address, "/message", "IP address").within(),
];
