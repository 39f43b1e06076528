use crate::catalog::{
    Authentication, Category, CredentialCheck, Field, Form, ResponseRule as Rule, Service,
};

pub(crate) const SERVICE: Service = Service::api(
    "mux",
    "Mux Video",
    Category::Media,
    &[
        Field::secret("apiKey", "Token ID")
            .required()
            .example("00000000-0000-0000-0000-000000000000")
            .hint("Mux, Settings, Access tokens")
            .at("https://dashboard.mux.com/settings/access-tokens")
            .confused_with(&[(
                Form::Base64(60, 120),
                "this looks like the token secret; the token ID is a UUID",
            )]),
        Field::secret("apiSecret", "Token secret")
            .required()
            .hint("Shown once, with the token ID")
            .confused_with(&[(
                Form::Uuid,
                "this is a token ID; the token secret was shown once, with it",
            )]),
        Field::secret("webhookSecret", "Webhook signing secret")
            .hint("Mux, Settings, Webhooks, the webhook's signing secret")
            .at("https://dashboard.mux.com/settings/webhooks")
            .confused_with(&[(
                Form::Uuid,
                "this is the id of the webhook; its signing secret is shown beside it",
            )]),
    ],
    CredentialCheck::get(
        "https://api.mux.com",
        "/video/v1/assets?limit=1",
        Authentication::Basic { user: "apiKey", password: Some("apiSecret") },
    )
    .permission("Mux Video: read")
    .rules(RULES),
);

/// <https://www.mux.com/docs/core/make-api-requests>
const RULES: &[Rule] = &[Rule::under_scoped("/error/type", "forbidden")];
