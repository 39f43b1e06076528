//! Sealing and opening under the key of a tenant.

use aes_gcm::Nonce;
use aes_gcm::aead::array::Array;
use aes_gcm::aead::consts::{U12, U32, U76};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::context::Context;
use super::hkdf;
use super::tenant_key::TenantKey;
use super::text::{COMMITMENT_BYTES, PREFIX, SALT_BYTES, SUITE, SealedText};
use crate::cipher::{self, TAG_BYTES};
use crate::random::make_random;
use crate::{CryptoError, SecretString};

/// Encrypts a value for its place under a fresh salt.
pub(crate) fn seal(
    key: &TenantKey,
    context: &Context,
    plaintext: &SecretString,
) -> Result<SealedText, CryptoError> {
    seal_with_salt(key, context, plaintext, make_random()?)
}

fn seal_with_salt(
    key: &TenantKey,
    context: &Context,
    plaintext: &SecretString,
    salt: [u8; SALT_BYTES],
) -> Result<SealedText, CryptoError> {
    let keys = ValueKeys::derive(key, context, &salt)?;
    let (key_bytes, nonce, commitment) = keys.parts();
    let mut text = SealedText {
        key_id: key.id,
        has_context: !context.is_none(),
        salt,
        commitment: *commitment,
        data: Vec::new(),
        tag: [0; TAG_BYTES],
    };
    let aad = associated_data(&text, context);
    (text.tag, text.data) = cipher::seal::<U12>(key_bytes, nonce, &aad, plaintext.expose())?;
    Ok(text)
}

/// Decrypts a value; [`CryptoError::DecryptionFailed`] where it is damaged or another place's.
pub(crate) fn open(
    key: &TenantKey,
    context: &Context,
    text: SealedText,
) -> Result<SecretString, CryptoError> {
    let keys = ValueKeys::derive(key, context, &text.salt)?;
    let (key_bytes, nonce, commitment) = keys.parts();
    let is_committed = text.commitment.ct_eq(commitment);
    if text.has_context == context.is_none() || !bool::from(is_committed) {
        return Err(CryptoError::DecryptionFailed);
    }
    let aad = associated_data(&text, context);
    cipher::open::<U12>(key_bytes, nonce, &aad, text.tag, text.data)
}

/// `K N C` of the format: the key, nonce and commitment of one value, wiped when dropped.
struct ValueKeys(Zeroizing<[u8; 32 + 12 + COMMITMENT_BYTES]>);

