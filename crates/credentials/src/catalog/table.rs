//! The four tables (compatibility.md, section 4), described once: statements, input parsing and
//! statuses are made from these descriptions.

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
    /// Whether a migration after the contract's tables adds it: a schema may lack it.
    pub is_added: bool,
}

/// A column that all four tables have.
#[derive(Debug)]
pub struct SharedColumn {
    /// Name in the table.
    pub name: &'static str,
    /// What it holds.
    pub kind: SharedKind,
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
        Self { name, kind, role, default_text: None, is_added: false }
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
    SharedColumn { name: "id", kind: SharedKind::Text },
    SharedColumn { name: "tenant_id", kind: SharedKind::Text },
    SharedColumn { name: "is_active", kind: SharedKind::Boolean },
    SharedColumn { name: "last_verified_at", kind: SharedKind::OptionalTime },
    SharedColumn { name: "last_error", kind: SharedKind::OptionalText },
    SharedColumn { name: "created_at", kind: SharedKind::Time },
    SharedColumn { name: "updated_at", kind: SharedKind::Time },
];

/// `tenant_stripe_config`.
pub(crate) static STRIPE: Table = Table {
    name: "tenant_stripe_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("secret_key_encrypted", "secretKey"),
        Column::input("publishable_key", Text, "publishableKey"),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret"),
        Column::input("livemode", Boolean, "livemode"),
        Column::account("stripe_account_id", Text, "accountId"),
        Column::account("account_name", Text, "accountName"),
        Column::account("account_country", Text, "accountCountry"),
        Column::platform("connect_enabled", Boolean),
        Column::platform("connect_client_id", Text),
    ],
};

/// `tenant_resend_config`.
pub(crate) static RESEND: Table = Table {
    name: "tenant_resend_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey"),
        Column::input("default_from_email", Text, "defaultFromEmail"),
        Column::input("default_from_name", Text, "defaultFromName"),
        Column::input("default_reply_to", Text, "defaultReplyTo"),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret").added(),
        Column::account("resend_team_id", Text, "teamId"),
        Column::account("account_name", Text, "accountName"),
        Column::account("verified_domains", JsonStrings, "verifiedDomains"),
    ],
};

/// `tenant_wise_config`.
pub(crate) static WISE: Table = Table {
    name: "tenant_wise_config",
    key: &["tenant_id"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey"),
        Column::input("webhook_secret_encrypted", Secret, "webhookSecret"),
        Column::input("sandbox_mode", Boolean, "sandboxMode"),
        Column::input("source_currency", Text, "sourceCurrency").or("USD"),
        Column::account("profile_id", Text, "profileId"),
        Column::account("profile_type", OneOf(&["business", "personal"]), "profileType"),
        Column::account("account_holder_name", Text, "accountHolderName"),
        Column::account("source_balance_id", Text, "sourceBalanceId"),
    ],
};

/// `tenant_api_credentials`. Its `service_name` and `service_display_name` come from the catalog.
pub(crate) static API_CREDENTIALS: Table = Table {
    name: "tenant_api_credentials",
    key: &["tenant_id", "service_name"],
    columns: &[
        Column::required("api_key_encrypted", "apiKey"),
        Column::input("api_secret_encrypted", Secret, "apiSecret"),
        Column::input("metadata", JsonObject, "metadata"),
        Column::input("webhook_secret", MetadataSecret, "webhookSecret"),
        Column::account("account_id", Text, "accountId"),
        Column::platform("service_name", Text),
        Column::platform("service_display_name", Text),
    ],
};

impl Table {
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
