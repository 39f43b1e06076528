//! What can become of a verification, and the sentences that say so.

use crate::error_code::ErrorCode;

/// What a vendor's response says of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Valid,
    /// The vendor does not accept it.
    Invalid,
    /// The vendor says in so many words that it was revoked or has expired.
    Revoked,
    /// The vendor accepts it, but it may not make the call that was made.
    UnderScoped,
    /// It is right, but something else stands in its way.
    Restricted(Restriction),
    /// The vendor asks to wait.
    RateLimited,
    /// No response in time.
    Timeout,
    /// No connection.
    Unreachable,
    /// The vendor returned a server error.
    VendorError,
    /// A response that says nothing of the credential: a redirect, a page of HTML, damaged JSON.
    Unexpected,
}

/// What stands in the way of a credential that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// It may not be used from the address of this server.
    Address,
    /// It is for websites or apps only.
    App,
    /// The vendor does not serve the country of this server.
    Country,
    /// It belongs to another region, whose host it must be shown to.
    Region,
    /// What the account may use is used up.
    Quota,
    /// The account has to pay first.
    Billing,
    /// The account, project or subscription is switched off, suspended or closed.
    Account,
}

impl Restriction {
    /// Name in the result that JavaScript gets.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::App => "app",
            Self::Country => "country",
            Self::Region => "region",
            Self::Quota => "quota",
            Self::Billing => "billing",
            Self::Account => "account",
        }
    }

    /// What is wrong and what to do, after "… accepts this credential, but ".
    fn advice(self) -> &'static str {
        match self {
            Self::Address => {
                "not from the address of this server: allow the address in the key's settings"
            }
            Self::App => "only from certain websites or apps: use a key for servers",
            Self::Country => "does not serve the country of this server: run it elsewhere",
            Self::Region => "at the host of another region: choose the account's region",
            Self::Quota => "its quota is used up: raise it, or wait until it is renewed",
            Self::Billing => "the account must pay first: add credit, or check its billing",
            Self::Account => "the account is not active: look into its dashboard, or ask support",
        }
    }
}

impl Outcome {
    /// Whether the vendor refused the credential itself.
    pub(crate) fn is_refusal(self) -> bool {
        matches!(self, Self::Invalid | Self::Revoked)
    }

    /// Whether the vendor accepted the credential.
    pub(crate) fn is_valid(self) -> bool {
        matches!(self, Self::Valid | Self::UnderScoped)
    }

    /// What JavaScript reads as `status`.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid | Self::Revoked => "invalid",
            Self::UnderScoped => "under_scoped",
            Self::Restricted(_) => "restricted",
            Self::RateLimited => "rate_limited",
            Self::Timeout | Self::Unreachable | Self::VendorError | Self::Unexpected => {
                "unreachable"
            }
        }
    }

    pub(super) fn code(self) -> Option<&'static str> {
        let code = match self {
            Self::Valid => return None,
            Self::Invalid | Self::Revoked => ErrorCode::CredentialInvalid,
            Self::UnderScoped => ErrorCode::PermissionMissing,
            Self::Restricted(_) => ErrorCode::CredentialRestricted,
            Self::RateLimited => ErrorCode::VendorRateLimited,
            Self::Timeout => ErrorCode::VendorTimeout,
            Self::Unreachable => ErrorCode::VendorUnreachable,
            Self::VendorError => ErrorCode::VendorError,
            Self::Unexpected => ErrorCode::VendorAnswerUnexpected,
        };
        Some(code.name())
    }

    pub(super) fn error(self, name: &str) -> Option<String> {
        let text = match self {
            Self::Valid | Self::UnderScoped => return None,
            Self::Invalid | Self::Revoked => format!(
                "{name} does not accept this credential: check that it was copied whole and is not revoked"
            ),
            Self::Restricted(restriction) => {
                format!("{name} accepts this credential, but {}", restriction.advice())
            }
            Self::RateLimited => format!("{name} limits the number of requests: try again later"),
            Self::Timeout => format!("{name} did not response in time: try again later"),
            Self::Unreachable => format!("{name} could not be reached: try again later"),
            Self::VendorError => format!("{name} returned a server error: try again later"),
            Self::Unexpected => format!("{name} returned an unexpected response: try again later"),
        };
        Some(text)
    }
}
