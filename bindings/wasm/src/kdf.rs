use std::sync::Arc;

use cgk_crypto::{
    CryptoError, DEFAULT_CACHE_ENTRIES, DerivedKey, KeyDerivation, MasterKey, PBKDF2_ITERATIONS,
    Salt, Sealer, Turn, derive_key,
};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// The sealer of this instance. It holds no tenant and no configuration, only derived keys.
    static SEALER: Result<Arc<Sealer<WebCryptoKdf>>, CryptoError> =
        Sealer::new(WebCryptoKdf, DEFAULT_CACHE_ENTRIES).map(Arc::new);
}

/// The sealer of this instance.
pub(crate) fn sealer() -> Result<Arc<Sealer<WebCryptoKdf>>, CryptoError> {
    SEALER.with(Clone::clone)
}

/// Derives keys with WebCrypto, which is twice as fast as WebAssembly and does not hold the event
/// loop; in Rust where the runtime has none.
#[derive(Debug)]
pub(crate) struct WebCryptoKdf;

impl KeyDerivation for WebCryptoKdf {
    /// A Worker's request may be cut off, and its promises then never settle.
    const SINGLE_FLIGHT: bool = false;

    async fn derive(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
        _: Turn,
    ) -> Result<DerivedKey, CryptoError> {
        match subtle_crypto() {
            Some(subtle) => derive_with(&subtle, &master, &salt)
                .await
                .map_err(|_| CryptoError::DerivationFailed),
            None => derive_key(&master, &salt),
        }
    }
}

fn subtle_crypto() -> Option<Object> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    // Not `dyn_into`, which asks `instanceof`: the runtime's objects may come from another realm.
    subtle.is_object().then(|| subtle.unchecked_into())
}

/// `importKey` and `deriveBits` of the Web Cryptography API.
async fn derive_with(
    subtle: &Object,
    master: &MasterKey,
    salt: &Salt,
) -> Result<DerivedKey, JsValue> {
    let password = Uint8Array::from(master.password());
    let usages = Array::of1(&"deriveBits".into());
    let key = call(
        subtle,
        "importKey",
        &Array::of5(&"raw".into(), &password, &"PBKDF2".into(), &false.into(), &usages),
    )
    .await;
    // The copy on the JavaScript side is of no more use.
    password.fill(0, 0, password.length());

    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"PBKDF2".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    Reflect::set(&algorithm, &"salt".into(), &Uint8Array::from(salt.as_slice()))?;
    Reflect::set(&algorithm, &"iterations".into(), &PBKDF2_ITERATIONS.into())?;
    let bits = call(subtle, "deriveBits", &Array::of3(&algorithm, &key?, &256.into())).await?;
    let bits = Uint8Array::new(&bits);
    let key = DerivedKey::fill_with(|key| {
        if bits.length() != 32 {
            return Err(JsValue::UNDEFINED);
        }
        bits.copy_to(key);
        Ok(())
    });
    bits.fill(0, 0, bits.length());
    key
}

async fn call(subtle: &Object, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(subtle, &method.into())?.dyn_into()?;
    let promise = Reflect::apply(&method, subtle, arguments)?;
    JsFuture::from(Promise::resolve(&promise)).await
}
