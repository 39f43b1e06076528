//! The token functions (compatibility.md, section 1).

use std::sync::Arc;

use cgk_credentials::{CredentialError, TenantId};
use cgk_crypto::shopify::{self, ShopifyKey};
use cgk_crypto::v1;
use cgk_crypto::v2::Context;
use cgk_crypto::{KeyRing, MasterKey, SealedText, SecretString};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments::{name, secret, text};
use crate::kdf::sealer;
use crate::response::{promise, settled, thrown};

/// Encrypts a string into a v1 token.
#[wasm_bindgen(js_name = encryptToken, unchecked_return_type = "Promise<string>")]
pub fn encrypt_token(
    #[wasm_bindgen(unchecked_param_type = "string")] plaintext: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
) -> Promise {
    let (plaintext, key) = (secret(&plaintext), text(&key));
    promise(async {
        let master = master_key(key)?;
        let plaintext = plaintext.ok_or_else(|| not_a_string("plaintext"))?;
        let token = sealer()?.seal_v1(master, &plaintext).await?;
        Ok(SecretString::from(token.to_string()))
    })
}

/// Decrypts a v1 token; at once if its key is cached.
#[wasm_bindgen(js_name = decryptToken, unchecked_return_type = "Promise<string>")]
pub fn decrypt_token(
    #[wasm_bindgen(unchecked_param_type = "string")] token: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
) -> Promise {
    let (token, key) = (text(&token), text(&key));
    let parsed = key_ring(key).and_then(|ring| Ok((ring, parse_token(token)?, sealer()?)));
    let (ring, token, sealer) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return settled::<SecretString>(Err(error)),
    };
    match sealer.open_cached(&ring, &Context::none(), token) {
        Ok(opened) => settled(opened.map_err(CredentialError::from)),
        Err(token) => {
            promise(async move { Ok(sealer.open_v1(ring.current_master()?, &token).await?) })
        }
    }
}

/// Encrypts a Shopify OAuth token.
#[wasm_bindgen(js_name = encryptShopifyToken, unchecked_return_type = "Promise<string>")]
pub fn encrypt_shopify_token(
    #[wasm_bindgen(unchecked_param_type = "string")] plaintext: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
) -> Promise {
    let sealed = || {
        let key = shopify_key(secret(&key))?;
        let plaintext = secret(&plaintext).ok_or_else(|| not_a_string("plaintext"))?;
        Ok(SecretString::from(shopify::seal(&key, &plaintext)?))
    };
    settled(sealed())
}

/// Decrypts a Shopify OAuth token.
#[wasm_bindgen(js_name = decryptShopifyToken, unchecked_return_type = "Promise<string>")]
pub fn decrypt_shopify_token(
    #[wasm_bindgen(unchecked_param_type = "string")] token: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
) -> Promise {
    let opened = || {
        let key = shopify_key(secret(&key))?;
        Ok(shopify::open(&key, text(&token).as_deref().unwrap_or_default())?)
    };
    settled(opened())
}

/// A new master key: 32 random bytes as 64 hex characters.
#[wasm_bindgen(js_name = generateEncryptionKey)]
pub fn generate_encryption_key() -> Result<String, JsValue> {
    cgk_crypto::make_encryption_key().map_err(thrown)
}

/// Whether a value is a string of 32 or more characters.
#[wasm_bindgen(js_name = isValidEncryptionKey)]
pub fn is_valid_encryption_key(
    #[wasm_bindgen(unchecked_param_type = "unknown")] key: JsValue,
) -> bool {
    secret(&key).is_some_and(|key| cgk_crypto::is_valid_encryption_key(key.expose()))
}

/// Throws unless a value is a tenant slug.
#[wasm_bindgen(js_name = checkTenantId)]
pub fn check_tenant_id(
    #[wasm_bindgen(unchecked_param_type = "string", js_name = tenantId)] tenant_id: JsValue,
) -> Result<(), JsValue> {
    TenantId::parse(&name(&tenant_id)).map(drop).map_err(thrown)
}

/// A key of another type is as good as none.
fn master_key(key: Option<String>) -> Result<Arc<MasterKey>, CredentialError> {
    Ok(Arc::new(MasterKey::parse(key.unwrap_or_default())?))
}

fn key_ring(key: Option<String>) -> Result<KeyRing, CredentialError> {
    Ok(KeyRing::of(key.unwrap_or_default())?)
}

fn shopify_key(key: Option<SecretString>) -> Result<ShopifyKey, CredentialError> {
    Ok(ShopifyKey::parse(&key.unwrap_or_else(|| SecretString::from(String::new())))?)
}

fn parse_token(token: Option<String>) -> Result<SealedText, CredentialError> {
    Ok(SealedText::V1(v1::SealedText::parse(&token.unwrap_or_default())?))
}

fn not_a_string(name: &str) -> CredentialError {
    CredentialError::input(format!("{name} must be a string"))
}
