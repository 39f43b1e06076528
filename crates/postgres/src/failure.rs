use std::error::Error as _;

use cgk_credentials::DatabaseError;
use tokio_postgres::Error;

use crate::server;

/// A statement failed. The server's text is dropped: it may quote values.
pub(crate) fn of_statement(error: &Error) -> DatabaseError {
    match error.code() {
        Some(state) => DatabaseError::from_sqlstate(state.code()),
        None if error.is_closed() || is_io(error) => DatabaseError::ConnectionLost,
        None => DatabaseError::Refused("unexpected answer".to_owned()),
    }
}

/// No connection was made.
pub(crate) fn of_connect(error: &Error) -> DatabaseError {
    if let Some(refusal) = server::refusal(error) {
        return DatabaseError::ConfigInvalid(refusal.to_string());
    }
    if let Some(state) = error.code() {
        return match DatabaseError::from_sqlstate(state.code()) {
            DatabaseError::ConnectionLost => unavailable("the server ended the connection at once"),
            error => error,
        };
    }
    // Before the first statement, neither text holds anything but addresses and TLS terms.
    match error.source() {
        Some(cause) => unavailable(&format!("{error}: {cause}")),
        None => unavailable(&error.to_string()),
    }
}

pub(crate) fn connecting_took_too_long() -> DatabaseError {
    unavailable("connecting took too long")
}

fn is_io(error: &Error) -> bool {
    error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>()).is_some()
}

fn unavailable(reason: &str) -> DatabaseError {
    DatabaseError::Unavailable(reason.to_owned())
}
