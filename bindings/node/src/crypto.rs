//! The token functions (compatibility.md, section 1).

use std::sync::Arc;

use cgk_credentials::{CredentialError, TenantId, TextToSeal, TokenToOpen};
use cgk_crypto::shopify::{self, ShopifyKey};
use cgk_crypto::{CryptoError, Sealer, SecretString};
use napi::bindgen_prelude::{PromiseRaw, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::arguments::{argument, name, secret, text};
use crate::kdf::{SEALER, ThreadKdf};
use crate::response::{promise, settled, thrown};

type Promise<'env> = Result<PromiseRaw<'env, Unknown<'env>>>;

/// Encrypts a string into a token; at once if no key has to be derived by PBKDF2.
#[napi(
    catch_unwind,
    ts_args_type = "plaintext: string, key: string, options: object | undefined",
    ts_return_type = "Promise<string>"
)]
pub fn encrypt_token<'env>(
    env: &'env Env,
    plaintext: Unknown,
    key: Unknown,
    options: Unknown,
) -> Promise<'env> {
    let plaintext = argument(env, &plaintext)?;
    let (key, options) = (argument(env, &key)?, argument(env, &options)?);
    let text = match TextToSeal::parse(plaintext, key, options) {
        Ok(text) => text,
        Err(error) => return settled::<SecretString>(env, Err(error)),
    };
    match text.seal_at_once() {
        Some(sealed) => settled(env, sealed),
        None => promise(env, async move { text.seal(&*sealer()?).await }),
    }
}

/// Decrypts a token; at once if no key has to be derived by PBKDF2.
#[napi(
    catch_unwind,
    ts_args_type = "token: string, key: string, context: object | undefined",
    ts_return_type = "Promise<string>"
)]
pub fn decrypt_token<'env>(
    env: &'env Env,
    token: Unknown,
    key: Unknown,
    context: Unknown,
) -> Promise<'env> {
    let token = argument(env, &token)?;
    let (key, context) = (argument(env, &key)?, argument(env, &context)?);
    let parsed = TokenToOpen::parse(token, key, context).and_then(|token| Ok((token, sealer()?)));
    let (token, sealer) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return settled::<SecretString>(env, Err(error)),
    };
    match token.open_cached(&sealer) {
        Some(opened) => settled(env, opened),
        None => promise(env, async move { token.open(&sealer).await }),
    }
}

/// Encrypts a Shopify OAuth token.
#[napi(
    catch_unwind,
    ts_args_type = "plaintext: string, key: string",
    ts_return_type = "Promise<string>"
)]
pub fn encrypt_shopify_token<'env>(
    env: &'env Env,
    plaintext: Unknown,
    key: Unknown,
) -> Promise<'env> {
    let (plaintext, key) = (secret(&plaintext)?, secret(&key)?);
    let sealed = || {
        let key = shopify_key(key)?;
        let plaintext = plaintext.ok_or_else(|| not_a_string("plaintext"))?;
        Ok(SecretString::from(shopify::seal(&key, &plaintext)?))
    };
    settled(env, sealed())
}

/// Decrypts a Shopify OAuth token.
#[napi(
    catch_unwind,
    ts_args_type = "token: string, key: string",
    ts_return_type = "Promise<string>"
)]
pub fn decrypt_shopify_token<'env>(env: &'env Env, token: Unknown, key: Unknown) -> Promise<'env> {
    let (token, key) = (text(&token)?, secret(&key)?);
    let opened = || {
        let key = shopify_key(key)?;
        Ok(shopify::open(&key, token.as_deref().unwrap_or_default())?)
    };
    settled(env, opened())
}

/// A new master key: 32 random bytes as 64 hex characters.
#[napi(catch_unwind)]
pub fn generate_encryption_key(env: &Env) -> Result<String> {
    cgk_crypto::make_encryption_key().map_err(|error| thrown(env, error))
}

/// Whether a value is a string of 32 or more characters.
#[napi(catch_unwind, ts_args_type = "key: unknown")]
pub fn is_valid_encryption_key(key: Unknown) -> Result<bool> {
    let key = secret(&key)?;
    Ok(key.is_some_and(|key| cgk_crypto::is_valid_encryption_key(key.expose())))
}

/// Throws unless a value is a tenant slug.
#[napi(catch_unwind, ts_args_type = "tenantId: string")]
pub fn check_tenant_id(env: &Env, tenant_id: Unknown) -> Result<()> {
    TenantId::parse(&name(&tenant_id)?).map(drop).map_err(|error| thrown(env, error))
}

fn sealer() -> std::result::Result<Arc<Sealer<ThreadKdf>>, CryptoError> {
    SEALER.clone()
}

/// A key of another type is as good as none.
fn shopify_key(key: Option<SecretString>) -> std::result::Result<ShopifyKey, CredentialError> {
    Ok(ShopifyKey::parse(&key.unwrap_or_else(|| SecretString::from(String::new())))?)
}

fn not_a_string(name: &str) -> CredentialError {
    CredentialError::input(format!("{name} must be a string"))
}
