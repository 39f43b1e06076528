//! The four tables (compatibility.md, section 4), described once: statements, input parsing and
//! statuses are made from these descriptions.

use crate::described::described;

/// A credential table and its own columns; all four have [`SHARED_COLUMNS`] besides.
#[derive(Debug)]
pub struct Table {
    /// Name inside the tenant's schema.
    pub name: &'static str,
    /// The columns of its unique constraint.
    pub key: &'static [&'static str],
    /// The columns that this table has and the others do not.
    pub columns: &'static [Column],
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the table.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Who writes it.
    pub role: ColumnRole,
    /// What stands for "nothing set" in a column of text; `None`: null.
    pub default_text: Option<&'static str>,
    /// Whether a migration after the first tables adds it: a schema may lack it.
    pub is_added: bool,
    /// What it is, for those who read the configuration.
    pub doc: &'static str,
}

/// A column that all four tables have.
#[derive(Debug)]
pub struct SharedColumn {
    /// Name in the table.
    pub name: &'static str,
    /// What it holds.
    pub kind: SharedKind,
    /// What it is, for those who read the configuration.
    pub doc: &'static str,
}

impl SharedColumn {
    const fn new(name: &'static str, kind: SharedKind, doc: &'static str) -> Self {
        Self { name, kind, doc: described(doc) }
    }
}

/// What a shared column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedKind {
    /// Text.
    Text,
    /// Text, or null.
    OptionalText,
    /// True or false.
    Boolean,
    /// A time.
    Time,
    /// A time, or null.
    OptionalTime,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A v1 token.
    Secret,
    /// A v1 token that is kept in the `metadata` column, under [`METADATA_SECRET`]: the table of
    /// the contract has no column for it.
    MetadataSecret,
    /// Text that is not encrypted.
    Text,
    /// One of these texts; anything else reads as nothing.
    OneOf(&'static [&'static str]),
    /// True or false.
    Boolean,
    /// A JSON object.
    JsonObject,
    /// A JSON array of strings.
    JsonStrings,
}

/// Who writes a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// A save; the name is that of the input field.
    Input {
        /// Field of the function's input object.
        field: &'static str,
        /// Whether a row cannot be without it.
        required: bool,
    },
    /// A verification; the name is that of the account detail.
    Account {
        /// Field of the verification's account object.
        field: &'static str,
    },
    /// The platform, outside this package, or the statement itself.
    Platform,
}

impl Column {
    const fn new(name: &'static str, kind: ColumnKind, role: ColumnRole) -> Self {
        Self { name, kind, role, default_text: None, is_added: false, doc: "" }
    }

    const fn required(name: &'static str, field: &'static str) -> Self {
        Self::new(name, ColumnKind::Secret, ColumnRole::Input { field, required: true })
    }

    const fn input(name: &'static str, kind: ColumnKind, field: &'static str) -> Self {
        Self::new(name, kind, ColumnRole::Input { field, required: false })
    }

    const fn account(name: &'static str, kind: ColumnKind, field: &'static str) -> Self {
        Self::new(name, kind, ColumnRole::Account { field })
    }

    const fn platform(name: &'static str, kind: ColumnKind) -> Self {
        Self::new(name, kind, ColumnRole::Platform)
    }

    const fn added(self) -> Self {
        Self { is_added: true, ..self }
    }

    const fn doc(self, doc: &'static str) -> Self {
        Self { doc: described(doc), ..self }
    }

    const fn or(self, text: &'static str) -> Self {
        Self { default_text: Some(text), ..self }
    }

    /// The name that JavaScript knows it by.
    pub(crate) fn field(&self) -> &'static str {
        match self.role {
            ColumnRole::Input { field, .. } | ColumnRole::Account { field } => field,
            ColumnRole::Platform => self.name,
        }
    }

    /// Whether it holds a token.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.kind, ColumnKind::Secret | ColumnKind::MetadataSecret)
    }
}

use ColumnKind::{Boolean, JsonObject, JsonStrings, MetadataSecret, OneOf, Secret, Text};

/// Name of the property of `metadata` that holds a webhook secret's token.
pub(crate) const METADATA_SECRET: &str = "webhookSecretEncrypted";

/// The columns that all four tables have.
pub static SHARED_COLUMNS: [SharedColumn; 7] = [
    SharedColumn::new("id", SharedKind::Text, "Primary key (UUID)."),
    SharedColumn::new("tenant_id", SharedKind::Text, "Slug of the tenant that the row belongs to."),
    SharedColumn::new("is_active", SharedKind::Boolean, "Always true: reads see active rows only."),
    SharedColumn::new(
        "last_verified_at",
        SharedKind::OptionalTime,
        "When the vendor last accepted the stored credential.",
    ),
    SharedColumn::new(
        "last_error",
        SharedKind::OptionalText,
        "What the last verification found wrong.",
    ),
    SharedColumn::new("created_at", SharedKind::Time, "When the row was first saved."),
    SharedColumn::new("updated_at", SharedKind::Time, "When the row last changed."),
];

