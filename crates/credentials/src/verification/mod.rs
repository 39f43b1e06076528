//! Whether a vendor accepts a credential: what to ask, and what the response means.
//!
//! The catalog has a [`CredentialCheck`](crate::CredentialCheck) for each service. A
//! [`VerificationRequest`] is made from it and a credential; the host sends it and hands the vendor's
//! [`VendorResponse`] back, which gives a [`VerificationResult`]. Nothing here talks to a vendor.

mod outcome;
#[cfg(test)]
mod published_answers;
mod request;
mod response;
mod result;
mod sigv4;

pub use outcome::{Outcome, Restriction};
pub(crate) use request::{Endpoints, RequestContext, VerificationRequest};
pub use response::{BodyFormat, VendorResponse};
pub(crate) use response::{CredentialFacts, ResponseBody};
pub use result::VerificationResult;
