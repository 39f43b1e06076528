//! The keys of a configuration, and the format that it writes tokens in.

use cgk_crypto::{CryptoError, KeyList, KeyOptionNames, KeyRing, KeyRingError};
use serde::Deserialize;

use crate::error::CredentialError;
use crate::session;

type Result<T> = std::result::Result<T, CredentialError>;

/// The format that tokens are written in, and which ones are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TokenFormat {
    /// Writes v1, reads both: what the legacy package understands.
    #[default]
    V1,
    /// Writes v2, reads both.
    V2,
    /// Writes v2 and refuses v1: only then a token cannot be copied to another place.
    V2Only,
}

impl TokenFormat {
    /// The format that is written, as reports name it.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 | Self::V2Only => "v2",
        }
    }

    /// `None` for a text that names no format.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "v1" => Some(Self::V1),
            "v2" => Some(Self::V2),
            "v2-only" => Some(Self::V2Only),
            _ => None,
        }
    }
}

/// The keys of a configuration as a binding reads them; the npm package has checked their types.
#[derive(Deserialize)]
pub struct KeyOptions {
    /// The key that writes.
    current: Option<String>,
    /// Keys that only read: other processes write with them already.
    #[serde(default)]
    next: Vec<String>,
    /// Keys that only read: values are still under them.
    #[serde(default)]
    previous: Vec<String>,
    /// The name of a [`TokenFormat`].
    format: Option<String>,
    /// Which of the first three were given as options: errors name these otherwise than variables.
    #[serde(default)]
    options: Vec<String>,
}

/// The keys of a configuration.
#[derive(Debug)]
pub struct Keys {
    ring: Result<KeyRing>,
    format: TokenFormat,
}

impl Keys {
    /// Reads the keys; what is wrong with them is told by the function that needs one.
    pub fn new(KeyOptions { current, next, previous, format, options }: KeyOptions) -> Self {
        let is_option = |name: &str| options.iter().any(|option| option == name);
        let names = KeyOptionNames {
            current: is_option("current"),
            next: is_option("next"),
            previous: is_option("previous"),
        };
        let format = format.as_deref().and_then(TokenFormat::parse).unwrap_or_default();
        let ring = match current {
            Some(current) => KeyRing::parse(current, next, previous).map_err(|error| match error {
                KeyRingError::Key(KeyList::Current, _, CryptoError::KeyTooShort) => {
                    CredentialError::KeyMissing
                }
                error => CredentialError::KeyRing(error, names),
            }),
            None => Err(CredentialError::KeyMissing),
        };
        Self { ring, format }
    }

    /// What a session is called whose process has these keys.
    pub fn session_name(&self, version: &str) -> String {
        match &self.ring {
            Ok(ring) => session::name_with_keys(version, ring),
            Err(_) => Self::anonymous_session_name(version),
        }
    }

    /// What a session is called of which nobody can say whose it is.
    pub fn anonymous_session_name(version: &str) -> String {
        session::anonymous_name(version)
    }

    pub(super) fn ring(&self) -> Result<&KeyRing> {
        self.ring.as_ref().map_err(Clone::clone)
    }

    pub(super) fn format(&self) -> TokenFormat {
        self.format
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn keys(current: Option<&str>, previous: &[&str], options: &[&str]) -> Keys {
        let previous = previous.iter().map(|&key| key.to_owned()).collect();
        let current = current.map(str::to_owned);
        let options = options.iter().map(|&name| name.to_owned()).collect();
        Keys::new(KeyOptions { current, next: Vec::new(), previous, format: None, options })
    }

    #[test]
    fn a_key_that_is_missing_or_too_short_is_told_in_the_words_of_the_legacy_package() {
        for current in [None, Some(""), Some("short")] {
            assert_eq!(keys(current, &[], &[]).ring().unwrap_err(), CredentialError::KeyMissing);
        }
    }

    #[test]
    fn an_unusable_previous_key_is_named_by_its_variable_or_option_and_position() {
        let cases: [(&[&str], &str); 2] = [
            (&["current"], "INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 2"),
            (&["previous"], "previousEncryptionKeys, key 2"),
        ];
        for (options, name) in cases {
            let error = keys(Some(KEY), &[KEY, "short"], options).ring().unwrap_err();
            assert_eq!(error.code(), "KEY_INVALID");
            let message = error.to_string();
            assert!(message.contains(name), "{message}");
            assert!(!message.contains("short"), "{message}");
        }
    }

    #[test]
    fn formats_are_known_by_their_names() {
        assert_eq!(TokenFormat::parse("v1"), Some(TokenFormat::V1));
        assert_eq!(TokenFormat::parse("v2"), Some(TokenFormat::V2));
        assert_eq!(TokenFormat::parse("v2-only"), Some(TokenFormat::V2Only));
        for text in ["", "V2", "v3", "v2only"] {
            assert_eq!(TokenFormat::parse(text), None, "{text}");
        }
    }
}
