use serde_json::Value;

use super::standard_webhooks::SVIX_SECRET;
use crate::catalog::account::organization;
use crate::catalog::{
    Account, Authentication, Category, Charset, CredentialCheck, Field, Form, Region,
    ResponseRule as Rule, Service,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service::api(
    "openai",
    "OpenAI",
    Category::Ai,
    &[
        Field::secret("apiKey", "API key")
            .required()
            .example("sk-...")
            .hint("OpenAI platform, API keys")
.at("https://platform.openai.com/api-keys")
            .confused_with(&[
                (Form::Prefix("sk-ant-"), "this is an Anthropic key"),
                (Form::Prefix("sk-or-"), "this is an OpenRouter key"),
                (Form::Prefix("sk-admin-"), "this is an admin key, which manages the organization; use an API key of a project"),
                (Form::Prefix("sess-"), "this is a session of a person's login; use an API key of a project"),
                (Form::Prefix("org-"), "this is the id of an organization; save it as metadata.organization"),
                (Form::Prefix("proj_"), "this is the id of a project; save it as metadata.project"),
                (Form::Prefix("whsec_"), "this is a webhook signing secret; the API key starts with sk-"),
            ])
            .prefixes(&["sk-"]),
        SVIX_SECRET.hint("OpenAI platform, Settings, Webhooks, the webhook's signing secret").at("https://platform.openai.com/settings/project/webhooks"),
        Field::text("metadata.organization", "Organization")
            .of(Charset::Token)
            .prefixes(&["org-"])
            .example("org-...")
            .hint("For keys of a user who is in several organizations"),
        Field::text("metadata.project", "Project")
            .of(Charset::Token)
            .prefixes(&["proj_"])
            .example("proj_...")
            .hint("For keys of a user who is in several projects"),
        Field::choice("metadata.region", "Region", REGIONS)
            .hint("Of a project with data residency"),
    ],
    CredentialCheck::get("https://api.openai.com", "/v1/models", Authentication::Bearer("apiKey"))
        .regions("metadata.region", REGIONS)
        .field_headers(&[
            ("openai-organization", "metadata.organization"),
            ("openai-project", "metadata.project"),
        ])
        .permission("Models: read")
        .rules(RULES)
        .account(read_account),
);

/// <https://platform.openai.com/docs/guides/error-codes/api-errors>. Restricted keys get a 401 or 403
/// without a code, and the scopes that they lack in the message.
const RULES: &[Rule] = &[
    Rule::under_scoped("/error/code", "missing_scope|insufficient_permissions"),
    Rule::under_scoped("/error/message", "Missing scopes").within(),
    Rule::under_scoped("/error/message", "insufficient permissions").within(),
    Rule::restricted(Restriction::Address, "/error/code", "ip_not_authorized"),
    Rule::restricted(Restriction::Country, "/error/code", "unsupported_country_region_territory"),
    Rule::restricted(Restriction::Region, "/error/code", "incorrect_hostname"),
    Rule::restricted(Restriction::Region, "/error/message", "incorrect regional hostname").within(),
    Rule::restricted(
        Restriction::Account,
        "/error/code",
        "account_deactivated|organization_deactivated|organization_suspended",
    ),
    Rule::restricted(
        Restriction::Billing,
        "/error/code|/error/type",
        "billing_not_active|billing_hard_limit_reached|credit_balance_exhausted|insufficient_quota",
    ),
];

/// <https://platform.openai.com/docs/guides/your-data>
const REGIONS: &[Region] = &[
    Region { value: "us", label: "United States", base: "https://us.api.openai.com" },
    Region { value: "eu", label: "Europe", base: "https://eu.api.openai.com" },
    Region { value: "au", label: "Australia", base: "https://au.api.openai.com" },
    Region { value: "ca", label: "Canada", base: "https://ca.api.openai.com" },
    Region { value: "jp", label: "Japan", base: "https://jp.api.openai.com" },
    Region { value: "in", label: "India", base: "https://in.api.openai.com" },
    Region { value: "sg", label: "Singapore", base: "https://sg.api.openai.com" },
    Region { value: "kr", label: "South Korea", base: "https://kr.api.openai.com" },
    Region { value: "gb", label: "United Kingdom", base: "https://gb.api.openai.com" },
    Region { value: "ae", label: "United Arab Emirates", base: "https://ae.api.openai.com" },
];

fn read_account(_: &Value, response: &VendorResponse, _: &CredentialFacts) -> Account {
    organization(response, "openai-organization")
}
