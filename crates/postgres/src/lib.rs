//! Runs the vault's statements on a PostgreSQL server.
//!
//! Statements go out unnamed, in one round trip and without session state, so that connections may
//! lead through a transaction-mode pooler.

#![forbid(unsafe_code)]

mod connection;
mod failure;
mod pool;
mod postgres;
mod server;
mod tls;

pub use connection::ConnectionSettings;
pub use pool::PoolOptions;
pub use postgres::Postgres;
