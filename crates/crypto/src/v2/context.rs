use crate::CryptoError;

/// The place of a value: a token that is copied to another one does not open there.
///
/// The parts are what never changes of a value's place. They are no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    tenant: String,
    /// `ctx` of the format, which no other place has.
    bytes: Vec<u8>,
}

impl Context {
    /// The place of a tenant's value: the id of its service and the name of its input field.
    pub fn new(tenant: &str, service: &str, field: &str) -> Result<Self, CryptoError> {
        let mut bytes = vec![0x03];
        for part in [tenant, service, field] {
            if part.is_empty() {
                return Err(CryptoError::ContextInvalid);
            }
            bytes.extend_from_slice(&length(part)?);
            bytes.extend_from_slice(part.as_bytes());
        }
        Ok(Self { tenant: tenant.to_owned(), bytes })
    }

    /// No place: for tokens that their owner keeps somewhere else.
    pub fn none() -> Self {
        Self { tenant: String::new(), bytes: vec![0x00] }
    }

    /// Empty without a place.
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    pub(super) fn is_none(&self) -> bool {
        self.tenant.is_empty()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// `u16` of the format without the text itself.
pub(super) fn length(text: &str) -> Result<[u8; 2], CryptoError> {
    let length = u16::try_from(text.len()).map_err(|_| CryptoError::ContextInvalid)?;
    Ok(length.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_places_have_the_same_bytes() {
        let places = [["ab", "c", "d"], ["a", "bc", "d"], ["a", "b", "cd"], ["c", "ab", "d"]];
        for place in places {
            for other in places {
                let [one, two] = [place, other]
                    .map(|[tenant, service, field]| Context::new(tenant, service, field).unwrap());
                assert_eq!(one.bytes() == two.bytes(), place == other);
            }
        }
        assert_eq!(Context::new("a", "bc", "d").unwrap().bytes(), b"\x03\0\x01a\0\x02bc\0\x01d");
        assert_eq!(Context::none().bytes(), b"\0");
    }

    #[test]
    fn a_part_that_is_missing_or_too_long_is_refused() {
        let longest = "x".repeat(usize::from(u16::MAX));
        assert!(Context::new(&longest, "stripe", "secretKey").is_ok());
        for part in ["", &format!("{longest}x")] {
            for parts in [
                [part, "stripe", "secretKey"],
                ["acme", part, "secretKey"],
                ["acme", "stripe", part],
            ] {
                let [tenant, service, field] = parts;
                let refused = Context::new(tenant, service, field);
                assert_eq!(refused, Err(CryptoError::ContextInvalid));
            }
        }
    }
}
