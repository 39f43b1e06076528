use super::super::api_service;
use crate::field::{Field, Form};
use crate::service::{Category, Service};
use crate::verification::{Authentication, Probe, ResponseRule as Rule, Restriction};

pub(crate) const SERVICE: Service = api_service(
    "google_maps",
    "Google Maps",
    Category::Logistics,
    &[Field::secret("apiKey", "API key")
        .required()
        .example("AIza...")
        .hint("Google Cloud console, Credentials")
        .confused_with(&[
            (
                Form::Suffix(".apps.googleusercontent.com"),
                "this is the id of an OAuth client; use an API key",
            ),
            (Form::Prefix("GOCSPX-"), "this is the secret of an OAuth client; use an API key"),
            (Form::Prefix("ya29."), "this is an OAuth access token; use an API key"),
            (Form::Prefix("{"), "this is the file of a service account; use an API key"),
            (
                Form::Suffix(".gserviceaccount.com"),
                "this is the name of a service account; use an API key",
            ),
            (Form::Prefix("-----BEGIN"), "this is a private key; use an API key"),
        ])],
    // A place's id is the one field that costs nothing; Google documents this place.
    Probe::get(
        "https://places.googleapis.com",
        "/v1/places/ChIJj61dQgK6j4AR4GeTYWZsWWw",
        Authentication::Header { name: "x-goog-api-key", field: "apiKey" },
    )
    .headers(&[("x-goog-fieldmask", "id")])
    .permission("Places API (New), with no restriction to websites or apps")
    .rules(RULES),
);

/// `google.api.ErrorReason`, from `google/api/error_reason.proto` of googleapis.
const REASON: &str = "/error/details/*/reason";

const RULES: &[Rule] = &[
    Rule::invalid(REASON, "API_KEY_INVALID"),
    Rule::invalid(REASON, "CONSUMER_INVALID"),
    Rule::restricted(Restriction::Account, REASON, "CONSUMER_SUSPENDED"),
    Rule::restricted(Restriction::Billing, REASON, "BILLING_DISABLED"),
    Rule::restricted(Restriction::Quota, REASON, "RESOURCE_QUOTA_EXCEEDED"),
    Rule::restricted(Restriction::Quota, REASON, "RATE_LIMIT_EXCEEDED"),
    Rule::under_scoped(REASON, "SERVICE_DISABLED"),
    Rule::under_scoped(REASON, "API_KEY_SERVICE_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_HTTP_REFERRER_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_IP_ADDRESS_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_ANDROID_APP_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_IOS_APP_BLOCKED"),
    Rule::restricted(Restriction::Account, "/error/message", "reported as leaked").within(),
    // The place is gone, the key was accepted.
    Rule::valid("/error/status", "NOT_FOUND"),
];
