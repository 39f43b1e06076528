//! RSA public keys as vendors publish them, and as people paste them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pkcs1::RsaPublicKeyRef;
use pkcs1::der::{Decode, Encode};
use spki::SubjectPublicKeyInfo;
use spki::der::asn1::BitString;

/// Fewest bits of a modulus: shorter keys can be broken (NIST SP 800-131A).
const FEWEST_BITS: usize = 2048;

/// Reads SPKI or PKCS#1, in PEM or as bare Base64, and writes it as SPKI in PEM (RFC 7468); `None`
/// for anything but a whole RSA public key of 2048 or more bits.
pub(crate) fn to_spki_pem(text: &str) -> Option<String> {
    let der = STANDARD.decode(base64_of(text)?).ok()?;
    let spki = if is_strong(&der) {
        let subject_public_key = BitString::from_bytes(&der).ok()?;
        SubjectPublicKeyInfo { algorithm: pkcs1::ALGORITHM_ID, subject_public_key }.to_der().ok()?
    } else {
        let spki = SubjectPublicKeyInfo::<spki::der::AnyRef, BitString>::from_der(&der).ok()?;
        let is_rsa = spki.algorithm.oid == pkcs1::ALGORITHM_OID;
        (is_rsa && is_strong(spki.subject_public_key.as_bytes()?)).then_some(der)?
    };
    let text = STANDARD.encode(spki);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
    Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", lines.join("\n")))
}

/// The Base64 between the two lines of PEM, or all of a text without them. Line breaks may stand as
/// `\n` in a value from an env file.
fn base64_of(text: &str) -> Option<String> {
    let text = text.replace("\\n", "\n");
    let text = text.trim();
    let body = match text.strip_prefix("-----BEGIN ") {
        None => text,
        Some(rest) => {
            let (label, rest) = rest.split_once("-----")?;
            let is_known = matches!(label, "PUBLIC KEY" | "RSA PUBLIC KEY");
            rest.strip_suffix(&format!("-----END {label}-----")).filter(|_| is_known)?
        }
    };
    Some(body.split_ascii_whitespace().collect())
}

/// Whether it is PKCS#1 (RFC 8017, appendix A.1.1) with a modulus that is long enough.
fn is_strong(der: &[u8]) -> bool {
    RsaPublicKeyRef::from_der(der).is_ok_and(|key| {
        let modulus = key.modulus.as_bytes();
        let leading = modulus.first().map_or(8, |byte| byte.leading_zeros() as usize);
        modulus.len() * 8 - leading >= FEWEST_BITS
    })
}
