//! What goes into a derivation, and what comes of it.

use zeroize::Zeroizing;

/// A salt of token format v1.
pub type Salt = [u8; 16];

/// What one key is derived from.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The master key.
    pub password: &'a [u8],
    /// That of the value.
    pub salt: Salt,
}

/// A derived key, wiped when it is dropped.
pub type Key = Zeroizing<[u8; 32]>;
