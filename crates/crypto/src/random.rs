use crate::VaultError;

/// Fresh bytes from the operating system, or from `crypto.getRandomValues` in WebAssembly.
pub(crate) fn make_random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::RandomUnavailable)?;
    Ok(bytes)
}
