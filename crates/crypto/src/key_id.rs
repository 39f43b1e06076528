use std::fmt;

/// The id of a master key. Public: tokens show it, so that the key is found without trying.
///
/// It comes from the root key and not from the key itself, so that it helps no one guess.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(align(4))]
pub struct KeyId(pub(crate) [u8; 4]);

impl KeyId {
    /// Reads 8 lower-case hex digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 4];
        let decoded = base16ct::lower::decode(text, &mut id).ok()?.len();
        (decoded == id.len()).then_some(Self(id))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eight_lower_case_digits_are_an_id() {
        let id = KeyId([0xea, 0x43, 0x26, 0xa2]);
        assert_eq!(KeyId::parse("ea4326a2"), Some(id));
        assert_eq!(id.to_string(), "ea4326a2");
        for text in
            ["", "ea4326a", "ea4326a20", "ea4326a2ea4326a2", "EA4326A2", "ea4326ag", "ea43 6a2"]
        {
            assert_eq!(KeyId::parse(text), None, "{text}");
        }
    }
}
