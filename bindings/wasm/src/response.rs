//! Handing results and errors to JavaScript.

use std::pin::Pin;

use cgk_credentials::{Answer, CredentialError, IntoAnswer, Problem};
use js_sys::{Error, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

/// Settles a promise with what a future gives.
pub(crate) fn promise<T: IntoAnswer>(
    work: impl Future<Output = Result<T, CredentialError>> + 'static,
) -> Promise {
    promise_of(Box::pin(async { work.await.and_then(IntoAnswer::into_answer) }))
}

/// Boxed, and in a function without a type parameter: the machinery around a future is compiled only
/// once.
fn promise_of(work: Pin<Box<dyn Future<Output = Result<Answer, CredentialError>>>>) -> Promise {
    future_to_promise(async { Ok(to_js(work.await.map_err(thrown)?)) })
}

/// A promise that is settled already.
pub(crate) fn settled<T: IntoAnswer>(outcome: Result<T, CredentialError>) -> Promise {
    settled_answer(outcome.and_then(IntoAnswer::into_answer))
}

fn settled_answer(answer: Result<Answer, CredentialError>) -> Promise {
    match answer.map_err(thrown).map(to_js) {
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
    for Problem { field, message } in error.problems() {
        if let Some(field) = field {
            let _ = Reflect::set(&fields, &(*field).into(), &message.into());
            let _ = Reflect::set(&object, &"fields".into(), &fields);
        }
    }
    object.into()
}

fn to_js(answer: Answer) -> JsValue {
    match answer {
        Answer::Nothing => JsValue::UNDEFINED,
        Answer::Null => JsValue::NULL,
        Answer::Boolean(value) => value.into(),
        Answer::Secret(secret) => secret.expose().into(),
        Answer::Json(text) => text.into(),
    }
}
