use std::fmt;

use crate::error_code::ErrorCode;
use crate::tenant::TenantId;

/// SQL text and its parameters.
///
/// Every parameter travels as text and is cast in the SQL; every answer is rows of one text column
/// that holds JSON. So the same statement runs on any driver and through any pooler.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    pub(crate) sql: String,
    pub(crate) params: Vec<Option<String>>,
    pub(crate) retry: Retry,
    pub(crate) tenant: Option<String>,
}

/// Whether a statement may be run again after a lost connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It changes nothing.
    Safe,
    /// It may have taken effect although no answer came.
    Never,
}

impl Statement {
    /// The SQL text, with `$1`, `$2`, … for the parameters.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters, all as text.
    pub fn params(&self) -> &[Option<String>] {
        &self.params
    }

    /// The tenant that it is run for, so that it can be given no more than its share of connections.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    pub(crate) fn run_for(self, tenant: &TenantId) -> Self {
        Self { tenant: Some(tenant.slug().to_owned()), ..self }
    }

    /// Whether the statement may be run again.
    pub fn retry(&self) -> Retry {
        self.retry
    }
}

/// Shows the SQL only: parameters carry ciphertext.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql).finish_non_exhaustive()
    }
}

/// Runs statements. The only thing that stands between the vault and a database.
pub trait Database {
    /// Whether [`Database::transact`] can be called: drivers of JavaScript may use another connection for each
    /// statement.
    const HAS_TRANSACTIONS: bool = false;

    /// Sends a statement once, in one round trip, and gives the text of its single column, row by
    /// row. `earlier` is why the attempt before this one failed, if there was one.
    fn attempt(
        &self,
        statement: &Statement,
        earlier: Option<&DatabaseError>,
    ) -> impl Future<Output = Result<Vec<String>, DatabaseError>>;

    /// Runs a statement. A read is sent once more after what passes by itself; a write never is, and
    /// without an answer its outcome is unknown.
    fn query(
        &self,
        statement: Statement,
    ) -> impl Future<Output = Result<Vec<String>, DatabaseError>> {
        async move {
            let answer = self.attempt(&statement, None).await;
            match (statement.retry(), answer) {
                (Retry::Safe, Err(error)) if error.passes() => {
                    self.attempt(&statement, Some(&error)).await
                }
                (Retry::Never, Err(error)) => Err(error.of_write()),
                (_, answer) => answer,
            }
        }
    }

    /// Runs statements of a transaction for a tenant, on one connection and each by itself. `next` gives one after
    /// the other, by the rows of the one before, and none at the end. Nothing of them stays where one fails.
    fn transact(
        &self,
        _tenant: &TenantId,
        _next: impl FnMut(Vec<String>) -> Option<Statement> + Send,
    ) -> impl Future<Output = Result<(), DatabaseError>> {
        async { Err(DatabaseError::DriverFailed) }
    }
}

