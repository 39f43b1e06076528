use crate::CryptoError;

/// Fresh bytes from the operating system, or from `crypto.getRandomValues` in WebAssembly.
pub(crate) fn make_random<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CryptoError::RandomUnavailable)?;
    Ok(bytes)
}
