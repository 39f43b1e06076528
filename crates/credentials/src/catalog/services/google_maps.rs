use crate::catalog::{
    Authentication, Category, CredentialCheck, Field, Form, ResponseRule as Rule, Service,
};
use crate::verification::Restriction;

pub(crate) const SERVICE: Service = Service::api(
    "google_maps",
    "Google Maps",
    Category::Logistics,
    &[Field::secret("apiKey", "API key")
        .required()
        .example("AIza...")
        .hint("Google Cloud console, Credentials")
        .at("https://console.cloud.google.com/project/_/google/maps-apis/credentials")
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
    CredentialCheck::get(
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
    Rule::restricted(Restriction::Account, "/error/message", "reported as leaked").within(),
    Rule::invalid(
        REASON,
        "API_KEY_INVALID|CONSUMER_INVALID|RESOURCE_PROJECT_INVALID|ACCOUNT_STATE_INVALID",
    ),
    Rule::invalid("/error/message", "unregistered callers").within(),
    Rule::under_scoped(REASON, "SERVICE_DISABLED|SERVICE_NOT_VISIBLE|API_KEY_SERVICE_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_HTTP_REFERRER_BLOCKED|API_KEY_IP_ADDRESS_BLOCKED"),
    Rule::under_scoped(REASON, "API_KEY_ANDROID_APP_BLOCKED|API_KEY_IOS_APP_BLOCKED"),
    Rule::under_scoped(REASON, "IAM_PERMISSION_DENIED|ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    Rule::restricted(Restriction::Billing, REASON, "BILLING_DISABLED"),
    Rule::restricted(Restriction::Account, REASON, "CONSUMER_SUSPENDED|GCP_SUSPENDED"),
    Rule::restricted(Restriction::Account, REASON, "USER_PROJECT_DENIED|USER_BLOCKED_BY_ADMIN"),
    // The policies of an organization, of which there are many.
    Rule::restricted(Restriction::Account, REASON, "_VIOLATED").within(),
    Rule::restricted(Restriction::Account, REASON, "ORG_RESTRICTION_VIOLATION"),
    Rule::restricted(Restriction::Quota, REASON, "RESOURCE_QUOTA_EXCEEDED"),
    Rule::rate_limited(REASON, "RATE_LIMIT_EXCEEDED"),
    Rule::rate_limited("/error/status", "RESOURCE_EXHAUSTED"),
    // The place is gone, the key was accepted.
    Rule::valid("/error/status", "NOT_FOUND"),
];
