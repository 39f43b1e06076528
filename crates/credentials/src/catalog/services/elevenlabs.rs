use super::super::api_service;
use crate::field::Field;
use crate::service::{Category, Service};
use crate::verification::{
    Authentication, Probe, Region, ResponseRule as Rule, Restriction, account,
};

pub(crate) const SERVICE: Service = api_service(
    "elevenlabs",
    "ElevenLabs",
    Category::Ai,
    &[
        Field::secret("apiKey", "API key").required().hint("ElevenLabs, Developers, API keys"),
        Field::secret("webhookSecret", "Webhook secret")
            .example("wsec_...")
            .hint("ElevenLabs, Settings, Webhooks: shown once"),
        Field::choice("metadata.region", "Region", REGIONS)
            .hint("Of an account with data residency"),
    ],
    Probe::get(
        "https://api.elevenlabs.io",
        "/v1/user",
        Authentication::Header { name: "xi-api-key", field: "apiKey" },
    )
    .regions("metadata.region", REGIONS)
    .permission("User: read (user_read)")
    .rules(RULES)
    .account(account::elevenlabs),
);

/// <https://elevenlabs.io/docs/eleven-api/resources/errors>. Newer answers have `code` beside `status`.
const RULES: &[Rule] = &[
    Rule::invalid("/detail/status|/detail/code", "invalid_api_key"),
    Rule::under_scoped("/detail/status|/detail/code", "missing_permissions"),
    Rule::restricted(Restriction::Quota, "/detail/status|/detail/code", "quota_exceeded"),
    // Also said of servers of a hoster, whatever their key.
    Rule::unexpected("/detail/status|/detail/code", "detected_unusual_activity"),
];

const REGIONS: &[Region] = &[
    Region { value: "us", label: "United States", base: "https://api.us.elevenlabs.io" },
    Region { value: "eu", label: "European Union", base: "https://api.eu.residency.elevenlabs.io" },
    Region { value: "in", label: "India", base: "https://api.in.residency.elevenlabs.io" },
];
