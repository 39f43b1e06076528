//! Whether a vendor accepts a credential: what to ask, and what the answer means.
//!
//! The catalog has a [`Probe`] for each service. A [`Question`] is made from it and a credential;
//! the host sends it and hands the vendor's [`VendorAnswer`] back, which gives a [`Verdict`].
//! Nothing here talks to a vendor.

pub(crate) mod account;
mod candidate;
mod probe;
#[cfg(test)]
mod published_answers;
mod question;
mod rule;
mod s3_signature;
mod verdict;

pub(crate) use candidate::Candidate;
pub use probe::{Authentication, Body, OtherKey, Probe, Region, Regions};
pub(crate) use question::Context;
pub use question::{Endpoints, Question};
pub use rule::ResponseRule;
pub use verdict::{Outcome, Restriction, VendorAnswer, Verdict};

use serde_json::Value;
use zeroize::Zeroize;

/// Overwrites the texts of a JSON value that held a secret.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(entries) => entries.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}
