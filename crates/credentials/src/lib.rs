//! What the credential vault stores, and how: tenants, services, config types, statements.
//!
//! Nothing here talks to a database or to JavaScript. A [`Store`] joins the parts: it takes a
//! [`Database`] that runs statements and a [`cgk_vault::KeyDeriver`] that derives keys, and offers
//! one method for each storage function of the contract (section 6).

#![forbid(unsafe_code)]

mod answer;
mod config;
mod database;
mod error;
mod input;
mod migration;
mod service;
mod statement;
mod status;
mod store;
mod table;
mod tenant;

pub use answer::{Answer, IntoAnswer};
pub use config::{
    ApiCredential, ApiKeyAndSecret, BaseConfig, ResendConfig, StripeConfig, TIMESTAMP_FIELDS,
    Timestamp, WiseConfig, WiseProfileType,
};
pub use database::{Access, Database, DatabaseError, Statement};
pub use error::CredentialError;
pub use input::{FieldValue, Fields, MAX_FIELD_BYTES, Verification};
pub use service::{Category, SERVICES, Service, ServiceTable};
pub use status::IntegrationStatus;
pub use store::Store;
pub use table::{Column, ColumnKind, ColumnRole, Table};
pub use tenant::{MAX_SLUG_LENGTH, TenantId};
