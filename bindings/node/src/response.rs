//! Handing results and errors to JavaScript.

use std::panic::AssertUnwindSafe;

use cgk_credentials::{CredentialError, FieldError, IntoJs, JsOutput};
use futures_util::FutureExt;
use napi::bindgen_prelude::{Null, Object, PromiseRaw, ToNapiValue, Unknown};
use napi::{Env, Error, Result};

use crate::kdf::CallUnderWay;

/// Runs a future on another thread and settles a promise with what it gives. A panic becomes an
/// error that says nothing of its cause.
pub(crate) fn promise<T: IntoJs>(
    env: &Env,
    work: impl Future<Output = std::result::Result<T, CredentialError>> + Send + 'static,
) -> Result<PromiseRaw<'_, Unknown<'_>>> {
    let under_way = CallUnderWay::begin();
    let work = async move {
        let _under_way = under_way;
        work.await?.into_js()
    };
    let work = AssertUnwindSafe(work).catch_unwind();
    env.spawn_future_with_callback(async { Ok(work.await) }, |env, outcome| match outcome {
        Ok(Ok(answer)) => to_js(env, answer),
        Ok(Err(error)) => Err(thrown(env, error)),
        Err(_) => Err(panicked(env)?),
    })
}

/// A promise that is settled already.
pub(crate) fn settled<T: IntoJs>(
    env: &Env,
    outcome: std::result::Result<T, CredentialError>,
) -> Result<PromiseRaw<'_, Unknown<'_>>> {
    match outcome.and_then(IntoJs::into_js) {
        Ok(answer) => PromiseRaw::resolve(env, to_js(env, answer)?),
        Err(error) => PromiseRaw::reject(env, error_object(env, &error)?),
    }
}

/// An error to throw.
pub(crate) fn thrown(env: &Env, error: impl Into<CredentialError>) -> Error {
    error_object(env, &error.into())
        .and_then(|object| object.into_unknown(env))
        .map_or_else(|error| error, Error::from)
}

/// A plain JavaScript `Error` with a `code`, and with the `fields` of the input that are wrong, if
/// it is about any.
fn error_object<'env>(env: &'env Env, error: &CredentialError) -> Result<Object<'env>> {
    let mut object = coded_error(env, &error.to_string(), error.code())?;
    let mut fields = Object::new(env)?;
    for FieldError { field, message } in error.field_errors() {
        if let Some(field) = field {
            fields.set(field, message.as_str())?;
            object.set("fields", fields)?;
        }
    }
    Ok(object)
}

fn panicked(env: &Env) -> Result<Error> {
    let object = coded_error(env, "Internal error in the credential vault", "INTERNAL")?;
    Ok(Error::from(object.into_unknown(env)?))
}

fn coded_error<'env>(env: &'env Env, message: &str, code: &str) -> Result<Object<'env>> {
    let mut object = env.create_error(Error::from_reason(message))?;
    object.set("code", code)?;
    Ok(object)
}

fn to_js(env: &Env, answer: JsOutput) -> Result<Unknown<'_>> {
    match answer {
        JsOutput::Nothing => ().into_unknown(env),
        JsOutput::Null => Null.into_unknown(env),
        JsOutput::Boolean(value) => value.into_unknown(env),
        JsOutput::Secret(secret) => secret.expose().into_unknown(env),
        JsOutput::Json(text) => text.into_unknown(env),
    }
}
