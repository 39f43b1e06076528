//! Every SQL statement, made from the table descriptions. SQL stands nowhere else.
//!
//! Each statement names the tenant's schema itself and nothing else: no `search_path`, no session
//! state, no named prepared statement, one round trip. How they read is in `snapshots`.

mod builder;
mod diagnose;
mod events;
mod migration;
mod migration_script;
mod moving;
mod registry;
mod save;
mod schedule;
mod secrets;
mod select;
mod shared;
#[cfg(test)]
mod snapshots;
mod status;
mod update;

pub(crate) use builder::{NO_TENANT, SqlValue};
pub(crate) use diagnose::{ServerFacts, diagnose, registered_of};
pub(crate) use events::{
    Event, EventOrder, SEALED_AT_A_TIME, count_unsealed_events, events, seal_events, sealed_events,
    unsealed_events, writes_event,
};
pub(crate) use migration::{create, migrate, tenants_to_migrate, unmigrated};
pub(crate) use migration_script::{MigrationScript, create_by_script, migrate_by_script};
pub(crate) use moving::{
    DIFFERS, IN_BOTH, WOULD_LOSE, move_to_schema, move_to_shared, schemas_with_tables,
};
pub(crate) use registry::{OTHER_LAYOUT, is_registered, own_tables, register, registered_tenants};
pub(crate) use save::{SaveContext, save};
pub(crate) use schedule::{connected, states, swap_state};
pub(crate) use secrets::{all_secrets, replace_secret};
pub(crate) use select::{
    find, find_credential, find_inputs, find_revision, list_api_credentials, missing_columns,
    sessions, tenant_schemas,
};
pub(crate) use shared::{migrate_shared, registered_to_migrate, shared_to_migrate};
pub(crate) use status::statuses;
pub(crate) use update::{deactivate, record_verification};
