//! Tokens of all formats: no text makes a parser panic, and what is read prints as it was.

#![no_main]

use cgk_crypto::shopify::{self, ShopifyKey};
use cgk_crypto::v2::{Context, TenantKey};
use cgk_crypto::{KeyRing, SealedText, SecretString};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(token) = SealedText::parse(text) {
        let printed = token.to_string();
        match &token {
            SealedText::V1(_) => assert_eq!(printed, text.to_ascii_lowercase()),
            SealedText::V2(token) => {
                assert_eq!(printed, text);
                let ring = KeyRing::of("0f".repeat(32)).expect("a key");
                assert!(ring.open(&Context::none(), token).is_err());
            }
        }
        assert_eq!(SealedText::parse(&printed), Ok(token));
    }
    let key = ShopifyKey::parse(&SecretString::from("0f".repeat(32))).expect("64 digits");
    if let Err(error) = shopify::open(&key, text) {
        assert!(["TOKEN_FORMAT", "DECRYPTION_FAILED"].contains(&error.code()), "{error}");
    }
    let secret = SecretString::from(text.to_owned());
    let _ = ShopifyKey::parse(&secret);
    if let Ok(key) = TenantKey::parse(&secret) {
        assert_eq!(key.to_text().expose(), text);
    }
});
