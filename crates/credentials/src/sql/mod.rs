//! Every SQL statement, made from the table descriptions.

mod migration;
mod statement;

pub(crate) use migration::{create, migrate};
pub(crate) use statement::{
    RowKey, SaveContext, StoredValue, deactivate, find, find_credential, find_inputs,
    find_revision, list_api_credentials, missing_columns, record_verification, save, statuses,
    tenant_schemas,
};
