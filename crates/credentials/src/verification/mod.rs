//! Whether a vendor accepts a credential: what to ask, and what the answer means.
//!
//! The catalog has a [`Probe`] for each service. A [`Question`] is made from it and a credential;
//! the host sends it and hands the vendor's [`VendorAnswer`] back, which gives a [`Verdict`].
//! Nothing here talks to a vendor.

mod outcome;
#[cfg(test)]
mod published_answers;
mod request;
mod response;
mod result;
mod sigv4;

pub use outcome::{Outcome, Restriction};
pub(crate) use request::{Context, Endpoints, Question};
pub use response::{Body, VendorAnswer};
pub(crate) use response::{Content, Known};
pub use result::Verdict;
