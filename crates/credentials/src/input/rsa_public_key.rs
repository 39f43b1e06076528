//! RSA public keys as vendors publish them, and as people paste them.

use base64ct::{Base64, Encoding};

/// Fewest bits of a modulus: shorter keys can be broken (NIST SP 800-131A).
const FEWEST_BITS: usize = 2048;

/// Reads SPKI or PKCS#1, in PEM or as bare Base64, and writes it as SPKI in PEM (RFC 7468); `None`
/// for anything but a whole RSA public key of 2048 or more bits.
pub(crate) fn to_spki_pem(text: &str) -> Option<String> {
    let der = Base64::decode_vec(&base64_of(text)?).ok()?;
    let spki = match read_spki(&der) {
        Some(key) if is_strong(key) => der,
        None if is_strong(&der) => to_spki(&der)?,
        _ => return None,
    };
    let text = Base64::encode_string(&spki);
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

/// `AlgorithmIdentifier` of RSA keys: `rsaEncryption` and NULL (RFC 3279, section 2.3.1).
const RSA: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// The PKCS#1 key inside of an SPKI (RFC 5280, section 4.1), which is all of the input.
fn read_spki(der: &[u8]) -> Option<&[u8]> {
    let (content, rest) = read(SEQUENCE, der)?;
    let (key, after) = read(BIT_STRING, content.strip_prefix(&RSA)?)?;
    key.strip_prefix(&[0]).filter(|_| rest.is_empty() && after.is_empty())
}

/// An SPKI around a PKCS#1 key.
fn to_spki(key: &[u8]) -> Option<Vec<u8>> {
    let length =
        |length: usize| Some([&[0x82][..], &u16::try_from(length).ok()?.to_be_bytes()].concat());
    let bits = [&RSA[..], &[BIT_STRING], &length(key.len() + 1)?, &[0], key].concat();
    Some([&[SEQUENCE][..], &length(bits.len())?, &bits].concat())
}

/// Whether it is PKCS#1 (RFC 8017, appendix A.1.1), whole, with a modulus that is long enough.
fn is_strong(der: &[u8]) -> bool {
    let modulus = || {
        let (content, rest) = read(SEQUENCE, der)?;
        let (modulus, after) = read(INTEGER, content)?;
        let (exponent, last) = read(INTEGER, after)?;
        let is_whole = rest.is_empty() && last.is_empty() && !exponent.is_empty();
        modulus.strip_prefix(&[0]).filter(|_| is_whole)
    };
    modulus().is_some_and(|modulus| {
        let leading = modulus.first().map_or(8, |byte| byte.leading_zeros() as usize);
        modulus.len() * 8 - leading >= FEWEST_BITS
    })
}

/// The content of the element that DER begins with (X.690), if it has this tag, and what follows it.
fn read(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match der.strip_prefix(&[tag])? {
        [0x81, length, rest @ ..] if *length >= 0x80 => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] if *high > 0 => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        [length, rest @ ..] if *length < 0x80 => (usize::from(*length), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPKI: &str = "-----BEGIN PUBLIC KEY-----\n\
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArh/8HC9j8jbz2GmYvymG\n\
hMpLEBe0b626mSPWVWNX+E88EBVGrxKbhBj0nP5BGxPpibwYIe5ainT9nLe9zZpd\n\
PodrZvpHRfeNdClWHthkt3HgfBTNXJ9/vNRuthDbgoWyS9yW7X7RHQMw9d6Wmela\n\
D9P2NiDIDnlovqvRlj9HWppb59D6S911DDagyOvROzrDluUxMiBlqPZUUqHccF9v\n\
VPlDuu+WsIl7RpVUydVwcmg+ZF8f56URN0KQd4IPngdNwjRSN5ENCL6a+ylLqm68\n\
EXeFhBIj0dqiE+GP1hN656cDqjHDQSEvB7DFTBRRlc0sBYl9b0u5tmjKr06M25p6\n\
0wIDAQAB\n\
-----END PUBLIC KEY-----";
    const PKCS1: &str = "-----BEGIN RSA PUBLIC KEY-----\n\
MIIBCgKCAQEArh/8HC9j8jbz2GmYvymGhMpLEBe0b626mSPWVWNX+E88EBVGrxKb\n\
hBj0nP5BGxPpibwYIe5ainT9nLe9zZpdPodrZvpHRfeNdClWHthkt3HgfBTNXJ9/\n\
vNRuthDbgoWyS9yW7X7RHQMw9d6WmelaD9P2NiDIDnlovqvRlj9HWppb59D6S911\n\
DDagyOvROzrDluUxMiBlqPZUUqHccF9vVPlDuu+WsIl7RpVUydVwcmg+ZF8f56UR\n\
N0KQd4IPngdNwjRSN5ENCL6a+ylLqm68EXeFhBIj0dqiE+GP1hN656cDqjHDQSEv\n\
B7DFTBRRlc0sBYl9b0u5tmjKr06M25p60wIDAQAB\n\
-----END RSA PUBLIC KEY-----";
    const OF_1024_BITS: &str = "-----BEGIN PUBLIC KEY-----\n\
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCHrolk9fGxjPiBhHYaUMH4CAO\n\
TbDq84dxVq/X7g28b5gEQLdzfjrjSlxsu5S14ZillX2rRYfr+W7dgk8XY1OagO/7\n\
98RSQR4ABQvtgSdzJUc2MQ6r+P3Vx9gCumuOUZ1J94DydAUJTeZmO+LyqaHN1/wN\n\
Cq0Yi+sFrdLzuwkENwIDAQAB\n\
-----END PUBLIC KEY-----";
    const ELLIPTIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEp+tPvjnyW9hd/8Z7uVHKDKfeUbtm\n\
FTJPzRwGq/nxOeQ25JUGMjXVXl8APTO0O21jYfFnBOKjXiOpVXKpji8cPw==\n\
-----END PUBLIC KEY-----";

    fn bare(pem: &str) -> String {
        pem.lines().filter(|line| !line.starts_with('-')).collect()
    }

    #[test]
    fn every_whole_form_becomes_the_same_pem() {
        let unbroken = bare(SPKI);
        let wrapped: Vec<_> = unbroken.as_bytes().chunks(50).map(String::from_utf8_lossy).collect();
        for form in [
            SPKI.to_owned(),
            format!("\n {SPKI}\n\n"),
            SPKI.replace('\n', "\r\n"),
            SPKI.replace('\n', "\\n"),
            SPKI.replace('\n', " "),
            wrapped.join("\n"),
            unbroken,
            PKCS1.to_owned(),
            bare(PKCS1),
        ] {
            assert_eq!(to_spki_pem(&form).as_deref(), Some(SPKI), "{form}");
        }
    }

    #[test]
    fn what_is_not_a_whole_strong_rsa_key_is_refused() {
        let lines = SPKI.lines().enumerate().filter(|(n, _)| *n != 1);
        let cut: Vec<_> = lines.map(|(_, line)| line).collect();
        let bare = bare(SPKI);
        for form in [
            String::new(),
            "shared-secret".to_owned(),
            OF_1024_BITS.to_owned(),
            ELLIPTIC.to_owned(),
            cut.join("\n"),
            SPKI.to_lowercase(),
            bare[1..].to_owned(),
            bare[..200].to_owned(),
            SPKI.trim_end_matches('-').to_owned(),
            SPKI.replace("PUBLIC", "PRIVATE"),
            format!("{SPKI}\n{SPKI}"),
        ] {
            assert_eq!(to_spki_pem(&form), None, "{form}");
        }
    }
}
