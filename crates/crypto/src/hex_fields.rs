//! Fields of hex, joined by colons: the shape of the formats without a version.

use crate::CryptoError;

/// Splits `a:b:…` into exactly `N` fields of strict hex.
pub(crate) fn decode_fields<const N: usize>(text: &str) -> Result<[Vec<u8>; N], CryptoError> {
    text.split(':')
        .map(base16ct::mixed::decode_vec)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| CryptoError::TokenFormat)?
        .try_into()
        .map_err(|_| CryptoError::TokenFormat)
}

/// Joins fields as lower-case hex.
pub(crate) fn encode_fields<const N: usize>(fields: [&[u8]; N]) -> String {
    fields.map(base16ct::lower::encode_string).join(":")
}
