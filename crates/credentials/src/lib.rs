//! What the credential vault stores, and how: tenants, services, config types, statements.
//!
//! Nothing here talks to a database or to JavaScript. A [`Store`] joins the parts: it takes a
//! [`Database`] that runs statements and a [`cgk_crypto::KeyDerivation`] that derives keys, and offers
//! one method for each storage function (compatibility.md, section 6).

#![forbid(unsafe_code)]

mod catalog;
mod database;
mod described;
mod error;
mod error_code;
mod input;
mod json;
mod key;
mod output;
mod session;
mod sql;
mod store;
mod tenant;
mod tokens;
mod verification;

pub use catalog::{
    Authentication, Category, Charset, Column, ColumnKind, ColumnRole, CredentialCheck, Field,
    FieldKind, Form, MAX_FIELD_BYTES, ModeSwitch, OtherKey, Region, Regions, ResponseRule, Rule,
    SERVICES, SHARED_COLUMNS, Service, ServiceRef, ServiceTable, SharedColumn, SharedKind, Table,
    camel_case,
};
pub use database::{Database, DatabaseError, Retry, Statement};
pub use error::{CredentialError, FieldError, SchemaMismatch};
pub use error_code::ErrorCode;
pub use input::{FieldValue, Fields, Verification};
pub use json::{TIMESTAMP_FIELDS, Timestamp};
pub use key::CredentialKey;
pub use output::{IntegrationStatus, IntoJs, JsOutput};
pub use store::{Argument, KeyOptions, Keys, Store};
pub use tenant::{Layout, LayoutOptions, MAX_SLUG_LENGTH, TenantId};
pub use tokens::{TextToSeal, TokenToOpen};
pub use verification::{BodyFormat, Outcome, Restriction, VendorResponse, VerificationResult};
