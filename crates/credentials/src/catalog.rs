//! The service catalog (contract, section 5), as data: what a service is called, what it needs,
//! how it is asked whether a credential works. Forms, validation, verification, documentation and
//! TypeScript types come from here. A new service is one entry.

use crate::field::{Characters, Field};
use crate::service::{Category, Service, ServiceTable};
use crate::verification::{Authentication, Body, Probe, Sign, account};

/// All services, in the order in which they are shown.
pub static SERVICES: &[Service] = &[
    Service {
        id: "stripe",
        display_name: "Stripe",
        category: Category::Payments,
        table: ServiceTable::Stripe,
        fields: &[
            Field::secret("secretKey", "Secret key")
                .required()
                .example("sk_test_...")
                .hint("Stripe dashboard, Developers, API keys: a secret (sk_) or restricted (rk_) key")
                .mistaken(&[
                    ("pk_", "this is a publishable key; the secret key starts with sk_ or rk_"),
                    ("whsec_", "this is a webhook signing secret; the secret key starts with sk_ or rk_"),
                ])
                .prefixes(&["sk_", "rk_"]),
            Field::text("publishableKey", "Publishable key")
                .of(Characters::Token)
                .example("pk_test_...")
                .hint("Of the same mode, live or test, as the secret key")
                .mistaken(&[
                    ("sk_", "this is a secret key and would be stored in clear; the publishable key starts with pk_"),
                    ("rk_", "this is a restricted key and would be stored in clear; the publishable key starts with pk_"),
                ])
                .prefixes(&["pk_"]),
            Field::secret("webhookSecret", "Webhook signing secret")
                .example("whsec_...")
                .hint("Stripe dashboard, Developers, Webhooks, the endpoint's signing secret")
                .mistaken(&[
                    ("sk_", "this is a secret key; the webhook signing secret starts with whsec_"),
                    ("pk_", "this is a publishable key; the webhook signing secret starts with whsec_"),
                ]),
            Field::boolean("livemode", "Live mode")
                .hint("Told by the secret key where it is left out"),
        ],
        probe: Probe::get("https://api.stripe.com", "/v1/account", Authentication::Bearer("secretKey"))
            .permission("Accounts: read, for the account's name")
            .account(account::stripe),
    },
    Service {
        id: "wise",
        display_name: "Wise",
        category: Category::Payments,
        table: ServiceTable::Wise,
        fields: &[
            Field::secret("apiKey", "API token")
                .required()
                .example("00000000-0000-0000-0000-000000000000")
                .hint("Wise, Settings, API tokens"),
            Field::secret("webhookSecret", "Webhook key")
                .of(Characters::Any)
                .example("-----BEGIN PUBLIC KEY-----")
                .hint("Wise's public key for webhooks (PEM), or the secret shared with a proxy that signs by HMAC"),
            Field::boolean("sandboxMode", "Sandbox")
                .hint("Whether the token belongs to Wise's sandbox"),
            Field::currency("sourceCurrency", "Currency").example("USD").hint("Payments are made in it"),
        ],
        probe: Probe::get("https://api.transferwise.com", "/v1/profiles", Authentication::Bearer("apiKey"))
            .sandbox("https://api.sandbox.transferwise.tech")
            .permission("read")
            .account(account::wise),
    },
    Service {
        id: "resend",
        display_name: "Resend",
        category: Category::Email,
        table: ServiceTable::Resend,
        fields: &[
            Field::secret("apiKey", "API key")
                .required()
                .example("re_...")
                .hint("Resend, API keys: sending access suffices")
                .prefixes(&["re_"]),
            Field::email("defaultFromEmail", "From address").example("shop@example.com"),
            Field::text("defaultFromName", "From name").example("Shop"),
            Field::email("defaultReplyTo", "Reply-to address").example("help@example.com"),
        ],
        probe: Probe::get("https://api.resend.com", "/domains", Authentication::Bearer("apiKey"))
            .permission("full access, for the list of domains; sending access is enough to send")
            .signs(&[
                Sign::under_scoped("/name", "restricted_api_key"),
                Sign::invalid("/name", "invalid_api_key"),
                Sign::invalid("/name", "missing_api_key"),
                // A malformed key, with status 400.
                Sign::invalid("/message", "API key is invalid"),
            ])
            .account(account::resend),
    },
    api_service(
        "mux",
        "Mux Video",
        Category::Media,
        &[
            Field::secret("apiKey", "Token ID")
                .required()
                .example("00000000-0000-0000-0000-000000000000")
                .hint("Mux, Settings, Access tokens"),
            Field::secret("apiSecret", "Token secret").required().hint("Shown once, with the token ID"),
            Field::secret("webhookSecret", "Webhook signing secret")
                .hint("Mux, Settings, Webhooks, the webhook's signing secret"),
        ],
        Probe::get(
            "https://api.mux.com",
            "/video/v1/assets?limit=1",
            Authentication::Basic { user: "apiKey", password: Some("apiSecret") },
        )
        .permission("Mux Video: read"),
    ),
    api_service(
        "assemblyai",
        "AssemblyAI",
        Category::Media,
        &[Field::secret("apiKey", "API key").required().hint("AssemblyAI dashboard, API keys")],
        Probe::get(
            "https://api.assemblyai.com",
            "/v2/transcript?limit=1",
            Authentication::Header { name: "authorization", field: "apiKey" },
        )
        .permission("any key"),
    ),
    api_service(
        "cloudflare_r2",
        "Cloudflare R2",
        Category::Media,
        &[
            Field::secret("apiKey", "Access key ID")
                .required()
                .hint("Cloudflare, R2, Manage API tokens: the S3 access key id"),
            Field::secret("apiSecret", "Secret access key").required().hint("Shown once, with the access key id"),
            Field::text("metadata.accountId", "Account ID")
                .required()
                .of(Characters::Hex)
                .length(32, 32)
                .example("00000000000000000000000000000000")
                .hint("Cloudflare, R2, Overview"),
            Field::text("metadata.bucket", "Bucket")
                .of(Characters::BucketName)
                .length(3, 63)
                .example("uploads")
                .hint("Needed where the token is limited to one bucket"),
        ],
        Probe::get("https://{metadata.accountId}.r2.cloudflarestorage.com", "/", Authentication::S3)
            .permission("read of the bucket's location, or of the list of buckets where no bucket is set")
            .body(Body::Xml)
            .signs(&[
                Sign::invalid("Code", "InvalidAccessKeyId"),
                Sign::invalid("Code", "SignatureDoesNotMatch"),
                Sign::invalid("Code", "Unauthorized"),
                Sign::under_scoped("Code", "AccessDenied"),
                // The key was accepted; the bucket is another matter.
                Sign::under_scoped("Code", "NoSuchBucket"),
                Sign::unreachable("Code", "RequestTimeTooSkewed"),
            ]),
    ),
    api_service(
        "anthropic",
        "Anthropic (Claude)",
        Category::Ai,
        &[Field::secret("apiKey", "API key")
            .required()
            .example("sk-ant-...")
            .hint("Anthropic console, API keys")
            .prefixes(&["sk-ant-"])],
        Probe::get(
            "https://api.anthropic.com",
            "/v1/models?limit=1",
            Authentication::Header { name: "x-api-key", field: "apiKey" },
        )
        .headers(&[("anthropic-version", "2023-06-01")])
        .permission("any key")
        .account(account::anthropic),
    ),
    api_service(
        "openai",
        "OpenAI",
        Category::Ai,
        &[Field::secret("apiKey", "API key")
            .required()
            .example("sk-...")
            .hint("OpenAI platform, API keys")
            .mistaken(&[("sk-ant-", "this is an Anthropic key")])
            .prefixes(&["sk-"])],
        Probe::get("https://api.openai.com", "/v1/models", Authentication::Bearer("apiKey"))
            .permission("Models: read")
            .signs(&[Sign::unreachable("/error/code", "unsupported_country_region_territory")])
            .account(account::openai),
    ),
    api_service(
        "elevenlabs",
        "ElevenLabs",
        Category::Ai,
        &[Field::secret("apiKey", "API key").required().hint("ElevenLabs, Developers, API keys")],
        Probe::get(
            "https://api.elevenlabs.io",
            "/v1/user",
            Authentication::Header { name: "xi-api-key", field: "apiKey" },
        )
        .permission("User: read (user_read)")
        .signs(&[
            Sign::under_scoped("/detail/status", "missing_permissions"),
            Sign::unreachable("/detail/status", "detected_unusual_activity"),
        ])
        .account(account::elevenlabs),
    ),
    api_service(
        "google_maps",
        "Google Maps",
        Category::Logistics,
        &[Field::secret("apiKey", "API key").required().example("AIza...").hint("Google Cloud console, Credentials")],
        // A place's id is the one field that costs nothing; Google documents this place.
        Probe::get(
            "https://places.googleapis.com",
            "/v1/places/ChIJj61dQgK6j4AR4GeTYWZsWWw",
            Authentication::Header { name: "x-goog-api-key", field: "apiKey" },
        )
        .headers(&[("x-goog-fieldmask", "id")])
        .permission("Places API (New), with no restriction to websites or apps")
        .signs(&[
            Sign::invalid("/error/details/*/reason", "API_KEY_INVALID"),
            Sign::under_scoped("/error/status", "PERMISSION_DENIED"),
            Sign::valid("/error/status", "NOT_FOUND"),
        ]),
    ),
    api_service(
        "easypost",
        "EasyPost Shipping",
        Category::Logistics,
        &[Field::secret("apiKey", "API key")
            .required()
            .example("EZAK...")
            .hint("EasyPost dashboard, API keys: production or test")],
        Probe::get(
            "https://api.easypost.com",
            "/v2/trackers?page_size=1",
            Authentication::Basic { user: "apiKey", password: None },
        )
        .permission("any key, production or test"),
    ),
    api_service(
        "twilio",
        "Twilio",
        Category::Messaging,
        &[
            Field::secret("apiKey", "Account SID")
                .required()
                .example("AC00000000000000000000000000000000")
                .hint("Twilio console, Account info")
                .mistaken(&[("SK", "this is the SID of an API key; the account SID starts with AC")])
                .prefixes(&["AC"])
                .length(34, 34),
            Field::secret("apiSecret", "Auth token").required().hint("Twilio console, Account info"),
        ],
        // The account SID is a name, not a secret: Twilio's own clients have it in every URL.
        Probe::get(
            "https://api.twilio.com",
            "/2010-04-01/Accounts/{apiKey}.json",
            Authentication::Basic { user: "apiKey", password: Some("apiSecret") },
        )
        .permission("the account's auth token")
        .account(account::twilio),
    ),
];

const fn api_service(
    id: &'static str,
    display_name: &'static str,
    category: Category,
    fields: &'static [Field],
    probe: Probe,
) -> Service {
    Service { id, display_name, category, table: ServiceTable::ApiCredentials, fields, probe }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::field::FieldKind;

    #[test]
    fn the_catalog_has_the_twelve_services_once_each() {
        let ids: HashSet<_> = SERVICES.iter().map(|service| service.id).collect();
        assert_eq!((SERVICES.len(), ids.len()), (12, 12));
        assert_eq!(Service::all_api().count(), 9);
    }

    #[test]
    fn every_field_has_a_column() {
        for service in SERVICES {
            for field in service.fields {
                let column = field.name.split('.').next().unwrap();
                assert!(service.table.table().input_column(column).is_some(), "{field:?}");
            }
        }
    }

    #[test]
    fn examples_fit_their_own_rules() {
        for field in SERVICES.iter().flat_map(|service| service.fields) {
            let whole = field.placeholder.ends_with("...") || field.placeholder.is_empty();
            if field.kind != FieldKind::Boolean && !whole {
                assert!(field.check(field.placeholder).is_ok(), "{field:?}");
            }
        }
    }
}
