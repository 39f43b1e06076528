use crate::field::{Characters, Field, Form, ModeSwitch};
use crate::service::{Category, Service, ServiceTable};
use crate::verification::{Authentication, Probe, ResponseRule as Rule, Restriction, account};

pub(crate) const SERVICE: Service = Service {
    id: "stripe",
    display_name: "Stripe",
    category: Category::Payments,
    table: ServiceTable::Stripe,
    fields: &[
        Field::secret("secretKey", "Secret key")
            .required()
            .examples("sk_test_...", "sk_live_...")
            .hint("Stripe dashboard, Developers, API keys: a secret (sk_) or restricted (rk_) key")
.at("https://dashboard.stripe.com/apikeys")
            .confused_with(&[
                (Form::Prefix("pk_"), "this is a publishable key; the secret key starts with sk_ or rk_"),
                (Form::Prefix("whsec_"), "this is a webhook signing secret; the secret key starts with sk_ or rk_"),
                (Form::Prefix("sk_org_"), "this is a key of an organization, which would have to say on every call which account it is for; use a key of the account itself"),
                (Form::Prefix("ek_"), "this is an ephemeral key, which is gone within an hour; the secret key starts with sk_ or rk_"),
                (Form::Prefix("acct_"), "this is the id of the account; the secret key starts with sk_ or rk_"),
            ])
            .prefixes(&["sk_", "rk_"]),
        Field::text("publishableKey", "Publishable key")
            .of(Characters::Token)
            .examples("pk_test_...", "pk_live_...")
            .hint("Of the same mode, live or test, as the secret key")
.at("https://dashboard.stripe.com/apikeys")
            .confused_with(&[
                (Form::Prefix("sk_"), "this is a secret key and would be stored in clear; the publishable key starts with pk_"),
                (Form::Prefix("rk_"), "this is a restricted key and would be stored in clear; the publishable key starts with pk_"),
            ])
            .prefixes(&["pk_"]),
        Field::secret("webhookSecret", "Webhook signing secret")
            .example("whsec_...")
            .hint("Stripe dashboard, Developers, Webhooks, the endpoint's signing secret")
.at("https://dashboard.stripe.com/webhooks")
            .confused_with(&[
                (Form::Prefix("sk_"), "this is a secret key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("rk_"), "this is a restricted key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("pk_"), "this is a publishable key; the webhook signing secret starts with whsec_"),
                (Form::Prefix("we_"), "this is the id of the webhook endpoint; its signing secret starts with whsec_"),
            ]),
        Field::boolean("livemode", "Live mode").chooses(ModeSwitch::Live).hint("The secret key decides"),
    ],
    probe: Probe::get("https://api.stripe.com", "/v1/account", Authentication::Bearer("secretKey"))
        .permission("Accounts: read, for the account's name")
        .rules(RULES)
        .account(account::stripe),
    webhook_key: None,
};

/// <https://docs.stripe.com/error-codes>, <https://docs.stripe.com/keys>
const RULES: &[Rule] = &[
    Rule::restricted(Restriction::Address, "/error/message", "your IP address").within(),
    Rule::restricted(Restriction::Account, "/error/code", "testmode_charges_only"),
    Rule::restricted(Restriction::Account, "/error/message", "cannot currently make live charges")
        .within(),
    Rule::invalid("/error/message", "Stripe-Context").within(),
    // Sent also where the platform's access to the account was revoked.
    Rule::invalid("/error/code", "account_invalid"),
    Rule::under_scoped("/error/code", "more_permissions_required"),
    Rule::under_scoped("/error/message", "the required permissions").within(),
];
