use std::fmt;

use crate::v2::text::PREFIX;
use crate::{CryptoError, v1, v2};

/// A token of either format.
#[derive(Clone, PartialEq, Eq)]
pub enum SealedText {
    /// Four fields of hex with colons between them.
    V1(v1::SealedText),
    /// `v2.`, an id and a body, without a colon.
    V2(v2::SealedText),
}

impl SealedText {
    /// Reads a token; what does not start like one of v2 is read as v1.
    pub fn parse(text: &str) -> Result<Self, CryptoError> {
        if text.starts_with(PREFIX) {
            v2::SealedText::parse(text).map(Self::V2)
        } else {
            v1::SealedText::parse(text).map(Self::V1)
        }
    }
}

impl fmt::Display for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V1(text) => text.fmt(f),
            Self::V2(text) => text.fmt(f),
        }
    }
}

impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[encrypted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_known_by_its_start() {
        let field = "00".repeat(16);
        let v1 = format!("{field}:{field}:{field}:00");
        let v2 = format!("v2.0123abcd.AQE{}", "A".repeat(109));
        assert!(matches!(SealedText::parse(&v1), Ok(SealedText::V1(_))));
        assert!(matches!(SealedText::parse(&v2), Ok(SealedText::V2(_))));
        for text in [&v1, &v2] {
            let parsed = SealedText::parse(text).unwrap();
            assert_eq!(parsed.to_string(), *text);
            assert_eq!(format!("{parsed:?}"), "[encrypted]");
        }
        for text in
            ["", "v2", "v2.", &format!("v2.{v1}"), &format!("{v1}.v2"), &v2.replace("v2", "v3")]
        {
            assert_eq!(SealedText::parse(text), Err(CryptoError::TokenFormat));
        }
    }
}
