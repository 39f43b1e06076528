use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A key that was derived from another. Boxed, so that moving it leaves no copy behind on the stack.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DerivedKey(Box<[u8; 32]>);

impl DerivedKey {
    /// Lets `fill` write the key in place.
    pub fn fill_with<E>(fill: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Box::new([0; 32]));
        fill(&mut key.0)?;
        Ok(key)
    }

    /// The same for what cannot fail.
    pub(crate) fn fill(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut key = Self(Box::new([0; 32]));
        fill(&mut key.0);
        key
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_key_is_never_printed() {
        let key = DerivedKey(Box::new([7; 32]));
        assert_eq!(format!("{key:?}"), "[redacted]");
    }
}
