//! The WebAssembly module: the same functions as the Node addon, over a driver that JavaScript
//! hands in.

#![forbid(unsafe_code)]
// Exported functions are called from JavaScript only, and take its values as they come.
#![allow(unreachable_pub, clippy::needless_pass_by_value)]

mod arguments;
mod crypto;
mod driver;
mod integrations;
mod kdf;
mod response;
