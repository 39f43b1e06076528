//! Verification of credentials that are not stored.

use cgk_credentials::{
    Endpoints, prepare_input_verification as prepare, read_verification as read,
};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments;
use crate::response::settled;

/// The question to the vendor about an input.
#[wasm_bindgen(js_name = prepareInputVerification, unchecked_return_type = "Promise<Json<VendorQuestion>>")]
pub fn prepare_input_verification(
    #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
    #[wasm_bindgen(unchecked_param_type = "object")] input: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string | null")] endpoint: JsValue,
    #[wasm_bindgen(js_name = sandboxEndpoint, unchecked_optional_param_type = "string | null")]
    sandbox_endpoint: JsValue,
) -> Promise {
    let service = arguments::name(&service);
    let (own, sandbox) = (arguments::text(&endpoint), arguments::text(&sandbox_endpoint));
    let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
    settled(
        arguments::input(&input)
            .and_then(|input| prepare(&service, input, endpoints, arguments::now())),
    )
}

/// Judges the vendor's answer about an input.
#[wasm_bindgen(js_name = readVerification, unchecked_return_type = "Promise<Json<Verdict>>")]
pub fn read_verification(
    #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] question: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] answer: JsValue,
) -> Promise {
    let service = arguments::name(&service);
    let (question, answer) = (arguments::name(&question), arguments::name(&answer));
    settled(read(&service, &question, &answer))
}
