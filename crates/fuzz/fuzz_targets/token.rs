//! Tokens of both formats: no text makes a parser panic, and what is read prints as it was.

#![no_main]

use cgk_crypto::shopify::{self, ShopifyKey};
use cgk_crypto::{SecretString, SealedText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(token) = SealedText::parse(text) {
        let printed = token.to_string();
        assert_eq!(printed, text.to_ascii_lowercase());
        assert_eq!(SealedText::parse(&printed), Ok(token));
    }
    let key = ShopifyKey::parse(&SecretString::from("0f".repeat(32))).expect("64 digits");
    if let Err(error) = shopify::open(&key, text) {
        assert!(["TOKEN_FORMAT", "DECRYPTION_FAILED"].contains(&error.code()), "{error}");
    }
    let _ = ShopifyKey::parse(&SecretString::from(text.to_owned()));
});