/// The column of all four tables, added by a migration, that says since when the vendor has been
/// refusing the credential. A schema may lack it.
pub(crate) const FAILING_SINCE: &str = "failing_since";

/// `tenant_stripe_config`.
pub(crate) static STRIPE: Table = Table {
    name: "tenant_stripe_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("secret_key_encrypted", "secretKey").doc("The secret key as a v1 token."),
        Column::input("publishable_key", Text, "publishableKey")
            .doc("The publishable key, not encrypted."),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret")
            .doc("The webhook signing secret as a v1 token."),
        Column::input("livemode", Boolean, "livemode").doc("Whether the keys are live keys."),
        Column::account("stripe_account_id", Text, "accountId")
            .doc("`acct_…`, from the last verification."),
        Column::account("account_name", Text, "accountName")
            .doc("Account name, from the last verification."),
        Column::account("account_country", Text, "accountCountry")
            .doc("Two-letter country, from the last verification."),
        Column::platform("connect_enabled", Boolean)
            .doc("Whether the platform uses Stripe Connect for this tenant."),
        Column::platform("connect_client_id", Text).doc("Stripe Connect client id."),
    ],
};

/// `tenant_resend_config`.
pub(crate) static RESEND: Table = Table {
    name: "tenant_resend_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey").doc("The API key as a v1 token."),
        Column::input("default_from_email", Text, "defaultFromEmail")
            .doc("Address that mail is sent from."),
        Column::input("default_from_name", Text, "defaultFromName")
            .doc("Name that mail is sent from."),
        Column::input("default_reply_to", Text, "defaultReplyTo")
            .doc("Address that answers go to."),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret").added().doc(
            "The webhook signing secret as a v1 token; left out by schemas without its column.",
        ),
        Column::account("resend_team_id", Text, "teamId")
            .doc("Resend team, from the last verification."),
        Column::account("account_name", Text, "accountName")
            .doc("Account name, from the last verification."),
        Column::account("verified_domains", JsonStrings, "verifiedDomains")
            .doc("Domains that Resend has verified."),
    ],
};

/// `tenant_wise_config`.
pub(crate) static WISE: Table = Table {
    name: "tenant_wise_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey").doc("The API token as a v1 token."),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret")
            .doc("The webhook secret as a v1 token."),
        Column::input("sandbox_mode", Boolean, "sandboxMode")
            .doc("Whether the key belongs to the Wise sandbox."),
        Column::input("source_currency", Text, "sourceCurrency")
            .or("USD")
            .doc("Currency that payments are made in (ISO 4217)."),
        Column::account("profile_id", Text, "profileId")
            .doc("Wise profile that payments are made from."),
        Column::account("profile_type", OneOf(&["business", "personal"]), "profileType")
            .doc("Kind of that profile; anything else in the row reads as none."),
        Column::account("account_holder_name", Text, "accountHolderName")
            .doc("Holder of the account, from the last verification."),
        Column::account("source_balance_id", Text, "sourceBalanceId")
            .doc("Balance that payments are made from."),
    ],
};

/// `tenant_api_credentials`. Its `service_name` and `service_display_name` come from the catalog.
pub(crate) static API_CREDENTIALS: Table = Table {
    name: "tenant_api_credentials",
    key: &["tenant_id", "service_name"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey").doc("The API key as a v1 token."),
        Column::input("api_secret_encrypted", Secret, "apiSecret")
            .doc("The API secret as a v1 token."),
        Column::input("metadata", JsonObject, "metadata")
            .doc("What the service needs besides its secrets."),
        Column::input("webhook_secret", MetadataSecret, "webhookSecret"),
        Column::account("account_id", Text, "accountId")
            .doc("Account at the vendor, from the last verification."),
        Column::platform("service_name", Text).doc("Id of the service in the catalog."),
        Column::platform("service_display_name", Text)
            .doc("Name of the service as shown to people."),
    ],
};

impl Table {
    /// The columns that hold tokens: the places that a change of keys rewrites.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|column| column.is_secret())
    }

    /// The column that an input field is stored in.
    pub(crate) fn input_column(&self, name: &str) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| matches!(column.role, ColumnRole::Input { field, .. } if field == name))
    }

    /// The secret that no row is without: what identifies the account at the vendor.
    pub(crate) fn key_secret(&self) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| matches!(column.role, ColumnRole::Input { required: true, .. }))
    }

    /// The input field of that secret.
    pub(crate) fn key_field(&self) -> Option<&'static str> {
        self.key_secret().map(Column::field)
    }

    /// The account detail that distinguishes accounts: the first.
    pub(crate) fn identity(&self) -> Option<&'static Column> {
        self.columns.iter().find(|column| matches!(column.role, ColumnRole::Account { .. }))
    }

    /// The column that an account detail is stored in.
    pub(crate) fn account_column(&self, name: &str) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| matches!(column.role, ColumnRole::Account { field } if field == name))
    }
}

/// The name of a column as a member of a JavaScript object.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}
