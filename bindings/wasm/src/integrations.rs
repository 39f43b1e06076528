use std::num::NonZeroUsize;
use std::sync::Arc;

use cgk_credentials::{CredentialError, KeyOptions, Keys, Layout, LayoutOptions, Store};
use cgk_crypto::Sealer;
use js_sys::{Array, Promise};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments::argument;
use crate::driver::Driver;
use crate::kdf::{WebCryptoKdf, sealer};
use crate::response::{promise, settled, thrown};

/// The storage functions over one driver and one master key.
#[wasm_bindgen]
pub struct Integrations {
    store: Arc<Store<Driver, WebCryptoKdf>>,
}

/// The options that this backend uses; the npm package has checked their types.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    keys: KeyOptions,
    tables: LayoutOptions,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    driver: JsValue,
    max_derived_keys: Option<NonZeroUsize>,
}

#[wasm_bindgen]
impl Integrations {
    /// Asks for nothing yet: what is missing or wrong is told by the function that needs it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "object")] options: JsValue,
    ) -> Result<Self, JsValue> {
        let options: Options = serde_wasm_bindgen::from_value(options)
            .map_err(|_| thrown(CredentialError::input("The options have a wrong type")))?;
        let driver = Driver(options.driver.is_object().then_some(options.driver));
        let sealer = match options.max_derived_keys {
            Some(capacity) => Sealer::new(WebCryptoKdf, capacity).map(Arc::new),
            None => sealer(),
        };
        let layout = Layout::new(options.tables).map_err(thrown)?;
        let store = Store::new(driver, sealer.map_err(thrown)?, Keys::new(options.keys), layout);
        Ok(Self { store: Arc::new(store) })
    }

    /// Closes nothing: the driver's connections belong to whoever made it.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    #[expect(clippy::unused_self, reason = "the addon's namesake closes its pool")]
    pub fn close(&self) -> Promise {
        settled(Ok(()))
    }

    /// Never: the driver's connections are its own concern.
    #[wasm_bindgen(js_name = isServerUnverified)]
    #[expect(clippy::unused_self, reason = "the addon's namesake asks its pool")]
    pub fn is_server_unverified(&self) -> bool {
        false
    }

    /// Calls a function of the store by its name.
    #[wasm_bindgen(unchecked_return_type = "Promise<unknown>")]
    pub fn call(
        &self,
        operation: String,
        #[wasm_bindgen(unchecked_param_type = "readonly unknown[]")] args: Array,
    ) -> Promise {
        let args = args.iter().map(|value| argument(&value)).collect();
        let store = self.store.clone();
        promise(async move { store.call(&operation, args, now()).await })
    }
}

/// Milliseconds since 1970.
#[expect(clippy::cast_possible_truncation, reason = "a time is a small whole number")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