/// Why a statement was not carried out. Never carries the server's text, which may quote values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseError {
    /// No database is configured; the sentence says what to set.
    NotConfigured(&'static str),
    /// The connection string or an option is wrong; the sentence says which.
    ConfigInvalid(String),
    /// The server cannot be reached; the words say how.
    Unavailable(String),
    /// No connection was free for the statement; the words say whose and what to do.
    Exhausted(String),
    /// The connection ended before the statement was answered.
    ConnectionLost,
    /// The driver of JavaScript failed without saying why.
    DriverFailed,
    /// No answer came in time.
    Timeout,
    /// The server cancelled the statement.
    Cancelled,
    /// A write was sent and not answered, for the reason in the words: it may have taken effect.
    OutcomeUnknown(&'static str),
    /// Another transaction or a lack of memory stood in the way, with this SQLSTATE; the same
    /// statement may succeed now.
    Busy(String),
    /// The server has no room on its disk.
    DiskFull,
    /// The server does not accept the user or password.
    AuthenticationFailed,
    /// The schema or table does not exist.
    SchemaMissing,
    /// The tables that tenants share know no such tenant.
    TenantMissing,
    /// A table lacks a column, or has one of another type.
    ColumnMissing,
    /// The function of the tables' triggers belongs to a role that nobody here trusts.
    FunctionUntrusted,
    /// Citus distributes the schema, and would not see what a driver makes there.
    SchemaDistributed,
    /// The database user lacks a privilege.
    PermissionDenied,
    /// The server is a read-only replica, or in recovery.
    ReadOnly,
    /// The driver answered with something other than rows of one text column.
    DriverAnswer,
    /// The server refused the statement for another reason, with this SQLSTATE.
    Refused(String),
}

impl DatabaseError {
    /// Reads a SQLSTATE (PostgreSQL, appendix A).
    pub fn from_sqlstate(state: &str) -> Self {
        match state {
            "3F000" | "42P01" => Self::SchemaMissing,
            "42703" | "42804" | "42883" => Self::ColumnMissing,
            "42501" => Self::PermissionDenied,
            "CGK01" => Self::FunctionUntrusted,
            "CGK02" => Self::SchemaDistributed,
            "25006" => Self::ReadOnly,
            "28P01" | "28000" => Self::AuthenticationFailed,
            "57014" => Self::Cancelled,
            "40001" | "40P01" | "53200" | "55P03" => Self::Busy(state.to_owned()),
            "53100" => Self::DiskFull,
            "3D000" => Self::Unavailable("the database named in it does not exist".to_owned()),
            "53300" => Self::Exhausted(
                "the server has no free connections: raise its limit or that of the role, lower maxConnections, or put a pooler in between".to_owned(),
            ),
            "57P03" => Self::Unavailable("the server is starting up or shutting down".to_owned()),
            "08001" | "08004" => Self::Unavailable("the connection was refused".to_owned()),
            // The session ended, or a pooler lost its own connection.
            "40003" => Self::ConnectionLost,
            _ if state.starts_with("57P") || state.starts_with("08") => Self::ConnectionLost,
            _ if is_sqlstate(state) => Self::Refused(state.to_owned()),
            _ => Self::Refused("unknown reason".to_owned()),
        }
    }

    /// Whether the same statement may succeed at once.
    fn passes(&self) -> bool {
        matches!(self, Self::ConnectionLost | Self::DriverFailed | Self::Busy(_))
    }

    /// What it means for a write that it was not answered.
    pub(crate) fn of_write(self) -> Self {
        match self {
            Self::ConnectionLost => Self::OutcomeUnknown("the connection was lost"),
            Self::DriverFailed => Self::OutcomeUnknown("the driver failed"),
            Self::Timeout => Self::OutcomeUnknown("the database did not answer in time"),
            error => error,
        }
    }

    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(&self) -> &'static str {
        let code = match self {
            Self::NotConfigured(_) => ErrorCode::DatabaseNotConfigured,
            Self::ConfigInvalid(_) => ErrorCode::ConfigInvalid,
            Self::Unavailable(_)
            | Self::Exhausted(_)
            | Self::ConnectionLost
            | Self::DriverFailed => ErrorCode::DatabaseUnavailable,
            Self::Timeout | Self::Cancelled => ErrorCode::DatabaseTimeout,
            Self::OutcomeUnknown(_) => ErrorCode::DatabaseOutcomeUnknown,
            Self::Busy(_) => ErrorCode::DatabaseBusy,
            Self::DiskFull => ErrorCode::DatabaseFull,
            Self::AuthenticationFailed => ErrorCode::DatabaseAuthentication,
            Self::SchemaMissing | Self::TenantMissing => ErrorCode::TenantNotFound,
            Self::ColumnMissing => ErrorCode::SchemaMismatch,
            Self::FunctionUntrusted => ErrorCode::FunctionUntrusted,
            Self::SchemaDistributed => ErrorCode::SchemaDistributed,
            Self::PermissionDenied => ErrorCode::PermissionDenied,
            Self::ReadOnly => ErrorCode::DatabaseReadOnly,
            Self::DriverAnswer => ErrorCode::DriverInvalid,
            Self::Refused(_) => ErrorCode::DatabaseError,
        };
        code.name()
    }
}

