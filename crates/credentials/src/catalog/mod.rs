//! The service catalog (compatibility.md, section 5), as data: what a service is called, what it
//! needs, how it is asked whether a credential works, and where its credentials are stored. Forms,
//! validation, verification, documentation and TypeScript types come from here.

mod account;
mod check;
mod field;
mod lookup;
mod rule;
mod service;
mod services;
mod table;

pub(crate) use account::Account;
pub use check::{Authentication, CredentialCheck, OtherKey, Region, Regions};
pub use field::{Charset, Field, FieldKind, Form, MAX_FIELD_BYTES, ModeSwitch, Rule};
pub use lookup::ServiceRef;
pub use rule::ResponseRule;
pub use service::{Category, Service, ServiceTable};
pub use services::SERVICES;
#[cfg(test)]
pub(crate) use table::{API_CREDENTIALS, RESEND, WISE};
pub use table::{
    Column, ColumnKind, ColumnRole, SHARED_COLUMNS, SharedColumn, SharedKind, Table, camel_case,
};
pub(crate) use table::{FAILING_SINCE, METADATA_SECRET, STRIPE};
