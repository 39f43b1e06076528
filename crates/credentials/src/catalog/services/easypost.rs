use crate::catalog::{
    Authentication, Category, Charset, CredentialCheck, Field, Form, ResponseRule as Rule, Service,
};
use crate::verification::Restriction;

pub(crate) const SERVICE: Service = Service::api(
    "easypost",
    "EasyPost Shipping",
    Category::Logistics,
    &[
        Field::secret("apiKey", "API key")
            .required()
            .example("EZAK...")
            .hint("EasyPost dashboard, API keys: production or test")
            .at("https://www.easypost.com/account/api-keys"),
        Field::secret("webhookSecret", "Webhook secret")
            .of(Charset::Any)
            .hint("The secret that the webhook was made with")
            .confused_with(&[(
                Form::Prefix("hook_"),
                "this is the id of the webhook; its secret is what it was made with",
            )]),
    ],
    CredentialCheck::get(
        "https://api.easypost.com",
        "/v2/trackers?page_size=1",
        Authentication::Basic { user: "apiKey", password: None },
    )
    .permission("any key, production or test")
    .rules(RULES),
);

/// <https://docs.easypost.com/docs/errors>
const RULES: &[Rule] = &[
    Rule::invalid("/error/code", "APIKEY.INACTIVE|APIKEY.REQUIRED|UNAUTHORIZED"),
    Rule::under_scoped("/error/code", "FORBIDDEN"),
    Rule::restricted(Restriction::Billing, "/error/code|/error/message", "").any().at(402),
];