fn is_sqlstate(state: &str) -> bool {
    state.len() == 5 && state.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(advice) => f.write_str(advice),
            Self::ConfigInvalid(message) => f.write_str(message),
            Self::Unavailable(reason) => write!(
                f,
                "The database is not available: {reason}. Check POSTGRES_URL and that the server is running",
            ),
            Self::Exhausted(reason) => write!(f, "The database is not available: {reason}"),
            Self::ConnectionLost => f.write_str(
                "The database is not available: the connection was lost. Check that the server is running",
            ),
            Self::DriverFailed => f.write_str(
                "The database is not available: the driver failed. Check its settings and that the server is running",
            ),
            Self::Timeout => f.write_str(
                "The database did not answer in time: look for locks, or raise statementTimeoutMs",
            ),
            Self::Cancelled => f.write_str(
                "The server cancelled the statement and changed nothing: look for locks, or raise its statement_timeout",
            ),
            Self::OutcomeUnknown(reason) => write!(
                f,
                "Whether the change was made is not known: {reason}. Read what is stored before you repeat it",
            ),
            Self::Busy(state) => write!(
                f,
                "The database could not run the statement just now and changed nothing ({state}): repeat the call",
            ),
            Self::DiskFull => f.write_str(
                "The database server has no room on its disk and changed nothing: make room there, then repeat the call",
            ),
            Self::AuthenticationFailed => f.write_str(
                "The database does not let in the user of POSTGRES_URL: the user or password is wrong, or no rule of the server allows them from here, with or without TLS as it was asked for",
            ),
            Self::SchemaMissing | Self::TenantMissing => {
                f.write_str("The schema or one of its tables does not exist")
            }
            Self::ColumnMissing => f.write_str(
                "A credential table lacks a column: run migrateTenant or `cgk-integrations migrate`",
            ),
            Self::FunctionUntrusted => f.write_str(
                "public.update_updated_at_column() belongs to a role that is neither this one nor the owner of the database: its owner could change every credential. Give it another owner (alter function … owner to …)",
            ),
            Self::SchemaDistributed => f.write_str(
                "Citus distributes the tenant's schema, and does not see what a driver makes there: run `cgk-integrations migrate`, which connects by itself",
            ),
            Self::PermissionDenied => {
                f.write_str("The database user lacks a privilege on the tenant's schema or tables")
            }
            Self::ReadOnly => {
                f.write_str("The database is read-only: point POSTGRES_URL at the primary server")
            }
            Self::DriverAnswer => f.write_str(
                "The database driver must answer with rows (or { rows }) of one text column",
            ),
            Self::Refused(state) => write!(f, "The database refused the statement ({state})"),
        }
    }
}

impl std::error::Error for DatabaseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlstates_become_codes() {
        let cases = [
            ("3F000", "TENANT_NOT_FOUND"),
            ("42P01", "TENANT_NOT_FOUND"),
            ("42703", "SCHEMA_MISMATCH"),
            ("42501", "PERMISSION_DENIED"),
            ("25006", "DATABASE_READ_ONLY"),
            ("28P01", "DATABASE_AUTHENTICATION"),
            ("57014", "DATABASE_TIMEOUT"),
            ("40001", "DATABASE_BUSY"),
            ("40P01", "DATABASE_BUSY"),
            ("53200", "DATABASE_BUSY"),
            ("55P03", "DATABASE_BUSY"),
            ("53100", "DATABASE_FULL"),
            ("53300", "DATABASE_UNAVAILABLE"),
            ("08006", "DATABASE_UNAVAILABLE"),
            ("57P01", "DATABASE_UNAVAILABLE"),
            ("23505", "DATABASE_ERROR"),
        ];
        for (state, code) in cases {
            assert_eq!(DatabaseError::from_sqlstate(state).code(), code, "{state}");
        }
    }

    #[test]
    fn an_unknown_sqlstate_cannot_smuggle_text_into_the_message() {
        let error = DatabaseError::from_sqlstate("sk_live_0123456789");
        assert_eq!(error, DatabaseError::Refused("unknown reason".to_owned()));
    }

    #[test]
    fn a_printed_statement_shows_no_parameters() {
        let statement = Statement {
            sql: "select $1".to_owned(),
            params: vec![Some("ciphertext".to_owned())],
            retry: Retry::Safe,
            tenant: None,
        };
        assert!(!format!("{statement:?}").contains("ciphertext"));
    }
}
