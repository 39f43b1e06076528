//! What callers hand in: read, cleaned and checked before anything is done with it.

mod currency;
mod json;
mod parse;
mod plaintext;
mod rsa_public_key;
mod stripe_mode;
mod text;
mod wrong_type;

pub(crate) use parse::take_service_name;
pub(crate) use parse::{Assignment, Input, NewValue, parse_account, parse_error_text, parse_input};
pub use parse::{FieldValue, Fields, Verification};
pub(crate) use plaintext::Candidate;
pub(crate) use stripe_mode::{agree_on_mode, is_live};
#[cfg(test)]
pub(crate) use text::check;
