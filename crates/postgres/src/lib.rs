//! Runs the vault's statements on a PostgreSQL server.
//!
//! Statements go out unnamed, in one round trip and without session state, so that connections may
//! lead through a transaction-mode pooler.

#![forbid(unsafe_code)]

mod authentication;
mod connection;
mod failure;
mod negotiation;
mod parameters;
mod pool;
mod postgres;
mod process_id;
mod server;
mod tls;
mod tls_parameters;
mod unknown_parameters;
mod url;

pub use connection::{ConnectionSettings, SessionNames};
pub use pool::PoolOptions;
pub use postgres::Postgres;
