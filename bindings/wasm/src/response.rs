//! Handing results and errors to JavaScript.

use std::pin::Pin;

use cgk_credentials::{CredentialError, FieldError, IntoJs, JsOutput};
use js_sys::{Error, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

/// Settles a promise with what a future gives.
pub(crate) fn promise<T: IntoJs>(
    work: impl Future<Output = Result<T, CredentialError>> + 'static,
) -> Promise {
    promise_of(Box::pin(async { work.await.and_then(IntoJs::into_js) }))
}

/// Boxed, and in a function without a type parameter: the machinery around a future is compiled only
/// once.
fn promise_of(work: Pin<Box<dyn Future<Output = Result<JsOutput, CredentialError>>>>) -> Promise {
    future_to_promise(async { Ok(to_js(work.await.map_err(thrown)?)) })
}

/// A promise that is settled already.
pub(crate) fn settled<T: IntoJs>(outcome: Result<T, CredentialError>) -> Promise {
    settled_output(outcome.and_then(IntoJs::into_js))
}

fn settled_output(output: Result<JsOutput, CredentialError>) -> Promise {
    match output.map_err(thrown).map(to_js) {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error),
    }
}

/// An error to throw: a plain JavaScript `Error` with a `code`, and with the `fields` of the input
/// that are wrong, if it is about any.
pub(crate) fn thrown(error: impl Into<CredentialError>) -> JsValue {
    let error = error.into();
    let object = Error::new(&error.to_string());
    // Setting a property of a new object does not fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().into());
    let fields = Object::new();
    for FieldError { field, message } in error.field_errors() {
        if let Some(field) = field {
            let _ = Reflect::set(&fields, &(*field).into(), &message.into());
            let _ = Reflect::set(&object, &"fields".into(), &fields);
        }
    }
    object.into()
}

fn to_js(output: JsOutput) -> JsValue {
    match output {
        JsOutput::Nothing => JsValue::UNDEFINED,
        JsOutput::Null => JsValue::NULL,
        JsOutput::Boolean(value) => value.into(),
        JsOutput::Secret(secret) => secret.expose().into(),
        JsOutput::Json(text) => text.into(),
    }
}
