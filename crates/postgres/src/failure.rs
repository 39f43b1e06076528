use std::error::Error as _;

use cgk_credentials::DatabaseError;
use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::Error;

/// Why one attempt failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The connection was lost with the statement under way.
    ConnectionLost,
    /// Anything else; another attempt would end the same way.
    Final(DatabaseError),
}

impl From<Failure> for DatabaseError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::ConnectionLost => Self::Unavailable("the connection was lost".to_owned()),
            Failure::Final(error) => error,
        }
    }
}

/// A statement failed. The server's text is dropped: it may quote values.
pub(crate) fn of_statement(error: &Error) -> Failure {
    match error.code() {
        // The server ended the session (57P0x), or the pooler lost its own connection (08xxx).
        Some(state) if state.code().starts_with("57P") || state.code().starts_with("08") => {
            Failure::ConnectionLost
        }
        Some(state) => Failure::Final(DatabaseError::from_sqlstate(state.code())),
        None if error.is_closed() || is_io(error) => Failure::ConnectionLost,
        None => Failure::Final(DatabaseError::Refused("unexpected answer".to_owned())),
    }
}

/// No connection was to be had.
pub(crate) fn of_checkout(error: PoolError) -> Failure {
    Failure::Final(match error {
        PoolError::Timeout(TimeoutType::Wait) => {
            unavailable("all connections of the pool are busy; raise maxConnections")
        }
        PoolError::Timeout(_) => unavailable("connecting took too long"),
        PoolError::Backend(error) => of_connect(&error),
        _ => unavailable("the pool is closed"),
    })
}

fn of_connect(error: &Error) -> DatabaseError {
    if let Some(state) = error.code() {
        return DatabaseError::from_sqlstate(state.code());
    }
    // Before the first statement, neither text holds anything but addresses and TLS terms.
    match error.source() {
        Some(cause) => unavailable(&format!("{error}: {cause}")),
        None => unavailable(&error.to_string()),
    }
}

fn is_io(error: &Error) -> bool {
    error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>()).is_some()
}

fn unavailable(reason: &str) -> DatabaseError {
    DatabaseError::Unavailable(reason.to_owned())
}
