//! What callers hand in: read, cleaned and checked before anything is done with it.

mod audit;
mod currency;
mod json;
mod parse;
mod plaintext;
mod rsa_public_key;
mod stripe_mode;
mod text;
mod wrong_type;

pub(crate) use audit::Audit;
pub(crate) use parse::take_service_name;
pub(crate) use parse::{
    Assignment, Input, PlainValue, parse_account, parse_error_text, parse_input,
};
pub use parse::{FieldValue, Fields, Verification};
pub(crate) use plaintext::PlaintextCredential;
pub(crate) use stripe_mode::{is_live, reconcile_livemode};
#[cfg(test)]
pub(crate) use text::check;
