//! What goes into a derivation, and what comes of it.

use zeroize::Zeroizing;

/// A salt of token format v1.
pub type Salt = [u8; 16];

/// A derived key, wiped when it is dropped.
pub type Key = Zeroizing<[u8; 32]>;
