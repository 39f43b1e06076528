use serde_json::Value;

use super::standard_webhooks::SVIX_SECRET;
use crate::catalog::account::organization;
use crate::catalog::{
    Account, Authentication, Category, CredentialCheck, Field, Form, ResponseRule as Rule, Service,
};
use crate::verification::{CredentialFacts, Restriction, VendorResponse};

pub(crate) const SERVICE: Service = Service::api(
    "anthropic",
    "Anthropic (Claude)",
    Category::Ai,
    &[
        Field::secret("apiKey", "API key")
            .required()
            .example("sk-ant-...")
            .hint("Anthropic console, API keys")
.at("https://console.anthropic.com/settings/keys")
            .confused_with(&[
                (Form::Prefix("sk-ant-admin"), "this is an admin key, which manages the organization; use an API key (sk-ant-api…)"),
                (Form::Prefix("sk-ant-oat"), "this is an OAuth access token of a person's login; use an API key (sk-ant-api…)"),
                (Form::Prefix("sk-ant-ort"), "this is an OAuth refresh token of a person's login; use an API key (sk-ant-api…)"),
                (Form::Prefix("sk-ant-sid"), "this is a session of a person's login; use an API key (sk-ant-api…)"),
            ])
            .prefixes(&["sk-ant-"]),
        SVIX_SECRET.hint("Anthropic console, Webhooks, the endpoint's signing key"),
    ],
    CredentialCheck::get(
        "https://api.anthropic.com",
        "/v1/models?limit=1",
        Authentication::Header { name: "x-api-key", field: "apiKey" },
    )
    .headers(&[("anthropic-version", "2023-06-01")])
    .permission("any key")
    .rules(RULES)
    .account(read_account),
);

/// <https://platform.claude.com/docs/en/api/errors>
const RULES: &[Rule] = &[
    Rule::restricted(Restriction::Account, "/error/message", "organization has been disabled")
        .within(),
    Rule::restricted(Restriction::Billing, "/error/message", "credit balance is too low").within(),
    Rule::restricted(Restriction::Billing, "/error/type", "billing_error"),
    Rule::restricted(Restriction::Quota, "/error/message", "API usage limits").within(),
    Rule::restricted(Restriction::App, "/error/message", "CORS requests are not allowed").within(),
    Rule::restricted(Restriction::Address, "/error/message", "IP address").within(),
    Rule::restricted(Restriction::Country, "/error/message", "Request not allowed"),
    Rule::invalid("/error/details/error_code", "oauth_not_allowed_for_organization"),
    Rule::invalid("/error/message", "OAuth authentication is currently not").within(),
    Rule::under_scoped("/error/type", "permission_error"),
];

fn read_account(_: &Value, response: &VendorResponse, _: &CredentialFacts) -> Account {
    organization(response, "anthropic-organization-id")
}