impl ValueKeys {
    fn derive(
        key: &TenantKey,
        context: &Context,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Self, CryptoError> {
        let mut keys = Self(Zeroizing::new([0; _]));
        let info = [hkdf::SEAL, &[SUITE], context.bytes()];
        hkdf::derive(key.key.bytes(), salt, &info, keys.0.as_mut_slice())?;
        Ok(keys)
    }

    fn parts(&self) -> (&[u8; 32], &Nonce<U12>, &[u8; COMMITMENT_BYTES]) {
        let all: &Array<u8, U76> = Array::cast_from_core(&self.0);
        let (key, rest) = all.split_ref::<U32>();
        let (nonce, commitment) = rest.split_ref::<U12>();
        (key.as_ref(), nonce, commitment.as_ref())
    }
}

fn associated_data(text: &SealedText, context: &Context) -> Vec<u8> {
    let prefix = format!("{PREFIX}{}.", text.key_id);
    [prefix.as_bytes(), &text.header(), context.bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::root_key::RootKey;
    use super::*;
    use crate::{KeyId, MasterKey};

    /// Found by two independent implementations; must open for ever. The key is base64 of 32 bytes
    /// 0x07, the salt 32 bytes 0x01.
    const PINNED_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    const PINNED_TOKEN: &str = "v2.ea4326a2.AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ2ijwxsvoVrikbxCy_mGKTwAILdvRH7r60RTuRIbEWAAihCid-lj0B0zalRQfGV0DcrzL4IlEBhOtjJKKwb";
    const PINNED_PLAINTEXT: &str = "sk_test_pinned";

    fn root() -> RootKey {
        RootKey::derive(&MasterKey::parse(PINNED_KEY.to_owned()).unwrap()).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn place() -> Context {
        Context::new("acme", "stripe", "secretKey").unwrap()
    }

    fn open_at(context: &Context, text: &str) -> Result<String, CryptoError> {
        let key = root().tenant_key(context.tenant())?;
        Ok(open(&key, context, SealedText::parse(text)?)?.expose().to_owned())
    }

    #[test]
    fn the_pinned_v2_token_opens_for_ever() {
        assert_eq!(open_at(&place(), PINNED_TOKEN).unwrap(), PINNED_PLAINTEXT);
        assert_eq!(root().id(), KeyId::parse("ea4326a2").unwrap());
    }

    #[test]
    fn the_pinned_v2_token_is_what_is_written_under_its_salt() {
        let key = root().tenant_key("acme").unwrap();
        let sealed = seal_with_salt(&key, &place(), &secret(PINNED_PLAINTEXT), [1; 32]).unwrap();
        assert_eq!(sealed.to_string(), PINNED_TOKEN);
    }

    #[test]
    fn values_round_trip_in_tokens_of_the_documented_length() {
        let lengths = [(33, 166), (107, 264), (1000, 1455), (0, 122), (64 * 1024, 87_503)];
        for (bytes, characters) in lengths {
            let text = "x".repeat(bytes);
            for context in [place(), Context::none()] {
                let key = root().tenant_key(context.tenant()).unwrap();
                let sealed = || seal(&key, &context, &secret(&text)).unwrap();
                let (first, second) = (sealed(), sealed());
                assert_ne!(first.salt, second.salt);
                assert_ne!(first.commitment, second.commitment);
                assert_eq!(first.to_string().len(), characters);
                assert_eq!(open(&key, &context, first).unwrap().expose(), text);
            }
        }
        for text in ["\u{feff}bom", "a\0b", "🔑"] {
            let key = root().tenant_key("acme").unwrap();
            let sealed = seal(&key, &place(), &secret(text)).unwrap();
            assert_eq!(open(&key, &place(), sealed).unwrap().expose(), text);
        }
    }

    #[test]
    fn every_changed_byte_is_refused() {
        for at in 0..PINNED_TOKEN.len() {
            for with in "-.0:AQa_z".bytes().filter(|with| *with != PINNED_TOKEN.as_bytes()[at]) {
                let mut changed = PINNED_TOKEN.as_bytes().to_vec();
                changed[at] = with;
                let changed = String::from_utf8(changed).unwrap();
                let error = open_at(&place(), &changed).unwrap_err();
                let expected = [CryptoError::TokenFormat, CryptoError::DecryptionFailed];
                assert!(expected.contains(&error), "{changed}: {error}");
            }
        }
    }

    #[test]
    fn every_changed_bit_of_the_parts_is_refused() {
        let pinned = SealedText::parse(PINNED_TOKEN).unwrap();
        let key = root().tenant_key("acme").unwrap();
        let refused = |changed: SealedText| {
            assert_ne!(changed, pinned);
            let opened = open(&key, &place(), changed);
            assert_eq!(opened.unwrap_err(), CryptoError::DecryptionFailed);
        };
        let parts: [fn(&mut SealedText) -> &mut [u8]; 5] = [
            |text| &mut text.key_id.0,
            |text| &mut text.salt,
            |text| &mut text.commitment,
            |text| &mut text.data,
            |text| &mut text.tag,
        ];
        for part in parts {
            for at in 0..part(&mut pinned.clone()).len() {
                for bit in 0..8 {
                    let mut changed = pinned.clone();
                    part(&mut changed)[at] ^= 1 << bit;
                    refused(changed);
                }
            }
        }
        refused(SealedText { has_context: false, ..pinned.clone() });
        refused(SealedText { data: Vec::new(), ..pinned.clone() });
    }

    #[test]
    fn every_other_place_is_refused() {
        let places = [
            ["rawdog", "stripe", "secretKey"],
            ["acm", "estripe", "secretKey"],
            ["acme", "resend", "secretKey"],
            ["acme", "stripe", "webhookSecret"],
            ["acme", "stripe", "secretkey"],
            ["acme", "stripesecret", "Key"],
        ];
        for [tenant, service, field] in places {
            let place = Context::new(tenant, service, field).unwrap();
            assert_eq!(open_at(&place, PINNED_TOKEN), Err(CryptoError::DecryptionFailed));
        }
        assert_eq!(open_at(&Context::none(), PINNED_TOKEN), Err(CryptoError::DecryptionFailed));
        let key = root().tenant_key("").unwrap();
        let free = seal(&key, &Context::none(), &secret("x")).unwrap();
        assert_eq!(open_at(&place(), &free.to_string()), Err(CryptoError::DecryptionFailed));
        // A tenant's key in the place of another's, for the right context of the token.
        let other = root().tenant_key("rawdog").unwrap();
        let opened = open(&other, &place(), SealedText::parse(PINNED_TOKEN).unwrap());
        assert_eq!(opened.unwrap_err(), CryptoError::DecryptionFailed);
    }

    proptest! {
        #[test]
        fn any_text_opens_at_its_place_only(
            tenants in prop::array::uniform2("[a-z]{1,3}"), services in prop::array::uniform2("[a-z]{1,3}"),
            fields in prop::array::uniform2("[a-zA-Z]{1,3}"), text in "\\PC*",
        ) {
            let root = root();
            let place = |at: usize| Context::new(&tenants[at], &services[at], &fields[at]).unwrap();
            let sealed = seal(&root.tenant_key(&tenants[0]).unwrap(), &place(0), &secret(&text)).unwrap();
            for at in [0, 1] {
                let key = root.tenant_key(&tenants[at]).unwrap();
                let opened = open(&key, &place(at), sealed.clone());
                prop_assert_eq!(opened.is_ok(), place(at) == place(0));
                if let Ok(opened) = opened {
                    prop_assert_eq!(opened.expose(), &text);
                }
            }
        }
    }
}
