//! What the credential vault stores, and how: tenants, services, config types, statements.
//!
//! Nothing here talks to a database or to JavaScript. A [`Store`] joins the parts: it takes a
//! [`Database`] that runs statements and a [`cgk_crypto::KeyDerivation`] that derives keys, and offers
//! one method for each storage function of the contract (section 6).

#![forbid(unsafe_code)]

mod answer;
mod catalog;
#[cfg(feature = "typescript")]
mod config;
mod currency;
mod database;
mod error;
mod field;
mod input;
mod json;
mod migration;
mod row;
mod rsa_public_key;
mod service;
mod statement;
mod status;
mod store;
mod stripe_mode;
mod table;
mod tenant;
mod verification;

pub use answer::{Answer, ApiKeyAndSecret, IntoAnswer};
pub use catalog::SERVICES;
#[cfg(feature = "typescript")]
pub use config::{
    ApiCredential, BaseConfig, ResendConfig, StripeConfig, WiseConfig, WiseProfileType,
};
pub use database::{Access, Database, DatabaseError, Statement};
pub use error::{CredentialError, Problem, SchemaMismatch};
pub use field::{Characters, Field, FieldKind, Form, ModeSwitch, Rule};
pub use input::{FieldValue, Fields, MAX_FIELD_BYTES, Verification, take_service_name};
pub use json::{TIMESTAMP_FIELDS, Timestamp};
pub use service::{Category, Service, ServiceRef, ServiceTable};
pub use status::IntegrationStatus;
pub use store::{Store, prepare_input_verification, read_verification};
pub use table::{Column, ColumnKind, ColumnRole, Table};
pub use tenant::{MAX_SLUG_LENGTH, TenantId};
pub use verification::{
    Authentication, Body, Endpoints, OtherKey, Outcome, Probe, Question, Region, Regions,
    ResponseRule, Restriction, VendorAnswer, Verdict,
};
