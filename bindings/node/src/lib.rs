//! The Node addon: one function per exported name, no logic of its own.
//!
//! Arguments are taken as they come and checked in Rust, so that every backend refuses the same
//! input with the same error. Work that takes time runs on other threads.

// Exported functions are called from JavaScript only, and napi fixes how they take their arguments.
#![allow(unreachable_pub, clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref)]

mod arguments;
mod crypto;
mod integrations;
mod kdf;
mod response;
mod threads;
