//! What the credential vault stores, and how: tenants, services, config types, statements.
//!
//! Nothing here talks to a database or to JavaScript. A [`Store`] joins the parts: it takes a
//! [`Database`] that runs statements and a [`cgk_crypto::KeyDerivation`] that derives keys, and offers
//! one method for each storage function (compatibility.md, section 6).

#![forbid(unsafe_code)]

mod catalog;
#[cfg(feature = "typescript")]
mod config;
mod database;
mod error;
mod input;
mod json;
mod output;
mod sql;
mod store;
mod tenant;
mod verification;

pub use catalog::{
    Authentication, Category, Characters, Column, ColumnKind, ColumnRole, Field, FieldKind, Form,
    MAX_FIELD_BYTES, ModeSwitch, OtherKey, Probe, Region, Regions, ResponseRule, Rule, SERVICES,
    Service, ServiceRef, ServiceTable, Table,
};
#[cfg(feature = "typescript")]
pub use config::{
    ApiCredential, BaseConfig, ResendConfig, StripeConfig, WiseConfig, WiseProfileType,
};
pub use database::{Access, Database, DatabaseError, Statement};
pub use error::{CredentialError, Problem, SchemaMismatch};
pub use input::{FieldValue, Fields, Verification};
pub use json::{TIMESTAMP_FIELDS, Timestamp};
pub use output::{Answer, IntegrationStatus, IntoAnswer};
pub use store::{Argument, Store};
pub use tenant::{MAX_SLUG_LENGTH, TenantId};
pub use verification::{Body, Outcome, Restriction, VendorAnswer, Verdict};
