//! Verification of credentials that are not stored.

use cgk_credentials::{
    Endpoints, prepare_input_verification as prepare, read_verification as read,
};
use napi::bindgen_prelude::{PromiseRaw, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::arguments;
use crate::response::settled;

/// The question to the vendor about an input.
#[napi(
    catch_unwind,
    ts_args_type = "service: string, input: object, endpoint?: string | null, sandboxEndpoint?: string | null",
    ts_return_type = "Promise<Json<VendorQuestion>>"
)]
pub fn prepare_input_verification<'env>(
    env: &'env Env,
    service: Unknown,
    input: Unknown,
    endpoint: Unknown,
    sandbox_endpoint: Unknown,
) -> Result<PromiseRaw<'env, Unknown<'env>>> {
    let service = arguments::name(&service)?;
    let (own, sandbox) = (arguments::text(&endpoint)?, arguments::text(&sandbox_endpoint)?);
    let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
    let question = arguments::input(env, &input)?
        .and_then(|input| prepare(&service, input, endpoints, arguments::now()));
    settled(env, question)
}

/// Judges the vendor's answer about an input.
#[napi(
    catch_unwind,
    ts_args_type = "service: string, question: string, answer: string",
    ts_return_type = "Promise<Json<Verdict>>"
)]
pub fn read_verification<'env>(
    env: &'env Env,
    service: Unknown,
    question: Unknown,
    answer: Unknown,
) -> Result<PromiseRaw<'env, Unknown<'env>>> {
    let service = arguments::name(&service)?;
    let (question, answer) = (arguments::name(&question)?, arguments::name(&answer)?);
    settled(env, read(&service, &question, &answer))
}
