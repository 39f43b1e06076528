//! The token functions (compatibility.md, section 1).

use cgk_credentials::{CredentialError, TenantId, TextToSeal, TokenToOpen};
use cgk_crypto::SecretString;
use cgk_crypto::shopify::{self, ShopifyKey};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments::{argument, name, secret, text};
use crate::kdf::sealer;
use crate::response::{promise, settled, thrown};

/// Encrypts a string into a token.
#[wasm_bindgen(js_name = encryptToken, unchecked_return_type = "Promise<string>")]
pub fn encrypt_token(
    #[wasm_bindgen(unchecked_param_type = "string")] plaintext: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
    #[wasm_bindgen(unchecked_param_type = "object | undefined")] options: JsValue,
) -> Promise {
    let (plaintext, key, options) = (argument(&plaintext), argument(&key), argument(&options));
    promise(async { TextToSeal::parse(plaintext, key, options)?.seal(&*sealer()?).await })
}

/// Decrypts a token.
#[wasm_bindgen(js_name = decryptToken, unchecked_return_type = "Promise<string>")]
pub fn decrypt_token(
    #[wasm_bindgen(unchecked_param_type = "string")] token: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] key: JsValue,
    #[wasm_bindgen(unchecked_param_type = "object | undefined")] context: JsValue,
) -> Promise {
    let (token, key, context) = (argument(&token), argument(&key), argument(&context));
    promise(async { TokenToOpen::parse(token, key, context)?.open(&*sealer()?).await })
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
fn shopify_key(key: Option<SecretString>) -> Result<ShopifyKey, CredentialError> {
    Ok(ShopifyKey::parse(&key.unwrap_or_else(|| SecretString::from(String::new())))?)
}

fn not_a_string(name: &str) -> CredentialError {
    CredentialError::input(format!("{name} must be a string"))
}
