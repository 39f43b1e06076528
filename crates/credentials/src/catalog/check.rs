use super::account::{self, ReadAccount};
use super::rule::ResponseRule;
use crate::verification::BodyFormat;

/// A cheap, read-only call that costs nothing and shows whether a credential works.
#[derive(Debug)]
pub struct CredentialCheck {
    /// Scheme and host of the vendor; `{field}` stands for a field of the input.
    pub base: &'static str,
    /// The same for credentials of the vendor's sandbox.
    pub sandbox: Option<&'static str>,
    /// Where credentials of a region are known; others are known at `base` only.
    pub regions: Option<Regions>,
    /// Path and query.
    pub path: &'static str,
    /// What is asked instead with a key of another kind.
    pub other_key: Option<OtherKey>,
    /// How the credential is shown.
    pub authentication: Authentication,
    /// Headers besides it.
    pub headers: &'static [(&'static str, &'static str)],
    /// Headers that have the value of an input field, where it is set.
    pub field_headers: &'static [(&'static str, &'static str)],
    /// What the credential must be allowed for the call to succeed.
    pub permission: &'static str,
    /// What the vendor responses with.
    pub body: BodyFormat,
    /// What responses mean beyond their status; the first that fits decides.
    pub rules: &'static [ResponseRule],
    /// How the account is read from a response.
    pub(crate) account: ReadAccount,
}

/// A kind of key that may not make the usual call.
#[derive(Debug)]
pub struct OtherKey {
    /// What such keys start with.
    pub prefix: &'static str,
    /// Path and query.
    pub path: &'static str,
}

/// The regions among which a tenant chooses.
#[derive(Debug, Clone, Copy)]
pub struct Regions {
    /// The input field of the choice.
    pub field: &'static str,
    /// The regions.
    pub all: &'static [Region],
}

/// A region whose credentials a vendor knows at a host of its own.
#[derive(Debug)]
pub struct Region {
    /// Value of the input field.
    pub value: &'static str,
    /// Name shown to people.
    pub label: &'static str,
    /// Scheme and host.
    pub base: &'static str,
}

impl Regions {
    /// Scheme and host of a region.
    pub(crate) fn base(&self, value: &str) -> Option<&'static str> {
        self.all.iter().find(|region| region.value == value).map(|region| region.base)
    }
}

/// How a request shows its credential. Names are those of input fields.
#[derive(Debug, Clone, Copy)]
pub enum Authentication {
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(&'static str),
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// Field of the user name.
        user: &'static str,
        /// Field of the password; empty where there is none.
        password: Option<&'static str>,
    },
    /// A header of the vendor's own.
    Header {
        /// Its name.
        name: &'static str,
        /// Field of its value.
        field: &'static str,
    },
    /// AWS Signature Version 4 for S3, with `apiKey`, `apiSecret` and perhaps `metadata.bucket`.
    S3,
}

impl CredentialCheck {
    pub(crate) const fn get(
        base: &'static str,
        path: &'static str,
        authentication: Authentication,
    ) -> Self {
        Self {
            base,
            sandbox: None,
            regions: None,
            path,
            other_key: None,
            authentication,
            headers: &[],
            field_headers: &[],
            permission: "",
            body: BodyFormat::Json,
            rules: &[],
            account: account::none,
        }
    }

    pub(crate) const fn other_key(self, prefix: &'static str, path: &'static str) -> Self {
        Self { other_key: Some(OtherKey { prefix, path }), ..self }
    }

    pub(crate) const fn sandbox(self, base: &'static str) -> Self {
        Self { sandbox: Some(base), ..self }
    }

    pub(crate) const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    pub(crate) const fn permission(self, permission: &'static str) -> Self {
        Self { permission, ..self }
    }

    pub(crate) const fn body(self, body: BodyFormat) -> Self {
        Self { body, ..self }
    }

    pub(crate) const fn rules(self, rules: &'static [ResponseRule]) -> Self {
        Self { rules, ..self }
    }

    pub(crate) const fn regions(self, field: &'static str, all: &'static [Region]) -> Self {
        Self { regions: Some(Regions { field, all }), ..self }
    }

    pub(crate) const fn field_headers(
        self,
        field_headers: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { field_headers, ..self }
    }

    pub(crate) const fn account(self, account: ReadAccount) -> Self {
        Self { account, ..self }
    }
}
