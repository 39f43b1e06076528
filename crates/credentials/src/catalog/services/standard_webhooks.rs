//! The webhook secret of services that sign as Standard Webhooks has it.

use crate::catalog::{Field, Form};

/// The signing secret of those that sign as Standard Webhooks has it.
pub(super) const SVIX_SECRET: Field = Field::secret("webhookSecret", "Webhook signing secret")
    .example("whsec_...")
    .confused_with(&[
        (Form::Prefix("sk-"), "this is an API key; the webhook signing secret starts with whsec_"),
        (Form::Prefix("re_"), "this is an API key; the webhook signing secret starts with whsec_"),
        (
            Form::Prefix("wh_"),
            "this is the id of the webhook; its signing secret starts with whsec_",
        ),
        (
            Form::Prefix("ep_"),
            "this is the id of the endpoint; its signing secret starts with whsec_",
        ),
        (Form::Uuid, "this is the id of the webhook; its signing secret starts with whsec_"),
    ])
    .prefixes(&["whsec_"]);
