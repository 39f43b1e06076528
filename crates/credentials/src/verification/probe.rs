use super::account::{self, ReadAccount};
use super::verdict::Outcome;

/// A cheap, read-only call that costs nothing and tells whether a credential works.
#[derive(Debug)]
pub struct Probe {
    /// Scheme and host of the vendor; `{field}` stands for a field of the input.
    pub base: &'static str,
    /// The same for credentials of the vendor's sandbox.
    pub sandbox: Option<&'static str>,
    /// Path and query.
    pub path: &'static str,
    /// How the credential is shown.
    pub authentication: Authentication,
    /// Headers besides it.
    pub headers: &'static [(&'static str, &'static str)],
    /// What the credential must be allowed for the call to succeed.
    pub permission: &'static str,
    /// What the vendor answers with.
    pub body: Body,
    /// Marks in an answer of status 4xx that mean more than the status.
    pub signs: &'static [Sign],
    /// How the account is read from an answer.
    pub(crate) account: ReadAccount,
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

/// The format of a vendor's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// A value in an answer and what it means.
#[derive(Debug)]
pub struct Sign {
    /// Where it stands: a JSON pointer (RFC 6901) in which `*` is any index; an element's name in XML.
    pub place: &'static str,
    /// The text that stands there.
    pub value: &'static str,
    /// What that means.
    pub outcome: Outcome,
}

impl Sign {
    const fn new(place: &'static str, value: &'static str, outcome: Outcome) -> Self {
        Self { place, value, outcome }
    }

    pub(crate) const fn valid(place: &'static str, value: &'static str) -> Self {
        Self::new(place, value, Outcome::Valid)
    }

    pub(crate) const fn invalid(place: &'static str, value: &'static str) -> Self {
        Self::new(place, value, Outcome::Invalid)
    }

    pub(crate) const fn under_scoped(place: &'static str, value: &'static str) -> Self {
        Self::new(place, value, Outcome::UnderScoped)
    }

    pub(crate) const fn unreachable(place: &'static str, value: &'static str) -> Self {
        Self::new(place, value, Outcome::Unexpected)
    }
}

impl Probe {
    pub(crate) const fn get(
        base: &'static str,
        path: &'static str,
        authentication: Authentication,
    ) -> Self {
        Self {
            base,
            sandbox: None,
            path,
            authentication,
            headers: &[],
            permission: "",
            body: Body::Json,
            signs: &[],
            account: account::none,
        }
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

    pub(crate) const fn body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    pub(crate) const fn signs(self, signs: &'static [Sign]) -> Self {
        Self { signs, ..self }
    }

    pub(crate) const fn account(self, account: ReadAccount) -> Self {
        Self { account, ..self }
    }
}
