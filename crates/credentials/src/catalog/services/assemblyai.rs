use crate::catalog::{
    Authentication, Category, Charset, CredentialCheck, Field, Region, ResponseRule as Rule,
    Service,
};
use crate::verification::Restriction;

pub(crate) const SERVICE: Service = Service::api(
    "assemblyai",
    "AssemblyAI",
    Category::Media,
    &[
        Field::secret("apiKey", "API key")
            .required()
            .hint("AssemblyAI dashboard, API keys")
            .at("https://www.assemblyai.com/docs/account-management"),
        Field::secret("webhookSecret", "Webhook header value")
            .of(Charset::Token)
            .hint("The value of webhook_auth_header_value that transcripts are asked for with"),
        Field::choice("metadata.region", "Region", REGIONS)
            .hint("Where the account's data stays; left out: United States"),
    ],
    CredentialCheck::get(
        "https://api.assemblyai.com",
        "/v2/transcript?limit=1",
        Authentication::Header { name: "authorization", field: "apiKey" },
    )
    .regions("metadata.region", REGIONS)
    .permission("any key")
    .rules(RULES),
);

/// <https://www.assemblyai.com/docs/api-reference/overview>
const RULES: &[Rule] = &[
    Rule::restricted(Restriction::Billing, "/error", "balance is negative").within(),
    Rule::restricted(Restriction::Billing, "/error", "insufficient funds").within(),
    Rule::restricted(Restriction::Billing, "/error", "add a credit card").within(),
    Rule::restricted(Restriction::Account, "/error", "account has been disabled").within(),
    Rule::invalid("/error", "API token missing/invalid").within(),
    Rule::invalid("/error", "Invalid API key").within(),
];

const REGIONS: &[Region] =
    &[Region { value: "eu", label: "European Union", base: "https://api.eu.assemblyai.com" }];
